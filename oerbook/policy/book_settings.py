"""The facts of the book and its licences: a submission adds to the text and leaves them as they are."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book, Chapter, Work
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

ASK = "Put it back; if it has to change, ask an editor, who can take it in with --allow {code}."
FREE = frozenset({"toc"})  # how a book that lists its pages takes a new one in


def check(submission: Submission) -> Iterator[Finding]:
    """Report changed facts on the title page, changed licences, and works reused that are no longer named."""
    index = submission.after.index.path
    licences = [key for key in submission.facts if "license" in key]
    others = [key for key in submission.facts if key not in FREE and key not in licences]
    if licences:
        yield _error("licence-changed", "the licence of the whole book would be another", index)
    if others:
        yield _error("book-changed", f"facts of the whole book would be others: {', '.join(others)}", index)
    now = {page.path: page for page in _pages(submission.after)}
    moved = {c.old_path: c.path for c in submission.changes if c.kind == "renamed"}
    for page in _pages(submission.before):
        later = now.get(moved.get(page.path, page.path))
        if later is None or later.problem or page is submission.before.index:
            continue
        if later.license != page.license:
            words = f"the licence of this chapter would be {later.license or 'the book’s'}, not {page.license or 'the book’s'}"
            yield _error("licence-changed", words, later.path)
        for work in _missing(page.sources, later.sources):
            yield _error(
                "source-removed",
                f"“{work.title or work.source}” would no longer be named as reused, or otherwise than before",
                later.path,
            )


def _missing(before: tuple[Work, ...], after: tuple[Work, ...]) -> list[Work]:
    kept = {(work.title, work.authors, work.source, work.license) for work in after}
    return [w for w in before if (w.title, w.authors, w.source, w.license) not in kept]


def _pages(book: Book) -> Iterator[Chapter]:
    yield from (book.index, *book.chapters)


def _error(code: str, words: str, path: str) -> Finding:
    return Finding(code, words, Place(path), Severity.ERROR, ASK.format(code=code))
