"""Headings: what a reader jumps by, with eyes or with a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Heading, Proof


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report headings without words, sections without text, and sections of one page that are called the same."""
    leads = {part.opener.path for part in book.parts if part.opener} | {book.index.path}
    for page in proof.pages:
        path: list[str] = []
        seen: dict[tuple[str, ...], Heading] = {}
        for place, heading in enumerate(page.headings):
            if not heading.text.strip():
                hint = "Write the words, or take the number signs out."
                yield Finding("heading-empty", "this heading has no words", heading.place, Severity.ERROR, hint)
                continue
            if heading.empty and not (heading.level == 1 and page.path in leads):
                yield _empty(heading, last=place == len(page.headings) - 1)
            path = [*path[: heading.level - 1], heading.text.casefold()]
            first = seen.setdefault(tuple(path), heading)
            if first is not heading:
                where = "" if page.path.endswith(".ipynb") else f" (the first in line {first.place.line})"
                words = f"this page has two sections “{heading.text}”{where}"
                hint = "Give each a name of its own, so that a list of headings tells them apart."
                yield Finding("heading-repeated", words, heading.place, Severity.INFO, hint)


def _empty(heading: Heading, *, last: bool) -> Finding:
    where = "the page ends" if last else "the next heading follows at once"
    words = f"nothing stands below “{heading.text}”: {where}"
    hint = "Write the text, or take the heading out; lists such as {toctree} are not shown, for a book makes its own."
    return Finding("section-empty", words, heading.place, Severity.WARNING, hint)
