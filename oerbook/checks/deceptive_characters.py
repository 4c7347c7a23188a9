"""Find control characters, invisible characters and words of mixed scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput, Passage
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.notebook import cells_as_markdown
from oerbook.text.characters import BIDI_CONTROLS, CONTROL_CHARS, HIDDEN_CHARS, ZERO_WIDTH_IN_WORD
from oerbook.text.confusables import has_mixed_scripts

LONG_WORD_PATTERN = re.compile(r"[^\W\d_]{4,}")


def check(_book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report characters that are invisible, control a terminal, or look like others."""
    for page in check_input.pages:
        text = cells_as_markdown(page.text)[0] if page.path.endswith(".ipynb") else page.text
        for number, line in enumerate(text.split("\n"), start=1):
            yield from _line_findings(page.path, number, line)
        for passage in page.passages:
            yield from _escaped(passage, text)
            for word, index in {
                m[0]: m.start() for m in reversed(list(LONG_WORD_PATTERN.finditer(passage.text)))
            }.items():
                if has_mixed_scripts(word):
                    message = f"the word “{word}” mixes look-alike letters of several scripts"
                    hint = "Type the word again; to search, links and screen readers it is a different word."
                    yield Finding("mixed-script", message, passage.place_at(index), Severity.WARNING, hint)


def _line_findings(path: str, number: int, line: str) -> Iterator[Finding]:
    place = Place(path, number)
    if match := CONTROL_CHARS.search(line):
        message = f"this line contains a control character (U+{ord(match[0]):04X})"
        yield Finding("control-character", message, place, Severity.ERROR, "Delete it.")
    if match := HIDDEN_CHARS.search(line) or ZERO_WIDTH_IN_WORD.search(line):
        char = next(
            c for c in match[0] if not c.isalpha() or unicodedata.category(c)[0] != "L" or HIDDEN_CHARS.match(c)
        )
        message = f"this line contains an invisible character (U+{ord(char):04X})"
        yield Finding("invisible-character", message, place, Severity.WARNING, "Delete it unless it is intended.")


def _escaped(passage: Passage, source: str) -> Iterator[Finding]:
    """Report invisible characters written as entities, such as `&#x202e;`."""
    for code, pattern in (("bidi-character", BIDI_CONTROLS), ("invisible-character", HIDDEN_CHARS)):
        matches = () if passage.text.isascii() else pattern.finditer(passage.text)
        # &shy; is allowed: it is the usual way to write a soft hyphen
        match = next((match for match in matches if match[0] not in source and match[0] != "\u00ad"), None)
        if match:
            message = f"an invisible character (U+{ord(match[0]):04X}) is written as an entity"
            yield Finding(
                code, message, passage.place_at(match.start()), Severity.WARNING, "Delete it unless it is intended."
            )
