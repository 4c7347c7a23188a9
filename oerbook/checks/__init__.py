"""The checks: each looks at the book and its proof and says what it sees; none touches a file or the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from oerbook.checks import (
    citations,
    claims,
    copied,
    external,
    headings,
    licences,
    links,
    people,
    pictures,
    signs,
    tables,
    template,
    typed,
)
from oerbook.evidence import Proof
from oerbook.model import Book, Finding


class Check(Protocol):
    """Looks at a book and yields findings."""

    def __call__(self, book: Book, proof: Proof) -> Iterator[Finding]:
        """Yield what is wrong."""
        ...


CHECKS: dict[str, Check] = {
    "template": template.check,
    "typed": typed.check,
    "headings": headings.check,
    "pictures": pictures.check,
    "tables": tables.check,
    "links": links.check,
    "external": external.check,
    "citations": citations.check,
    "claims": claims.check,
    "licences": licences.check,
    "people": people.check,
    "signs": signs.check,
    "copied": copied.check,
}
OF_ONE_PAGE = ("template", "typed", "headings", "pictures", "tables", "links", "signs")  # these look at no other page
