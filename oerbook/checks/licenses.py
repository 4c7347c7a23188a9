"""Licences: each thing reused says under which terms, in a name that everybody can look up."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.licensing.spdx import license_of, meant
from oerbook.model.book import Book, Chapter, Work
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Proof

FREE_WORDS = ("public domain", "own work", "permission", "fair use", "all rights reserved", "copyright", "quotation")


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report works reused without a licence, a licence that nobody knows, or without a way to find them."""
    for page in (book.index, *book.chapters):
        for work in page.sources:
            yield from _declared(page, work, proof)


def _declared(page: Chapter, work: Work, proof: Proof) -> Iterator[Finding]:
    place = proof.declared(page, work.title or work.source)
    name = work.title or work.source or "a work"
    if not work.license:
        words = f"“{name}” is reused, and nothing says under which licence"
        hint = "Add a line to its entry under sources: license: CC-BY-4.0, or say how you may use it."
        yield Finding("source-licence", words, place, Severity.WARNING, hint)
    elif license_of(work.license) is None and not any(w in work.license.casefold() for w in FREE_WORDS):
        close = meant(work.license)
        hint = f"Did you mean {close}?" if close else "Write its SPDX id (spdx.org/licenses), for example CC-BY-4.0."
        words = f"the licence “{work.license}” of “{name}” is not one we know"
        yield Finding("source-licence", words, proof.declared(page, work.license), Severity.WARNING, hint)
    if not work.authors or not work.source:
        lacking = " and ".join(w for w, there in (("authors", work.authors), ("source", work.source)) if not there)
        words = f"“{name}” is reused without its {lacking}"
        hint = "Most licences ask for title, authors, source and licence; add what you know to its entry under sources."
        yield Finding("source-incomplete", words, place, Severity.INFO, hint)
