"""Check tables: screen readers need header cells."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Severity


def check(_book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report tables without a header row or column."""
    for page in check_input.pages:
        for table in page.tables:
            if not table.has_header and table.rows > 1:
                message = "this table has no header row or column"
                hint = "Put the names of the columns in its first row, or add :header-rows: 1."
                yield Finding("table-header-missing", message, table.place, Severity.WARNING, hint)
