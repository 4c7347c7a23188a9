"""The order of people in a list: by surname, as the language of the book orders its letters."""

from __future__ import annotations

import unicodedata

from oerbook.metadata.labels import file_as

PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
# Letters that some languages order after z, or after the letter they are built on.
AFTER = {
    "sv": {"å": "z~1", "ä": "z~2", "ö": "z~3"},
    "fi": {"å": "z~1", "ä": "z~2", "ö": "z~3"},
    "da": {"æ": "z~1", "ä": "z~1", "ø": "z~2", "ö": "z~2", "å": "z~3"},
    "nb": {"æ": "z~1", "ä": "z~1", "ø": "z~2", "ö": "z~2", "å": "z~3"},
    "no": {"æ": "z~1", "ä": "z~1", "ø": "z~2", "ö": "z~2", "å": "z~3"},
    "et": {"õ": "w~1", "ä": "w~2", "ö": "w~3", "ü": "w~4"},
    "es": {"ñ": "n~"},
    "pl": {"ą": "a~", "ć": "c~", "ę": "e~", "ł": "l~", "ń": "n~", "ó": "o~", "ś": "s~", "ź": "z~", "ż": "z~~"},
    "cs": {"č": "c~", "ř": "r~", "š": "s~", "ž": "z~"},
    "sk": {"ä": "a~", "č": "c~", "ô": "o~", "š": "s~", "ž": "z~"},
    "tr": {"ç": "c~", "ğ": "g~", "ı": "h~", "ö": "o~", "ş": "s~", "ü": "u~"},
}


def surname_key(name: str, language: str) -> tuple[str, str]:
    """Return what a name is sorted by.

    >>> sorted(["Åsa Öberg", "Bo Zorn", "Cy Ortiz"], key=lambda name: surname_key(name, "sv"))
    ['Cy Ortiz', 'Bo Zorn', 'Åsa Öberg']
    >>> sorted(["Åsa Öberg", "Bo Zorn", "Cy Ortiz"], key=lambda name: surname_key(name, "en"))
    ['Åsa Öberg', 'Cy Ortiz', 'Bo Zorn']
    """
    return _ordered(_filed(name), language), name


def letter(name: str, language: str) -> str:
    """Return the letter that a name stands under; "#" for names that begin with none.

    >>> letter("Åsa Öberg", "sv"), letter("Åsa Öberg", "de"), letter("Zhang 伟", "en"), letter("R2 2000", "en")
    ('Ö', 'O', '伟', 'R')
    >>> letter("007", "en")
    '#'
    """
    first = unicodedata.normalize("NFC", _filed(name).strip().casefold())[:1]
    if first not in AFTER.get(language.split("-")[0], {}):
        first = _ordered(first, language)[:1]
    return first.upper() if first.isalpha() else "#"


def _filed(name: str) -> str:
    """Return a name by its surname; one that ends in a number as it stands."""
    filed = file_as(name)
    return filed if filed[:1].isalpha() else name


def _ordered(words: str, language: str) -> str:
    own = AFTER.get(language.split("-")[0], {})
    signs = (own.get(sign) or _bare(sign) for sign in unicodedata.normalize("NFC", words.casefold()))
    return "".join(signs)


def _bare(sign: str) -> str:
    """Return a letter without its marks."""
    parts = unicodedata.normalize("NFKD", sign.translate(PLAIN))
    return "".join(part for part in parts if not unicodedata.combining(part))
