"""Words and commits as single letters, so that texts are compared at the speed of strings.

A passage of n words is a string of n letters, one for each different word; its origins are a string of n letters too,
one for each commit. Slicing, hashing and longest common subsequences then run in C.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

NOBODY = "\0"  # the origin of a word that has none yet
SURROGATES, HOLE = 0xD800, 0x800  # code points that no text may hold
MOST = 0x10FFFF - HOLE


def letter(number: int) -> str:
    """Return the letter that stands for a number from 0 up to a million; beyond that, letters are used again."""
    code = number % MOST + 1
    return chr(code if code < SURROGATES else code + HOLE)


def number(sign: str) -> int:
    """Return the number that a letter stands for.

    >>> number(letter(70_000)), number(letter(0))
    (70000, 0)
    """
    code = ord(sign)
    return (code if code < SURROGATES else code - HOLE) - 1


def normal(word: str) -> str:
    """Return a word as it is compared: without marks of emphasis, in one case, composed.

    >>> normal("Na\\u0069\\u0308ve"), normal("Don\\u2019t"), normal("so\\x00il")
    ('naïve', "don't", 'soil')
    """
    if not word.isascii():
        word = unicodedata.normalize("NFC", word).replace("\u2019", "'").replace("\u00ad", "")
    return word.replace("\0", "").casefold()


class Vocabulary(dict[str, str]):
    """The letter of every word met so far; words that differ in case or markup alone share one."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        for word in words:
            self.words[word] = letter(len(self.words))

    def __missing__(self, word: str) -> str:
        plain = normal(word)
        sign = self.words.setdefault(plain, letter(len(self.words)))
        self[word] = sign
        return sign

    def encode(self, words: Iterable[str]) -> str:
        """Return words as a string of letters."""
        return "".join(map(self.__getitem__, words))
