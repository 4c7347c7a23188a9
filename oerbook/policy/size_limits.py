"""How much a submission may weigh: git keeps every byte for ever, and every reader of the history fetches it."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

MOST_OF_A_FILE = 20_000_000  # bytes
MOST_IN_ALL = 60_000_000
MOST_FILES = 300


def check(submission: Submission) -> Iterator[Finding]:
    """Report giant files, and submissions of too many files or bytes."""
    brought = [c for c in submission.changes if c.kind != "removed"]
    for change in brought:
        if change.size > MOST_OF_A_FILE:
            words = f"this file has {change.size / 1e6:.0f} million bytes; everybody who takes part would fetch them"
            hint = "Make it smaller, or link to a place that keeps large files."
            yield Finding("file-large", words, Place(change.path), Severity.ERROR, hint)
    total = sum(change.size for change in brought)
    if total > MOST_IN_ALL or len(brought) > MOST_FILES:
        words = f"the submission changes {len(brought)} files with {total / 1e6:.0f} million bytes"
        hint = "Divide it: a chapter at a time is read with more care."
        yield Finding("submission-large", words, Place("chapters"), Severity.ERROR, hint)
