"""Tables: without names for their columns nobody can read them aloud."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Proof


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report tables whose columns and rows have no names."""
    for page in proof.pages:
        for table in page.tables:
            if not table.header and table.rows > 1:
                words = "this table names neither its columns nor its rows"
                hint = "Write the names into its first row, or give it :header-rows: 1."
                yield Finding("table-header", words, table.place, Severity.WARNING, hint)
