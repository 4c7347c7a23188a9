"""People: names in front matter against the files in `contributors/`, and files that claim the same person."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from oerbook.attribution.identity import is_told_apart
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor
from oerbook.model.proof import Proof
from oerbook.source.people import claims

ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report ids without a file, names that are spelt otherwise than in a person's file, and people with two files."""
    ids = {person.id.casefold() for person in book.people}
    names = {known.casefold(): p for p in book.people for known in (p.name, *p.identities)}
    for page in (book.index, *book.chapters):
        declared = [*page.authors, *page.contributors, *(book.editors if page is book.index else ())]
        for name in dict.fromkeys(d.name for d in declared):
            if name and name.casefold() not in ids and name.casefold() not in names:
                yield from _unknown(proof.declared(page, name), name, ids, names)
    yield from _twice(book)


def _unknown(place: Place, name: str, ids: set[str], names: dict[str, Contributor]) -> Iterator[Finding]:
    if ID.fullmatch(name) and ids and ("-" in name or difflib.get_close_matches(name, ids, 1)):
        close = difflib.get_close_matches(name, ids, 1)
        hint = f"Did you mean {close[0]}?" if close else f'Write the file: oerbook new contributor "{name}"'
        words = f"contributors/{name}.md is not there"
        yield Finding("contributor-unknown", words, place, Severity.WARNING, hint)
        return
    close = difflib.get_close_matches(name.casefold(), list(names), 1, 0.85)
    if close:
        person = names[close[0]]
        words = f"“{name}” is nearly “{person.name}” of {person.place.path}"
        hint = f"If they are one person, write {person.id} here, so that the credit goes to the right file."
        yield Finding("contributor-spelling", words, place, Severity.WARNING, hint)


def _twice(book: Book) -> Iterator[Finding]:
    """Report two files that claim one name or one identity."""
    held: dict[tuple[str, str], Contributor] = {}
    for person in book.people:
        for kind, value in dict.fromkeys(claims(person)):
            first = held.setdefault((kind, value), person)
            if first is not person and not (kind == "name" and is_told_apart(first) and is_told_apart(person)):
                words = f"the {kind} {value} stands in {first.place.path} as well"
                hint = "If they are one person, keep one file and list the other name under identities. "
                hint += "If they are two, tell them apart: github: in both files, or an address under identities."
                yield Finding("contributor-twice", words, person.place, Severity.WARNING, hint)
