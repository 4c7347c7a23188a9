"""Protect the book's metadata and licences: submissions change the text only."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Work
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

ASK = "Restore it. If it has to change, an editor can accept it with --allow {code}."
FREE = frozenset({"toc"})  # new pages are added to it, in books that list their pages


def check(submission: Submission) -> Iterator[Finding]:
    """Report changed metadata and licences, and reused works no longer listed."""
    index = submission.after.index.path
    license_keys = [key for key in submission.facts if "license" in key]
    other_keys = [key for key in submission.facts if key not in FREE and key not in license_keys]
    if license_keys:
        yield _error("licence-changed", "the licence of the whole book would change", index)
    if other_keys:
        yield _error("book-changed", f"metadata of the whole book would change: {', '.join(other_keys)}", index)
    new_chapters = {chapter.path: chapter for chapter in (submission.after.index, *submission.after.chapters)}
    moved = {change.old_path: change.path for change in submission.changes if change.kind == "renamed"}
    for old in submission.before.chapters:
        new = new_chapters.get(moved.get(old.path, old.path))
        if new is None or new.problem:
            continue
        if new.license != old.license:
            before, after = (chapter.license or "the book’s" for chapter in (old, new))
            yield _error(
                "licence-changed", f"the licence of this chapter would change from {before} to {after}", new.path
            )
        for work in _missing(old.sources, new.sources):
            message = f"the reused work “{work.title or work.source}” would no longer be listed, or would be changed"
            yield _error("source-removed", message, new.path)


def _missing(before: tuple[Work, ...], after: tuple[Work, ...]) -> list[Work]:
    remaining = {_key(work) for work in after}
    return [work for work in before if _key(work) not in remaining]


def _key(work: Work) -> tuple[str, str, str, str]:
    return work.title, work.authors, work.source, work.license


def _error(code: str, message: str, path: str) -> Finding:
    return Finding(code, message, Place(path), Severity.ERROR, ASK.format(code=code))
