"""Check commit authors: a file in `contributors/` and, if required, a sign-off."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.bots import login
from oerbook.attribution.identity import shown
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Signature, Submission
from oerbook.policy.commit_identities import is_machine
from oerbook.source.templates.new_file import slug


def check(submission: Submission) -> Iterator[Finding]:
    """Report authors without a file in `contributors/`, and missing sign-offs."""
    people = submission.after.people
    names_with_file = {name.casefold() for person in people for name in (person.name, *person.identities)}
    accounts = {person.github.casefold() for person in people if person.github}
    committers = (Signature(name, "", "", ()) for name, _commits in submission.authors)
    needs_no_file = {
        signature.name
        for signature in (*committers, *submission.signed)
        if login(signature.mail) in accounts or is_machine(signature, submission)
    }
    contributions = {
        signature.name: "is named as an author"
        for signature in submission.signed
        if signature.role == "author" and signature.name
    }
    contributions |= {name: f"wrote {commits}" for name, commits in submission.authors}
    for name, contribution in contributions.items():
        if name.casefold() not in names_with_file and name not in needs_no_file:
            message = f"{shown(name)} {contribution} and has no file in contributors/"
            yield Finding("author-unknown", message, Place("contributors"), Severity.INFO, _file_hint(shown(name)))
    if submission.unsigned:
        message = f"these commits are not signed off: {', '.join(submission.unsigned)}"
        hint = "This book requires it: git commit --amend --signoff, or git rebase --signoff."
        yield Finding("sign-off-missing", message, Place("chapters"), Severity.ERROR, hint)


def _file_hint(name: str) -> str:
    """Return how to add a contributor's file, for people who may only have a browser."""
    path = f"contributors/{slug(name) or 'your-name'}.md"
    return (
        f"Add {path} with three lines: ---, name: {name}, ---. "
        "If the person has a file under another name, add this name to its identities."
    )
