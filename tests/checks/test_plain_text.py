"""Plain text is not searched for the markup of other tools: no pattern could match in it."""

from __future__ import annotations

import random
import string

from oerbook.checks.unrendered_markup import FOREIGN_MARKUP_PATTERNS, PLAIN_TEXT


def test_no_pattern_matches_in_plain_text() -> None:
    dice = random.Random(1)
    signs = [sign for sign in map(chr, range(0x20, 0x3000)) if PLAIN_TEXT.fullmatch(sign) and not sign.isalnum()]
    words = [
        "note",
        "fig",
        "see",
        "alt",
        "ref",
        "toc",
        "begin",
        *string.ascii_letters[:20],
        "1",
        "22",
        " ",
        "\n",
        *signs,
    ]
    for _ in range(3000):
        text = "".join(dice.choices(words, k=40))
        assert PLAIN_TEXT.fullmatch(text)
        assert not [pattern.pattern for pattern, _hint in FOREIGN_MARKUP_PATTERNS if pattern.search(text)], text
