"""Weights that are read when a character is met are those of pyuca's whole table."""

from __future__ import annotations

import random

from pyuca import Collator

from oerbook.text.collation import collation_key

SCRIPTS = ((0x20, 0x250), (0x370, 0x530), (0x900, 0x980), (0x1E00, 0x2100), (0x3040, 0x3100), (0x4E00, 0x4E40))


def test_keys_are_those_of_the_whole_table() -> None:
    dice, whole = random.Random(1), Collator()
    chars = [chr(code) for first, end in SCRIPTS for code in range(first, end)]
    texts = ["".join(dice.choices(chars, k=dice.randint(1, 9))).lower() for _ in range(500)]
    for text in texts:
        key = collation_key(text, "und")[0]
        assert collation_key(text, "und")[0] == key
    plain = [text for text in texts if text.isascii()] + ["soil", "water", "wörter", "ἄνθρωπος", "земля"]
    assert [collation_key(text, "und")[0] for text in plain] == [whole.sort_key(text) for text in plain]
