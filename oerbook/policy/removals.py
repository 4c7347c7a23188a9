"""Report removed chapters, contributors, and media files still in use."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

REMOVED_HINT = "Restore it. If it has to be removed, an editor can accept it with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report chapters, contributors and media files in use that would be removed."""
    moved = {change.old_path: change.path for change in submission.changes if change.kind == "renamed"}
    new_chapters = {chapter.path: chapter for chapter in (submission.after.index, *submission.after.chapters)}
    for old in (submission.before.index, *submission.before.chapters):
        new = new_chapters.get(moved.get(old.path, old.path))
        if new is None:
            yield _error("chapter-removed", f"the chapter “{old.title}” would be removed from the book", old.path)
        elif new.problem and not old.problem:
            message = f"the chapter “{old.title}” could no longer be read: {new.problem}"
            yield _error("chapter-removed", message, new.path)
        elif new.slug != old.slug:
            message = f"the address of the chapter changes from {old.slug} to {new.slug}; external links to it break"
            yield Finding("chapter-renamed", message, Place(new.path), Severity.WARNING, "Keep the name if you can.")
    for change in submission.changes:
        removed = change.old_path if change.kind == "renamed" else change.path if change.kind == "removed" else ""
        if change.kind == "removed" and removed.startswith("contributors/"):
            yield _error("contributor-removed", "this person would lose their file and their credit", removed)
        elif removed.startswith("chapters/") and not removed.endswith((".md", ".ipynb")) and change.is_referenced:
            yield _error("figure-removed", "this file would be removed, and the text still uses it", removed)


def _error(code: str, message: str, path: str) -> Finding:
    return Finding(code, message, Place(path), Severity.ERROR, REMOVED_HINT.format(code=code))
