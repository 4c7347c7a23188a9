"""Check headings, which readers and screen readers navigate by."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput, Heading
from oerbook.model.findings import Finding, Severity


def check(book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report headings without text, empty sections, and repeated section names."""
    opening_pages = {part.opener.path for part in book.parts if part.opener} | {book.index.path}
    for page in check_input.pages:
        section: list[str] = []
        seen: dict[tuple[str, ...], Heading] = {}
        for index, heading in enumerate(page.headings):
            if not heading.text.strip():
                hint = "Write its text, or remove the number signs."
                yield Finding("heading-empty", "this heading has no text", heading.place, Severity.ERROR, hint)
                continue
            if heading.empty and not (heading.level == 1 and page.path in opening_pages):
                yield _empty(heading, last=index == len(page.headings) - 1)
            section = [*section[: heading.level - 1], heading.text.casefold()]
            first = seen.setdefault(tuple(section), heading)
            if first is not heading:
                where = "" if page.path.endswith(".ipynb") else f" (the first in line {first.place.line})"
                message = f"this page has two sections “{heading.text}”{where}"
                hint = "Give each its own name, so that readers can tell them apart in a list of headings."
                yield Finding("heading-duplicate", message, heading.place, Severity.INFO, hint)


def _empty(heading: Heading, *, last: bool) -> Finding:
    reason = "the page ends here" if last else "the next heading follows immediately"
    message = f"the section “{heading.text}” is empty: {reason}"
    hint = "Write its text, or remove the heading. Lists such as {toctree} are not shown: a book makes its own."
    return Finding("section-empty", message, heading.place, Severity.WARNING, hint)
