"""Limit the size of a submission: every clone downloads every byte."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

MOST_OF_A_FILE = 20_000_000  # bytes
MOST_IN_ALL = 60_000_000
MOST_FILES = 300


def check(submission: Submission) -> Iterator[Finding]:
    """Report large files, and submissions with too many files or bytes."""
    written = [change for change in submission.changes if change.kind != "removed"]
    for change in written:
        if change.size > MOST_OF_A_FILE:
            message = f"this file has {change.size / 1e6:.0f} MB, which every contributor would have to download"
            hint = "Make it smaller, or upload it elsewhere and link to it."
            yield Finding("file-large", message, Place(change.path), Severity.ERROR, hint)
    total = sum(change.size for change in written)
    if total > MOST_IN_ALL or len(written) > MOST_FILES:
        message = f"the submission changes {len(written)} files with {total / 1e6:.0f} MB"
        hint = "Split it: one chapter at a time is easier to review."
        yield Finding("submission-large", message, Place("chapters"), Severity.ERROR, hint)
