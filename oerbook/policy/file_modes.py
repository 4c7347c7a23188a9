"""What git may keep of a book: plain files; no links, no repositories within, nothing that can be started."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission


def check(submission: Submission) -> Iterator[Finding]:
    """Report links, submodules and executables that a submission brings."""
    for change in submission.changes:
        place = Place(change.path)
        if change.kind == "removed" or (change.mode == change.old_mode and change.kind != "renamed"):
            continue
        if change.mode == "120000":
            words = "this is a link to another file, wherever that may be"
            yield Finding("file-link", words, place, Severity.ERROR, "Put a copy of the file in its place.")
        elif change.mode == "160000":
            words = "this is another repository inside the book"
            yield Finding("submodule", words, place, Severity.ERROR, "Put the files themselves into chapters/.")
        elif change.mode != "100644":
            words = "this file may be started as a program"
            hint = "Take the permission away: git update-index --chmod=-x FILE"
            yield Finding("file-executable", words, place, Severity.ERROR, hint)
