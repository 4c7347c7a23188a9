"""Protect media files: submissions do not replace other people's files."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.identity import display_name
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission
from oerbook.policy.rewrites import MAX_LOST_SHARE

TEXT_SUFFIXES = (".md", ".ipynb", ".bib")
REPLACED_HINT = (
    "Give yours another name. If it is meant to replace this one, an editor can accept it with --allow figure-replaced."
)


def check(submission: Submission) -> Iterator[Finding]:
    """Report media files that would be replaced or changed; people may change their own."""
    for change in submission.changes:
        path = change.old_path or change.path
        if (
            change.kind not in ("changed", "renamed")
            or not path.startswith("chapters/")
            or path.endswith(TEXT_SUFFIXES)
        ):
            continue
        if not change.other_authors:
            if change.kind == "changed":
                message = "this file is changed by the person who added it"
                yield Finding("figure-changed", message, Place(change.path), Severity.INFO)
        elif change.lost_share > MAX_LOST_SHARE:
            names = ", ".join(dict.fromkeys(display_name(name) for name, _mail in change.other_authors))
            message = f"{names} would replace this file, which someone else added"
            yield Finding("figure-replaced", message, Place(change.path), Severity.ERROR, REPLACED_HINT)
        elif change.lost_share or change.kind == "changed":
            message = f"an existing file is changed; {change.lost_share:.0%} of its words are replaced"
            yield Finding("figure-changed", message, Place(change.path), Severity.INFO)
