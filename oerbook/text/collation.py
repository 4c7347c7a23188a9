"""Alphabetical order by the rules of a language.

The order of all scripts is that of the Unicode Collation Algorithm (https://www.unicode.org/reports/tr10/); what some
languages do otherwise is as in CLDR (https://github.com/unicode-org/cldr/tree/main/common/collation).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from oerbook.text.translations import base_language

if TYPE_CHECKING:
    from collections.abc import Mapping

# Letters that a language sorts after another letter: "c1" is the first behind c.
TAILORINGS: Mapping[str, Mapping[str, str]] = {
    "sv": {"å": "z1", "ä": "z2", "æ": "z2", "ö": "z3", "ø": "z3"},
    "fi": {"å": "z1", "ä": "z2", "æ": "z2", "ö": "z3", "ø": "z3"},
    "da": {"æ": "z1", "ä": "z1", "ø": "z2", "ö": "z2", "å": "z3"},
    "nb": {"æ": "z1", "ä": "z1", "ø": "z2", "ö": "z2", "å": "z3"},
    "no": {"æ": "z1", "ä": "z1", "ø": "z2", "ö": "z2", "å": "z3"},
    "is": {"á": "a1", "ð": "d1", "é": "e1", "í": "i1", "ó": "o1", "ú": "u1", "ý": "y1", "þ": "z1", "æ": "z2",
           "ö": "z3"},
    "et": {"š": "s1", "z": "s2", "ž": "s3", "õ": "w1", "ä": "w2", "ö": "w3", "ü": "w4"},
    "lt": {"č": "c1", "š": "s1", "ž": "z1"},
    "lv": {"č": "c1", "ģ": "g1", "ķ": "k1", "ļ": "l1", "ņ": "n1", "š": "s1", "ž": "z1"},
    "es": {"ñ": "n1"},
    "gl": {"ñ": "n1"},
    "eu": {"ñ": "n1"},
    "pl": {"ą": "a1", "ć": "c1", "ę": "e1", "ł": "l1", "ń": "n1", "ó": "o1", "ś": "s1", "ź": "z1", "ż": "z2"},
    "cs": {"č": "c1", "ch": "h1", "ř": "r1", "š": "s1", "ž": "z1"},
    "sk": {"ä": "a1", "č": "c1", "ch": "h1", "ô": "o1", "š": "s1", "ž": "z1"},
    "hr": {"č": "c1", "ć": "c2", "dž": "d1", "đ": "d2", "lj": "l1", "nj": "n1", "š": "s1", "ž": "z1"},
    "sl": {"č": "c1", "ć": "c2", "đ": "d1", "š": "s1", "ž": "z1"},
    "hu": {"cs": "c1", "dz": "d1", "dzs": "d2", "gy": "g1", "ly": "l1", "ny": "n1", "ö": "o1", "ő": "o1", "sz": "s1",
           "ty": "t1", "ü": "u1", "ű": "u1", "zs": "z1"},
    "ro": {"ă": "a1", "â": "a2", "î": "i1", "ș": "s1", "ş": "s1", "ț": "t1", "ţ": "t1"},
    "sq": {"ç": "c1", "dh": "d1", "ë": "e1", "gj": "g1", "ll": "l1", "nj": "n1", "rr": "r1", "sh": "s1", "th": "t1",
           "xh": "x1", "zh": "z1"},
    "tr": {"ç": "c1", "ğ": "g1", "ı": "h1", "ö": "o1", "ş": "s1", "ü": "u1"},
    "az": {"ç": "c1", "ə": "e1", "ğ": "g1", "ı": "h1", "ö": "o1", "ş": "s1", "ü": "u1"},
    "vi": {"ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1"},
    "cy": {"ch": "c1", "dd": "d1", "ff": "f1", "ng": "g1", "ll": "l1", "ph": "p1", "rh": "r1", "th": "t1"},
}  # fmt: skip
TAILORINGS = {**TAILORINGS, "bs": TAILORINGS["hr"], "nn": TAILORINGS["nb"]}
# Letters that are sorted as others with an accent unless a language says otherwise, as in CLDR's root.
BASE_LETTER_TABLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t"})
LIGATURES = {"œ": "o", "æ": "a"}  # by the letter that they are listed under
MAX_LETTER_CHARS = 3  # characters of the longest letter
CollationKey: TypeAlias = tuple[tuple[int, ...], str]
HEX_DIGITS = frozenset("0123456789ABCDEF")
AFTER_ALL_LETTERS = "\U0010fffd"  # an unassigned code point: https://www.unicode.org/reports/tr10/#Implicit_Weights
KANA_BY_ROW = (
    "あぁいぃうぅえぇおぉゔ", "かきくけこがぎぐげご", "さしすせそざじずぜぞ", "たちつってとだぢづでど", "なにぬねの",
    "はひふへほばびぶべぼぱぴぷぺぽ", "まみむめも", "やゃゆゅよょ", "らりるれろ", "わをん",
)  # fmt: skip
KANA_ROWS = {char: row[0] for row in KANA_BY_ROW for char in row}


def collation_key(text: str, language: str) -> CollationKey:
    """Return the key by which a text is sorted in a language.

    >>> sorted(["zebra", "ölja", "Ort", "ål"], key=lambda text: collation_key(text, "sv"))
    ['Ort', 'zebra', 'ål', 'ölja']
    >>> sorted(["zebra", "Öl", "Ort", "oft"], key=lambda text: collation_key(text, "de"))
    ['oft', 'Öl', 'Ort', 'zebra']
    >>> sorted(["chyba", "hora", "cyklus", "ionty"], key=lambda text: collation_key(text, "cs"))
    ['cyklus', 'hora', 'chyba', 'ionty']
    """
    folded = unicodedata.normalize("NFC", _lower(text, language))
    tailoring = _tailoring(language)
    tailored = "".join(_tailored(letter, tailoring) for letter in _letters(folded, tailoring))
    return _collator().sort_key(tailored), text


def first_letter(text: str, language: str) -> str:
    """Return the letter that a text is listed under, "" if it begins with none.

    >>> first_letter("éclair", "fr"), first_letter("Ärger", "de"), first_letter("ärt", "sv")
    ('E', 'A', 'Ä')
    >>> first_letter("カメ", "ja"), first_letter("흙", "ko"), first_letter("মাটি", "bn"), first_letter("2000", "en")
    ('か', 'ㅎ', 'ম', '')
    """
    folded = unicodedata.normalize("NFC", _lower(text.strip().lstrip("\u200e\u200f"), language))
    letter = next(iter(_letters(folded, _tailoring(language))), "")
    if not letter[:1].isalpha():
        return ""
    if letter not in _tailoring(language):
        letter = _base_letter(letter)
    return "İ" if letter == "i" and base_language(language) in ("tr", "az") else letter.upper()


class _Collator(Protocol):
    """What is used of pyuca, which has no types."""

    def sort_key(self, text: str, /) -> tuple[int, ...]:
        """Return the sort key of a text."""


@cache
def _collator() -> _Collator:
    """Return pyuca's collator; it reads the weights of a character when it first meets it.

    Reading all 36,000 rows of its table takes half a second.
    """
    from pyuca import Collator
    from pyuca.collator import COLL_ELEMENT_PATTERN

    class LazyCollator(Collator):  # type: ignore[misc]  # pyuca has no types
        def load(self, filename: str) -> None:
            self.rows: dict[int, list[str]] = {}  # by their first character
            head = []
            with Path(filename).open(encoding="utf-8") as file:
                for row in file:
                    if row[:1] in HEX_DIGITS:
                        self.rows.setdefault(int(row[: row.index(" ")], 16), []).append(row)
                    elif row.startswith("@implicitweights"):
                        head.append(row.partition(" ")[2].partition("#")[0])
            for row in head:
                ends, base = row.split(";")
                self.implicit_weights.append([int(number, 16) for number in (*ends.split(".."), base)])

        def sort_key(self, text: str) -> tuple[int, ...]:
            for char in unicodedata.normalize("NFD", text):
                for row in self.rows.pop(ord(char), ()):
                    chars, weights = row.partition("#")[0].split(";", 1)
                    elements = [[int(w, 16) for w in m.groups()] for m in COLL_ELEMENT_PATTERN.finditer(weights)]
                    self.table.add([int(code, 16) for code in chars.split()], elements)
            key: tuple[int, ...] = super().sort_key(text)
            return key

    collator: _Collator = LazyCollator()
    return collator


def _tailoring(language: str) -> Mapping[str, str]:
    return TAILORINGS.get(base_language(language), {})


def _lower(text: str, language: str) -> str:
    if base_language(language) in ("tr", "az"):
        text = text.replace("I", "ı").replace("İ", "i")
    return text.lower()


def _letters(text: str, tailoring: Mapping[str, str]) -> list[str]:
    """Return the letters of a text; a language may count two or three characters as one letter."""
    letters, position = [], 0
    while position < len(text):
        size = next((n for n in range(MAX_LETTER_CHARS, 1, -1) if text[position : position + n] in tailoring), 1)
        letters.append(text[position : position + size])
        position += size
    return letters


def _tailored(letter: str, tailoring: Mapping[str, str]) -> str:
    place = tailoring.get(letter)
    return f"{place[0]}{AFTER_ALL_LETTERS}{place[1]}" if place else letter.translate(BASE_LETTER_TABLE)


def _base_letter(char: str) -> str:
    """Return a letter without accents, the first of a ligature; kana by its row, Hangul by its first consonant."""
    hiragana = chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char
    if hiragana in KANA_ROWS:
        return KANA_ROWS[hiragana]
    char = LIGATURES.get(char, char)
    base = unicodedata.normalize("NFD", char.translate(BASE_LETTER_TABLE))[0]
    if "\u1100" <= base <= "\u1112":  # to the letter as it stands alone
        return "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[ord(base) - 0x1100]
    return base
