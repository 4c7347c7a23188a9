"""Encode words and commits as single characters, to compare texts as strings.

A passage of n words is a string of n characters, one per distinct word; its origins are another string of n
characters, one per commit. Slicing, hashing and longest common subsequences then run in C.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

NO_ORIGIN = "\0"  # the origin of a word whose author is not known yet
FIRST_SURROGATE, SURROGATE_COUNT = 0xD800, 0x800  # first and number of the code points that no valid string contains
MAX_CODES = 0x10FFFF - SURROGATE_COUNT


def number_to_char(number: int) -> str:
    """Return the character for a number.

    There are about a million; larger numbers reuse characters.
    """
    code = number % MAX_CODES + 1
    return chr(code if code < FIRST_SURROGATE else code + SURROGATE_COUNT)


def char_to_number(char: str) -> int:
    """Return the number that a character encodes.

    >>> char_to_number(number_to_char(70_000)), char_to_number(number_to_char(0))
    (70000, 0)
    """
    code = ord(char)
    return (code if code < FIRST_SURROGATE else code - SURROGATE_COUNT) - 1


def normalize_word(word: str) -> str:
    """Return a word for comparison: without emphasis marks, case-folded, NFC.

    >>> normalize_word("Na\\u0069\\u0308ve"), normalize_word("Don\\u2019t"), normalize_word("so\\x00il")
    ('naïve', "don't", 'soil')
    """
    if not word.isascii():
        word = unicodedata.normalize("NFC", word).replace("\u2019", "'").replace("\u00ad", "")
    return word.replace("\0", "").casefold()


def common_prefix_length(text: str, start: int, other: str, other_start: int, limit: int) -> int:
    """Return how many characters two texts share from the given offsets on.

    The result is at most `limit`.

    An exponential search: the compared step doubles while it matches and halves when it does not.
    """
    length, step = 0, 4
    while step and length < limit:
        step = min(step, limit - length)
        i, j = start + length, other_start + length
        if text[i : i + step] == other[j : j + step]:
            length += step
            step *= 2
        else:
            limit = length + step - 1
            step //= 2
    return length


def common_suffix_length(text: str, other: str, limit: int) -> int:
    """Return how many characters two texts share at their ends, at most `limit`.

    >>> common_suffix_length("abcd", "xcd", 3)
    2
    """
    length, step = 0, 4
    end, other_end = len(text), len(other)
    while step and length < limit:
        step = min(step, limit - length)
        i, j = end - length, other_end - length
        if text[i - step : i] == other[j - step : j]:
            length += step
            step *= 2
        else:
            limit = length + step - 1
            step //= 2
    return length


class Vocabulary(dict[str, str]):
    """The character of every word seen so far.

    Words that differ only in case or markup share one.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        for word in words:
            self.words[word] = number_to_char(len(self.words))

    def __missing__(self, word: str) -> str:
        plain = normalize_word(word.strip("_'\0"))  # without emphasis and quotation marks around it
        char = self.words.setdefault(plain, number_to_char(len(self.words))) if plain else ""
        self[word] = char
        return char

    def encode(self, words: Iterable[str]) -> str:
        """Return words as a string, one character each; empty words have none."""
        return "".join(map(self.__getitem__, words))
