"""What a submission takes away: chapters, people, figures that the text still shows."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

KEEP = "Put it back; if it has to go, ask an editor, who can take it in with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report chapters, contributors and figures in use that would be gone."""
    moved = {c.old_path: c.path for c in submission.changes if c.kind == "renamed"}
    after = {page.path: page for page in _pages(submission.after)}
    for page in _pages(submission.before):
        now = after.get(moved.get(page.path, page.path))
        if now is None:
            yield _error("chapter-removed", f"the chapter “{page.title}” would no longer be in the book", page.path)
        elif now.problem and not page.problem:
            yield _error(
                "chapter-removed", f"the chapter “{page.title}” could no longer be read: {now.problem}", now.path
            )
        elif now.slug != page.slug:
            words = f"the chapter moves from {page.slug} to {now.slug}: links from outside to it break"
            yield Finding("chapter-renamed", words, Place(now.path), Severity.WARNING, "Keep the name if you can.")
    for change in submission.changes:
        gone = change.old_path if change.kind == "renamed" else change.path if change.kind == "removed" else ""
        if change.kind == "removed" and gone.startswith("contributors/"):
            yield _error("contributor-removed", "this person would lose their file and their credit", gone)
        elif gone.startswith("chapters/") and not gone.endswith((".md", ".ipynb")) and change.used:
            yield _error("figure-removed", "this file would be gone, and the text still uses it", gone)


def _pages(book: Book) -> Iterator[Chapter]:
    yield from (book.index, *book.chapters)


def _error(code: str, words: str, path: str) -> Finding:
    return Finding(code, words, Place(path), Severity.ERROR, KEEP.format(code=code))
