"""How much of somebody's chapter a submission changes: improving is welcome, replacing asks the editor."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission

REWRITTEN = 0.5  # share of a chapter's words that are nowhere in the book any more


def check(submission: Submission) -> Iterator[Finding]:
    """Report the chapters that are changed, with the share of their words that is lost."""
    for change in submission.changes:
        if change.kind not in ("changed", "renamed") or not change.path.endswith((".md", ".ipynb")):
            continue
        if not change.path.startswith("chapters/"):
            continue
        share = f"{change.lost:.0%} of its words"
        if change.lost > REWRITTEN:
            words = f"{share} would be gone: this is another text than the one its authors wrote"
            hint = "Propose a chapter of your own, or ask an editor, who can take it in with --allow chapter-rewritten."
            yield Finding("chapter-rewritten", words, Place(change.path), Severity.ERROR, hint)
        else:
            words = f"a chapter that was there before is changed; {share} are replaced"
            yield Finding("chapter-changed", words, Place(change.path), Severity.INFO)
