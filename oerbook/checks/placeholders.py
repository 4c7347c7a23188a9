"""Text that was meant to be written over: what the template of a new chapter says, and notes to oneself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.proof import Proof
from oerbook.source.templates.new_file import LEFT

FILLER = re.compile(r"\blorem ipsum\b(?![”’»\"'])", re.I)  # a text that tells of it puts it between quotation marks
NOTE = re.compile(r"^\W*(TODO|TBD|FIXME|XXX)\b|\[(TODO|TBD|FIXME)\b[^\]]*\]")
HINT = "Write your own text in its place, or take the line out."


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report text of the template, filler text, and notes that were to be done."""
    begins = {page.path: page.body_line for page in (book.index, *book.chapters)}
    for page in proof.pages:
        for number, line in enumerate(page.text.split("\n")[: begins.get(page.path, 1) - 1], start=1):
            for match in LEFT.finditer(line):
                yield _left(page.path, number, match[1])
        for passage in page.passages:
            for match in LEFT.finditer(passage.text):
                yield _left(page.path, passage.at(match.start()).line, match[1])
            if filler := FILLER.search(passage.text):
                words = "“lorem ipsum” stands where text should be"
                yield Finding("placeholder", words, passage.at(filler.start()), Severity.ERROR, HINT)
            elif note := NOTE.search(passage.text):
                words = f"a note to be done is left here: {passage.text[note.start() :][:60]}"
                yield Finding("note-left", words, passage.at(note.end() - 1), Severity.WARNING, HINT)
    for person in book.people:
        for match in LEFT.finditer(person.biography):
            yield _left(person.place.path, 0, match[1])


def _left(path: str, line: int, words: str) -> Finding:
    message = f"this was to be replaced: {words[:80]}"
    return Finding("placeholder", message, Place(path, line), Severity.ERROR, HINT)
