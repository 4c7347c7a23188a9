"""Check the bibliography: uncited entries and duplicate keys."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Place, Severity


def check(_book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report entries that nothing cites, and keys that two entries share."""
    seen: dict[str, Place] = {}
    for key, place in check_input.bibliography_keys:
        first = seen.setdefault(key.casefold(), place)
        if first is not place:
            message = f"the bibliography has two entries {key} (the first: {first})"
            hint = "Remove one of them, or give it another key."
            yield Finding("citation-duplicate", message, place, Severity.WARNING, hint)
        elif key not in check_input.cited_keys:
            message = f"nothing cites the entry {key}, so it is not in the bibliography of the book"
            yield Finding("citation-unused", message, place, Severity.INFO, "Cite it, or remove it.")
