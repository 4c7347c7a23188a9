"""The bibliography: entries that nothing cites, and keys that are there twice."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.proof import Proof


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report entries without a citation, and keys that two entries share."""
    seen: dict[str, Place] = {}
    for key, place in proof.entries:
        first = seen.setdefault(key.casefold(), place)
        if first is not place:
            words = f"the bibliography has two entries {key} (the other: {first})"
            hint = "Take one of them out, or give it another key."
            yield Finding("citation-twice", words, place, Severity.WARNING, hint)
        elif key not in proof.cited:
            words = f"nothing cites the entry {key}, so it is not in the list of works"
            yield Finding("citation-unused", words, place, Severity.INFO, "Cite it, or take it out.")
