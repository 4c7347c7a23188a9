"""A pattern of foreign markup is tried only on text with one of its signs: no pattern matches without them."""

from __future__ import annotations

import random
import string

from oerbook.checks.unrendered_markup import FOREIGN_MARKUP_PATTERNS, REQUIRED_SUBSTRINGS

PIECES = [
    *sorted(REQUIRED_SUBSTRINGS), *"[](){}<>:;.,!?=+*~^%$#@|_-/\\'’‘•…", *string.ascii_letters[:12], *"127 \n  ",
    "note", "ref", "alt: ", "toc", "figclass: ", "\\begin{align}", "\\cite{", "smile", "https://", "see ", "lem", ".md",
    "{ref}", "{cite}", "[!note", "{note}", ":ref:", "width=", "TODO", "eq:", "text", "soil", "-----", "\\item ",
]  # fmt: skip


def test_text_without_the_signs_of_a_pattern_does_not_match_it() -> None:
    dice = random.Random(1)
    matched = set()
    for _ in range(20_000):
        text = "".join(dice.choices(PIECES, k=dice.randint(2, 14)))
        for signs, pattern, _hint in FOREIGN_MARKUP_PATTERNS:
            if pattern.search(text):
                matched.add(pattern)
                assert any(sign in text for sign in signs), (pattern.pattern, text)
    assert len(matched) > len(FOREIGN_MARKUP_PATTERNS) / 2
