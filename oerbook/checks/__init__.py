"""Checks of a book: each yields findings and reads no file and no network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from oerbook.checks import (
    citations,
    copied_text,
    deceptive_characters,
    external_links,
    headings,
    images,
    licenses,
    link_text,
    people,
    placeholders,
    tables,
    uncited_claims,
    unrendered_markup,
)
from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding


class Check(Protocol):
    """Yield findings about a book."""

    def __call__(self, book: Book, check_input: CheckInput, /) -> Iterator[Finding]:
        """Yield findings; `check_input` is what Sphinx understood of the pages."""
        ...


CHECKS: dict[str, Check] = {
    "placeholders": placeholders.check,
    "unrendered_markup": unrendered_markup.check,
    "headings": headings.check,
    "images": images.check,
    "tables": tables.check,
    "link_text": link_text.check,
    "external_links": external_links.check,
    "citations": citations.check,
    "uncited_claims": uncited_claims.check,
    "licenses": licenses.check,
    "people": people.check,
    "deceptive_characters": deceptive_characters.check,
    "copied_text": copied_text.check,
}
# These look at each page on its own.
SINGLE_PAGE_CHECKS = (
    "placeholders",
    "unrendered_markup",
    "headings",
    "images",
    "tables",
    "link_text",
    "deceptive_characters",
)
