"""Check names against `contributors/`, and files that claim the same identity."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from oerbook.attribution.identity import declares_identity
from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor
from oerbook.source.people import claimed_identities

CONTRIBUTOR_ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


def check(book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report ids without a file, misspelt names, and people with two files."""
    ids = {person.id.casefold() for person in book.people}
    names = {name.casefold(): person for person in book.people for name in (person.name, *person.identities)}
    for page in (book.index, *book.chapters):
        declared = [*page.authors, *page.contributors, *page.editors, *page.reviewers]
        declared += [*book.editors, *book.reviewers] if page is book.index else []
        for name in dict.fromkeys(person.name for person in declared):
            if name and name.casefold() not in ids and name.casefold() not in names:
                yield from _unknown(check_input.front_matter_place(page, name), name, ids, names)
    yield from _duplicates(book)


def _unknown(place: Place, name: str, ids: set[str], names: dict[str, Contributor]) -> Iterator[Finding]:
    if CONTRIBUTOR_ID.fullmatch(name) and ids and ("-" in name or difflib.get_close_matches(name, ids, 1)):
        close = difflib.get_close_matches(name, ids, 1)
        hint = f"Did you mean {close[0]}?" if close else f'Create the file: oerbook new contributor "{name}"'
        message = f"contributors/{name}.md does not exist"
        yield Finding("contributor-unknown", message, place, Severity.WARNING, hint)
        return
    close = difflib.get_close_matches(name.casefold(), list(names), 1, 0.85)
    if close:
        person = names[close[0]]
        message = f"“{name}” is similar to “{person.name}” in {person.place.path}"
        hint = f"If they are the same person, write {person.id} here, so that the right person gets the credit."
        yield Finding("contributor-spelling", message, place, Severity.WARNING, hint)


def _duplicates(book: Book) -> Iterator[Finding]:
    """Report files that claim the same name or identity."""
    claimed: dict[tuple[str, str], Contributor] = {}
    for person in book.people:
        for kind, value in dict.fromkeys(claimed_identities(person)):
            first = claimed.setdefault((kind, value), person)
            if first is not person and not (kind == "name" and declares_identity(first) and declares_identity(person)):
                message = f"the {kind} {value} is also in {first.place.path}"
                hint = "If they are one person, keep one file and list the other name under identities. If they are "
                hint += "two, add something that differs: github: in both files, or an e-mail address under identities."
                yield Finding("contributor-duplicate", message, person.place, Severity.WARNING, hint)
