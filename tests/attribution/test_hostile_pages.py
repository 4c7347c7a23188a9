"""Adversarial pages are read in bounded time: unclosed markup, and texts that match everywhere."""

from __future__ import annotations

import random
import time

import pytest

from tests.support.annotated import History

BEGINNINGS = [
    "{a}`",
    "[^",
    "\\(",
    "](",
    "][",
    "<a ",
    "<!--",
    "$$",
    "$",
    "`",
    "@a",
    "{{",
    "\n[",
    "&a",
    "```{a} ",
    "(a)=",
    ":::{a}\n",
]


@pytest.mark.slow
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_unclosed_markup_is_read_in_linear_time(beginning: str) -> None:
    started = time.process_time()
    History().commit("ada", page=beginning * (200_000 // len(beginning)))
    assert time.process_time() - started < 10


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [1, 2, 3, 300])
def test_repetitive_texts_are_matched_in_bounded_time(kinds: int) -> None:
    rng = random.Random(kinds)
    one, other = (" ".join(f"w{rng.randrange(kinds)}" for _ in range(20_000)) for _ in range(2))
    started = time.process_time()
    history = History()
    history.commit("ada", page=one)
    history.commit("bo", page=other)
    assert time.process_time() - started < 20
