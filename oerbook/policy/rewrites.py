"""Report how much of each chapter a submission replaces, and small changes with both wordings."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

MAX_LOST_SHARE = 0.5  # share of a chapter's words that are no longer anywhere in the book


def check(submission: Submission) -> Iterator[Finding]:
    """Report changed chapters with the share of their words that is lost, and changed passages."""
    for change in submission.changes:
        if change.kind not in ("changed", "renamed") or not change.path.endswith((".md", ".ipynb")):
            continue
        if not change.path.startswith("chapters/"):
            continue
        share = f"{change.lost_share:.0%} of its words"
        if change.lost_share > MAX_LOST_SHARE:
            message = f"{share} would be lost: this replaces the text of the chapter's authors"
            hint = "Submit a chapter of your own. An editor can accept this one with --allow chapter-rewritten."
            yield Finding("chapter-rewritten", message, Place(change.path), Severity.ERROR, hint)
        else:
            message = f"an existing chapter is changed; {share} are replaced"
            yield Finding("chapter-changed", message, Place(change.path), Severity.INFO)
            for line, old, new in change.passages:
                message = f"the wording is changed from “{old}” to “{new}”"
                yield Finding("wording-changed", message, Place(change.path, line), Severity.INFO)
