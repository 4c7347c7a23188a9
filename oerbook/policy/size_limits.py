"""Limit the size of a submission: every clone downloads every byte."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

MAX_FILE_BYTES = 20_000_000  # bytes
MAX_TOTAL_BYTES = 60_000_000
MAX_FILES = 300


def check(submission: Submission) -> Iterator[Finding]:
    """Report large files, and submissions with too many files or bytes."""
    written = [change for change in submission.changes if change.kind != "removed"]
    for change in written:
        if change.size > MAX_FILE_BYTES:
            message = f"this file has {change.size / 1e6:.0f} MB, which every contributor would have to download"
            hint = "Make it smaller, or upload it elsewhere and link to it."
            yield Finding("file-large", message, Place(change.path), Severity.ERROR, hint)
    total = sum(change.size for change in written)
    if total > MAX_TOTAL_BYTES or len(written) > MAX_FILES:
        message = f"the submission changes {len(written)} files with {total / 1e6:.0f} MB"
        hint = "Split it: one chapter at a time is easier to review."
        yield Finding("submission-large", message, Place("chapters"), Severity.ERROR, hint)
