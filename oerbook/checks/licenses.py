"""Check the licences of reused works: present, and known by their SPDX id."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.licensing.spdx import closest_license, find_license
from oerbook.model.book import Book, Chapter, ReusedWork
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Severity

FREE_TEXT_TERMS = (
    "public domain",
    "own work",
    "permission",
    "fair use",
    "all rights reserved",
    "copyright",
    "quotation",
)


def check(book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report reused works without a licence or with an unknown one."""
    for page in (book.index, *book.chapters):
        for work in page.reused_works:
            yield from _work_findings(page, work, check_input)


def _work_findings(page: Chapter, work: ReusedWork, check_input: CheckInput) -> Iterator[Finding]:
    place = check_input.front_matter_place(page, work.title or work.source)
    name = work.title or work.source or "a work"
    if not work.license:
        message = f"“{name}” is reused, and its licence is not given"
        hint = "Add a line to its entry under sources: license: CC-BY-4.0, or say why you may use it."
        yield Finding("source-license", message, place, Severity.WARNING, hint)
    elif find_license(work.license) is None and not any(term in work.license.casefold() for term in FREE_TEXT_TERMS):
        close = closest_license(work.license)
        hint = f"Did you mean {close}?" if close else "Write its SPDX id (spdx.org/licenses), for example CC-BY-4.0."
        message = f"the licence “{work.license}” of “{name}” is not known"
        yield Finding(
            "source-license", message, check_input.front_matter_place(page, work.license), Severity.WARNING, hint
        )
    if not work.authors or not work.source:
        missing = " and ".join(key for key, value in (("authors", work.authors), ("source", work.source)) if not value)
        message = f"the {missing} of the reused work “{name}” is not given"
        hint = "Most licences require title, authors, source and licence: add them to its entry under sources."
        yield Finding("source-incomplete", message, place, Severity.INFO, hint)
