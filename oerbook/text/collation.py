"""Put words into the alphabetical order of a language."""

from __future__ import annotations

import unicodedata

from oerbook.text.translations import base_language

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


def collation_key(text: str, language: str) -> tuple[str, str]:
    """Return the sort key of a word: its letters, then its accents.

    >>> sorted(["zoo", "eee", "été", "œuvre", "écart", "orge"], key=lambda word: collation_key(word, "fr"))
    ['écart', 'eee', 'été', 'œuvre', 'orge', 'zoo']
    >>> sorted(["Öl", "Zorn", "Oma"], key=lambda word: collation_key(word, "sv"))
    ['Oma', 'Zorn', 'Öl']
    """
    folded = unicodedata.normalize("NFC", text.casefold())
    special = COLLATION.get(base_language(language), {})
    return "".join(special.get(char) or _strip_accents(char) for char in folded), folded


def first_letter(text: str, language: str) -> str:
    """Return the capital that a word is listed under, "" if it begins with no letter.

    >>> [first_letter(word, "es") for word in ("ñandú", "éxito", "42")]
    ['Ñ', 'E', '']
    """
    first = unicodedata.normalize("NFC", text.strip().casefold())[:1]
    if first not in COLLATION.get(base_language(language), {}):
        first = _strip_accents(first)[:1]
    return first.upper() if first.isalpha() else ""


def _strip_accents(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char.translate(BASE_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))
