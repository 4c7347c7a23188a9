"""Accuracy on generated histories, and the same results from partial and damaged caches."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.source.book import read_book
from oerbook.tasks.credits.authorship import compute_authorship
from tests.benchmarks.attribution import accuracy, git, mixed, ours
from tests.support.histories import Writer


@pytest.mark.slow
@pytest.mark.parametrize("judge", [accuracy, mixed])
def test_words_are_credited_to_the_right_people(
    tmp_path: Path, judge: Callable[[int, Path], tuple[float, float, int]]
) -> None:
    rows = [judge(seed, tmp_path) for seed in range(1, 6)]
    mine = [right for right, _blame, _words in rows]
    assert sum(mine) / len(mine) >= 0.99
    assert min(mine) >= 0.985
    assert all(right > blame for right, blame, _words in rows)


@pytest.mark.slow
def test_cached_credits_equal_those_of_a_first_run(tmp_path: Path) -> None:
    writer = Writer(11, commits=120).make()
    root = writer.write(tmp_path / "history")
    commits = git(root, "rev-list", "--reverse", "HEAD").split()
    for sha in [commits[40], commits[41], commits[80], commits[-1]]:
        git(root, "reset", "-q", "--hard", sha)
        kept = ours(root, tmp_path / "work")
        assert kept == ours(root, tmp_path / f"fresh-{sha}")
    git(root, "reset", "-q", "--hard", commits[60])  # back in time: what is kept does not fit
    assert ours(root, tmp_path / "work") == ours(root, tmp_path / "fresh")


def test_credits_are_the_same_with_a_damaged_cache(tmp_path: Path) -> None:
    root = Writer(3, commits=30).make().write(tmp_path / "history")
    expected, work = ours(root, tmp_path / "work"), tmp_path / "work"
    kept = work / "state" / "credits.pickle"
    data = kept.read_bytes()
    for cut in (0, 1, len(data) // 2, len(data) - 1):
        kept.write_bytes(data[:cut])
        assert ours(root, work) == expected
    noise = bytearray(data)
    random.Random(1).shuffle(noise)
    kept.write_bytes(bytes(noise))
    assert ours(root, work) == expected
    shutil.rmtree(work)
    assert ours(root, work) == expected


def test_totals_are_the_number_of_words(tmp_path: Path) -> None:
    root = Writer(5, commits=60).make().write(tmp_path / "history")
    book, _ = read_book(root)
    found = compute_authorship(book, tmp_path / "work").credits
    assert sum(one.words for one in found.book) == pytest.approx(found.words, abs=0.01 * len(found.book))
    assert sum(one.share for one in found.book) == pytest.approx(1)
