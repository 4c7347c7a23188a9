"""Protect the book's metadata and licenses: submissions change the text only."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import ReusedWork
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

SETTINGS_HINT = "Restore it. If it has to change, an editor can accept it with --allow {code}."
UNRESTRICTED_KEYS = frozenset({"toc"})  # new pages are added to it, in books that list their pages


def check(submission: Submission) -> Iterator[Finding]:
    """Report changed metadata and licenses, and reused works no longer listed."""
    index = submission.after.index.path
    license_keys = [key for key in submission.changed_settings if "license" in key]
    other_keys = [
        key for key in submission.changed_settings if key not in UNRESTRICTED_KEYS and key not in license_keys
    ]
    if license_keys:
        yield _error("license-changed", "the license of the whole book would change", index)
    if other_keys:
        yield _error(
            "book-metadata-changed", f"metadata of the whole book would change: {', '.join(other_keys)}", index
        )
    new_chapters = {chapter.path: chapter for chapter in (submission.after.index, *submission.after.chapters)}
    moved = {change.old_path: change.path for change in submission.changes if change.kind == "renamed"}
    for old in submission.before.chapters:
        new = new_chapters.get(moved.get(old.path, old.path))
        if new is None or new.problem:
            continue
        if new.license != old.license:
            before, after = (chapter.license or "the book’s" for chapter in (old, new))
            yield _error(
                "license-changed", f"the license of this chapter would change from {before} to {after}", new.path
            )
        for work in _missing(old.reused_works, new.reused_works):
            message = f"the reused work “{work.title or work.source}” would no longer be listed, or would be changed"
            yield _error("source-removed", message, new.path)


def _missing(before: tuple[ReusedWork, ...], after: tuple[ReusedWork, ...]) -> list[ReusedWork]:
    remaining = {_key(work) for work in after}
    return [work for work in before if _key(work) not in remaining]


def _key(work: ReusedWork) -> tuple[str, str, str, str]:
    return work.title, work.authors, work.source, work.license


def _error(code: str, message: str, path: str) -> Finding:
    return Finding(code, message, Place(path), Severity.ERROR, SETTINGS_HINT.format(code=code))
