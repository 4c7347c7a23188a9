"""Write records of a book for catalogs, repositories and citation managers."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.metadata.records import RECORDS
from oerbook.metadata.records.facts import collect_facts
from oerbook.source.book import read_book
from oerbook.tasks.build.build import book_timestamp
from oerbook.tasks.credits.authorship import compute_authorship_below


def record_text(root: Path, out: Path, kind: str) -> str:
    """Return a record of the book at `root`; `out` is the folder of its cache.

    Raises OerbookError if there is no such kind of record.
    """
    if kind not in RECORDS:
        close = difflib.get_close_matches(kind, RECORDS, 1)
        hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(RECORDS)}."
        raise OerbookError(f"there is no record of the kind “{kind}”", hint=hint)
    book, _findings = read_book(root)
    book = replace(book, credits=compute_authorship_below(book, out).credits)
    return RECORDS[kind].write(collect_facts(book, book_timestamp(book)))
