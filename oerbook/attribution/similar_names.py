"""Find people whose names look like variants of one name; an editor decides whether they are one person.

Nothing is merged here: two relatives may share a surname and an initial.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from unicodedata import combining, normalize

SURNAME_PARTICLES = frozenset(
    ("de", "del", "della", "den", "der", "di", "do", "dos", "du", "da", "das", "la", "le", "van", "von", "zu", "zum",
     "zur", "ter", "ten", "af", "av", "bin", "ibn", "el", "al", "o", "mac", "mc")
)  # fmt: skip
NAME_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "phd", "dr", "prof", "md"))
# Short forms that do not follow the letters of the long one.
SHORT_FORMS: Mapping[str, frozenset[str]] = {
    "bob": frozenset({"robert"}),
    "bill": frozenset({"william"}),
    "dick": frozenset({"richard"}),
    "jack": frozenset({"john"}),
    "jim": frozenset({"james"}),
    "kate": frozenset({"katherine", "catherine", "kathryn"}),
    "liz": frozenset({"elizabeth"}),
    "mike": frozenset({"michael"}),
    "nick": frozenset({"nicholas", "nicolas", "nikolaus"}),
    "peggy": frozenset({"margaret"}),
    "pepe": frozenset({"jose"}),
    "sasha": frozenset({"alexander", "alexandra"}),
    "tony": frozenset({"anthony", "antonio"}),
}
MIN_NAME_LETTERS = 5  # of two names that are compared without their spaces
MIN_SURNAME_LETTERS = 7  # of one that is an account name by itself: shorter ones are shared by many people
LETTERS = re.compile(r"[^\W\d_]+")


def group_similar(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return groups of names that may belong to one person, each in the order given, sorted.

    All full names of a group are similar to each other, and account names to one of them. A name that fits two groups
    is in both.

    >>> group_similar(["Ada Lee", "Tom Ek", "Bo Ek", "A. Lee", "Thomas J. Ek"])
    [('Ada Lee', 'A. Lee'), ('Tom Ek', 'Thomas J. Ek')]
    """
    given = list(dict.fromkeys(names))
    groups: list[list[str]] = []
    for name in sorted(given, key=lambda n: (" " in n, len(n)), reverse=True):  # what may fit several groups last
        fitting = [group for group in groups if _fits(name, group)]
        for group in fitting:
            group.append(name)
        groups += [] if fitting else [[name]]
    return sorted(tuple(sorted(group, key=given.index)) for group in groups if len(group) > 1)


def _fits(name: str, group: Sequence[str]) -> bool:
    similar = [are_similar(name, other) for other in group]
    return all(similar) if " " in name else any(similar)


def are_similar(name: str, other: str) -> bool:
    """Return whether two names may be spellings of one person's name.

    >>> are_similar("Kim De Ruyck", "kimderuyck"), are_similar("Lee, Ada", "Ada Lee"), are_similar("Jo Ek", "Al Ek")
    (True, True, False)
    """
    words, other_words = _words(name), _words(other)
    letters, other_letters = "".join(words), "".join(other_words)
    if len(letters) >= MIN_NAME_LETTERS and (letters == other_letters or sorted(words) == sorted(other_words)):
        return True
    if len(words) > 1 and len(other_words) > 1:
        return _is_same_surname(words, other_words) and _are_given_names_compatible(words, other_words)
    full, handle = (words, other_letters) if len(words) > 1 else (other_words, letters)
    return len(full) > 1 and len(handle) >= MIN_NAME_LETTERS and handle in _handles(full)


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name in the order "given surname", in lower case, without accents and titles."""
    surname, comma, given = name.partition(",")
    ordered = f"{given} {surname}" if comma and _letters(given) not in NAME_SUFFIXES else name
    plain = "".join(char for char in normalize("NFKD", ordered) if not combining(char))
    words = tuple(word.casefold() for word in LETTERS.findall(plain))
    return tuple(word for word in words if word not in NAME_SUFFIXES) or words


def _letters(text: str) -> str:
    return "".join(LETTERS.findall(text.casefold()))


def _split(words: Sequence[str]) -> tuple[Sequence[str], str]:
    """Return the given names, and the surname with its particles as one word."""
    start = len(words) - 1
    while start > 1 and words[start - 1] in SURNAME_PARTICLES:
        start -= 1
    return words[:start], "".join(words[start:])


def _is_same_surname(words: Sequence[str], other: Sequence[str]) -> bool:
    return _split(words)[1] == _split(other)[1]


def _are_given_names_compatible(words: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether the first names, and the second ones if both have some, may be the same."""
    given, other_given = _split(words)[0], _split(other)[0]
    return all(_is_short_form(*sorted(pair, key=len)) for pair in zip(given, other_given, strict=False))


def _is_short_form(short: str, long: str) -> bool:
    """Return whether one given name is the other, its initial or a short form of it.

    >>> _is_short_form("tom", "thomas"), _is_short_form("t", "thomas"), _is_short_form("jon", "james")
    (True, True, False)
    """
    if short == long or (len(short) == 1 and long.startswith(short)):
        return True
    if short in SHORT_FORMS:
        return long in SHORT_FORMS[short]
    rest = iter(long)
    return len(short) > 2 and short[0] == long[0] and all(char in rest for char in short)


def _handles(words: Sequence[str]) -> frozenset[str]:
    """Return account names that people with this name choose."""
    given, surname = _split(words)
    initials = "".join(word[0] for word in given)
    first = given[0]
    stems = {first + surname, surname + first, first[0] + surname, surname + first[0], initials + surname}
    alone = {surname} if len(surname) >= MIN_SURNAME_LETTERS else set()
    return frozenset({*stems, *alone, "".join(words)})
