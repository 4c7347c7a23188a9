"""Pictures and other files beside the text: those of others are not written over."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.identity import shown
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission
from oerbook.policy.rewrites import REWRITTEN

TEXTS = (".md", ".ipynb", ".bib")
ASK = "Give yours another name; if it is the better one, an editor can take it in with --allow figure-replaced."


def check(submission: Submission) -> Iterator[Finding]:
    """Report files beside the text that would be others than before; whoever brought one may better it."""
    for change in submission.changes:
        path = change.old_path or change.path
        if change.kind not in ("changed", "renamed") or not path.startswith("chapters/") or path.endswith(TEXTS):
            continue
        if not change.strangers:
            if change.kind == "changed":
                yield Finding(
                    "figure-changed", "somebody changes a file of their own", Place(change.path), Severity.INFO
                )
        elif change.lost > REWRITTEN:
            who = ", ".join(dict.fromkeys(shown(name) for name, _mail in change.strangers))
            words = f"this file of somebody else would be another ({who} wrote over it)"
            yield Finding("figure-replaced", words, Place(change.path), Severity.ERROR, ASK)
        elif change.lost or change.kind == "changed":
            words = f"a file that was there before is changed; {change.lost:.0%} of its words are replaced"
            yield Finding("figure-changed", words, Place(change.path), Severity.INFO)
