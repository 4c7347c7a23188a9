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


def common(one: str, i: int, other: str, j: int, most: int) -> int:
    """Return how many letters two texts share from places on, at most `most`; comparisons grow and shrink by halves."""
    length, step = 0, 4
    while step and length < most:
        step = min(step, most - length)
        if one[i + length : i + length + step] == other[j + length : j + length + step]:
            length += step
            step *= 2
        else:
            most = length + step - 1
            step //= 2
    return length


def common_end(one: str, other: str, most: int) -> int:
    """Return how many letters two texts share at their ends, at most `most`.

    >>> common_end("abcd", "xcd", 3)
    2
    """
    length, step = 0, 4
    i, j = len(one), len(other)
    while step and length < most:
        step = min(step, most - length)
        if one[i - length - step : i - length] == other[j - length - step : j - length]:
            length += step
            step *= 2
        else:
            most = length + step - 1
            step //= 2
    return length


class Vocabulary(dict[str, str]):
    """The letter of every word met so far; words that differ in case or markup alone share one."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        for word in words:
            self.words[word] = letter(len(self.words))

    def __missing__(self, word: str) -> str:
        plain = normal(word.strip("_'\0"))  # what clings to it
        sign = self.words.setdefault(plain, letter(len(self.words))) if plain else ""
        self[word] = sign
        return sign

    def encode(self, words: Iterable[str]) -> str:
        """Return words as a string of letters; what is no word has none."""
        return "".join(map(self.__getitem__, words))
