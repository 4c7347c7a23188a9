"""The checks: each looks at the book and its proof and says what it sees; none touches a file or the network."""

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
from oerbook.model.findings import Finding
from oerbook.model.proof import Proof


class Check(Protocol):
    """Looks at a book and yields findings."""

    def __call__(self, book: Book, proof: Proof) -> Iterator[Finding]:
        """Yield what is wrong."""
        ...


CHECKS: dict[str, Check] = {
    "template": placeholders.check,
    "typed": unrendered_markup.check,
    "headings": headings.check,
    "pictures": images.check,
    "tables": tables.check,
    "links": link_text.check,
    "external": external_links.check,
    "citations": citations.check,
    "claims": uncited_claims.check,
    "licences": licenses.check,
    "people": people.check,
    "signs": deceptive_characters.check,
    "copied": copied_text.check,
}
OF_ONE_PAGE = ("template", "typed", "headings", "pictures", "tables", "links", "signs")  # these look at no other page
