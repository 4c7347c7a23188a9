"""Number headings of the same text without trying every number again for each of them.

Written for MyST-Parser 5.2, which counts from 1 for each heading, so that 10,000 equal headings take minutes:
https://github.com/executablebooks/MyST-Parser/blob/v5.2.0/myst_parser/slugs.py
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from myst_parser.mdit_to_docutils import base

from oerbook.document.context.build_context import BuildContext

# The slugs of the page that is being read, and by slug the first number that may be free.
_page: list[tuple[Container[str], dict[str, int]]] = []


def install(_context: BuildContext) -> None:
    """Replace the function that numbers slugs."""
    _page.clear()
    module: Any = base
    module.unique_slug = unique_slug


def unique_slug(slug: str, existing: Container[str]) -> str:
    """Return the slug, with -1, -2, … if the page has it already, as MyST does. Slugs are only ever added to a page."""
    if not _page or _page[0][0] is not existing:
        _page[:] = [(existing, {})]
    first_numbers = _page[0][1]
    unique, number = slug, first_numbers.get(slug, 1)
    if slug in first_numbers:
        unique = f"{slug}-{number}"
        number += 1
    while unique in existing:
        unique = f"{slug}-{number}"
        number += 1
    if unique != slug:
        first_numbers[slug] = number - 1
    return unique
