"""Divide a text that names several people, as journals print them, into names."""

from __future__ import annotations

import re

AND_WORD_PATTERN = r"(?:and|und|et|och|og|en|y|&)"
NAME_SEPARATOR = re.compile(
    rf"\s*;\s*(?:{AND_WORD_PATTERN}\s+)?|\s*,\s+{AND_WORD_PATTERN}\s+|\s+{AND_WORD_PATTERN}\s+|\s*,\s+", re.I
)
SURNAME_PARTICLES = r"(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|zu|bin|ibn|al|el|af|av)"
NAME_WORD = rf"(?:(?:[^\W\d_a-z][\w’'.-]*|{SURNAME_PARTICLES}|[a-z]{{1,2}}[’'][^\W\d_a-z]\w*))"
PERSON_NAME = re.compile(rf"{NAME_WORD}(?:\s+{NAME_WORD}){{1,4}}")
ORGANISATION_WORD = re.compile(
    r"\b(?:universit|societ|institut|team|group|press|department|college|school|associat|foundation|project|communit"
    r"|contributor|lab\b|centre|center|committee|council|network|consortium|ministry|agency|office|verein|stiftung)",
    re.I,
)
# As in BibTeX: Roe, Jane
SURNAME_FIRST = re.compile(rf"((?:{SURNAME_PARTICLES} )*[^\W\d_][\w'’-]+), ([^\W\d_][\w.'’ -]*)")


def split_names_of_people(text: str) -> list[str]:
    """Return the names of several people; a text that may be one name stays as it is.

    >>> split_names_of_people("Jane Roe, John van Doe and Ann Author")
    ['Jane Roe', 'John van Doe', 'Ann Author']
    >>> [split_names_of_people(text) for text in ("Roe, Jane", "The Soil and Water Society", "Ann Lee, PhD")]
    [['Roe, Jane'], ['The Soil and Water Society'], ['Ann Lee, PhD']]
    >>> split_names_of_people("Ann Lee, PhD and Bo Ray, MD")
    ['Ann Lee, PhD and Bo Ray, MD']
    >>> split_names_of_people("Roe, Jane; Doe, John")
    ['Roe, Jane', 'Doe, John']
    >>> split_names_of_people("Roe, Jane and Doe, John")
    ['Jane Roe', 'John Doe']
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > 1:
        return [name for part in parts for name in split_names_of_people(re.sub(rf"^{AND_WORD_PATTERN}\s+", "", part))]
    inverted = [SURNAME_FIRST.fullmatch(part) for part in re.split(rf"\s+{AND_WORD_PATTERN}\s+", text.strip())]
    if len(inverted) > 1 and all(inverted):
        return [f"{match[2]} {match[1]}" for match in inverted if match]
    names = [name for name in NAME_SEPARATOR.split(text.strip()) if name]
    if len(names) > 1 and all(PERSON_NAME.fullmatch(name) and not ORGANISATION_WORD.search(name) for name in names):
        return names
    return [text]
