"""Sort people by surname, in the alphabetical order of the book's language."""

from __future__ import annotations

from oerbook.metadata.labels import sort_name
from oerbook.text.collation import collation_key, first_letter


def surname_sort_key(name: str, language: str) -> tuple[tuple[int, ...], str]:
    """Return the sort key of a name.

    >>> sorted(["Åsa Öberg", "Bo Zorn", "Cy Ortiz"], key=lambda name: surname_sort_key(name, "sv"))
    ['Cy Ortiz', 'Bo Zorn', 'Åsa Öberg']
    >>> sorted(["Åsa Öberg", "Bo Zorn", "Cy Ortiz"], key=lambda name: surname_sort_key(name, "en"))
    ['Åsa Öberg', 'Cy Ortiz', 'Bo Zorn']
    """
    return collation_key(_surname_first(name), language)[0], name


def index_letter(name: str, language: str) -> str:
    """Return the letter that a name is listed under, "#" if it begins with none.

    >>> [index_letter("Åsa Öberg", language) for language in ("sv", "de")]
    ['Ö', 'O']
    >>> [index_letter(name, "en") for name in ("Zhang 伟", "R2 2000")]
    ['伟', 'R']
    >>> index_letter("007", "en")
    '#'
    """
    return first_letter(_surname_first(name), language) or "#"


def _surname_first(name: str) -> str:
    """Return a name with its surname first, unless it ends in a number."""
    inverted = sort_name(name)
    return inverted if inverted[:1].isalpha() else name
