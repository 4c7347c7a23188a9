"""Who committed: everybody in a submission has a file, and signs off where the book asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.identity import shown
from oerbook.evidence import Submission
from oerbook.model import Finding, Place, Severity


def check(submission: Submission) -> Iterator[Finding]:
    """Report authors of commits whom the book does not know, and commits without a sign-off."""
    known = {name.casefold() for p in submission.after.people for name in (p.name, *p.identities)}
    for name, commits in submission.authors:
        if name.casefold() not in known:
            words = f"{shown(name)} wrote {commits} and has no file in contributors/"
            hint = "Add one (oerbook new contributor NAME), or add the name to identities: in the person's file."
            yield Finding("author-unknown", words, Place("contributors"), Severity.INFO, hint)
    if submission.unsigned:
        words = f"these commits are not signed off: {', '.join(submission.unsigned)}"
        hint = "This book asks for it: git commit --amend --signoff, or git rebase --signoff."
        yield Finding("sign-off-missing", words, Place("chapters"), Severity.ERROR, hint)
