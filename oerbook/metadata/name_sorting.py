"""Sort people by surname, in the alphabetical order of the book's language."""

from __future__ import annotations

import unicodedata

from oerbook.metadata.labels import sort_name

BASE_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
# Letters that some languages sort after z, or after their base letter. "~" sorts after every ASCII letter.
COLLATION = {
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


def surname_sort_key(name: str, language: str) -> tuple[str, str]:
    """Return the sort key of a name.

    >>> sorted(["Åsa Öberg", "Bo Zorn", "Cy Ortiz"], key=lambda name: surname_sort_key(name, "sv"))
    ['Cy Ortiz', 'Bo Zorn', 'Åsa Öberg']
    >>> sorted(["Åsa Öberg", "Bo Zorn", "Cy Ortiz"], key=lambda name: surname_sort_key(name, "en"))
    ['Åsa Öberg', 'Cy Ortiz', 'Bo Zorn']
    """
    return _collation_key(_surname_first(name), language), name


def index_letter(name: str, language: str) -> str:
    """Return the letter that a name is listed under, "#" if it begins with none.

    >>> [index_letter("Åsa Öberg", language) for language in ("sv", "de")]
    ['Ö', 'O']
    >>> [index_letter(name, "en") for name in ("Zhang 伟", "R2 2000")]
    ['伟', 'R']
    >>> index_letter("007", "en")
    '#'
    """
    first = unicodedata.normalize("NFC", _surname_first(name).strip().casefold())[:1]
    if first not in COLLATION.get(language.split("-")[0], {}):
        first = _collation_key(first, language)[:1]
    return first.upper() if first.isalpha() else "#"


def _surname_first(name: str) -> str:
    """Return a name with its surname first, unless it ends in a number."""
    inverted = sort_name(name)
    return inverted if inverted[:1].isalpha() else name


def _collation_key(text: str, language: str) -> str:
    special = COLLATION.get(language.split("-")[0], {})
    chars = unicodedata.normalize("NFC", text.casefold())
    return "".join(special.get(char) or _strip_accents(char) for char in chars)


def _strip_accents(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char.translate(BASE_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))
