"""Find placeholders: text of the chapter template, filler text, TODO notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.templates.new_file import placeholder_pattern

FILLER_TEXT = re.compile(r"\blorem ipsum\b(?![”’»\"'])", re.I)  # not when it is quoted
TODO_NOTE = re.compile(r"^\W*(TODO|TBD|FIXME|XXX)\b|\[(TODO|TBD|FIXME)\b[^\]]*\]")
REPLACE_HINT = "Replace it with your own text, or remove the line."


def check(book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report text of the template, filler text and TODO notes."""
    body_lines = {page.path: page.body_line for page in (book.index, *book.chapters)}
    for page in check_input.pages:
        for number, line in enumerate(page.text.split("\n")[: body_lines.get(page.path, 1) - 1], start=1):
            for match in placeholder_pattern().finditer(line):
                yield _placeholder(page.path, number, match[1])
        for passage in page.passages:
            for match in placeholder_pattern().finditer(passage.text):
                yield _placeholder(page.path, passage.place_at(match.start()).line, match[1])
            if filler := FILLER_TEXT.search(passage.text):
                message = "“lorem ipsum” is filler text"
                yield Finding("placeholder", message, passage.place_at(filler.start()), Severity.ERROR, REPLACE_HINT)
            elif note := TODO_NOTE.search(passage.text):
                message = f"a TODO note is left: {passage.text[note.start() :][:60]}"
                yield Finding("todo-left", message, passage.place_at(note.end() - 1), Severity.WARNING, REPLACE_HINT)
    for person in book.people:
        for match in placeholder_pattern().finditer(person.biography):
            yield _placeholder(person.place.path, 0, match[1])


def _placeholder(path: str, line: int, text: str) -> Finding:
    message = f"this placeholder was not replaced: {text[:80]}"
    return Finding("placeholder", message, Place(path, line), Severity.ERROR, REPLACE_HINT)
