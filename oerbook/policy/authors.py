"""Check commit authors: a file in `contributors/` and, if required, a sign-off."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.bots import github_login
from oerbook.attribution.identity import display_name
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import CommitIdentity, Submission
from oerbook.policy.commit_identities import is_signature_of_program
from oerbook.text.slugs import slugify


def check(submission: Submission) -> Iterator[Finding]:
    """Report authors without a file in `contributors/`, and missing sign-offs."""
    people = submission.after.people
    names_with_file = {name.casefold() for person in people for name in (person.name, *person.identities)}
    accounts = {person.github.casefold() for person in people if person.github}
    committers = (CommitIdentity(name, "", "", ()) for name, _commits in submission.authors)
    needs_no_file = {
        signature.name
        for signature in (*committers, *submission.commit_identities)
        if github_login(signature.email) in accounts or is_signature_of_program(signature, submission)
    }
    contributions = {
        signature.name: "is named as an author"
        for signature in submission.commit_identities
        if signature.role == "author" and signature.name
    }
    contributions |= {name: f"wrote {commits}" for name, commits in submission.authors}
    for name, contribution in contributions.items():
        if name.casefold() not in names_with_file and name not in needs_no_file:
            message = f"{display_name(name)} {contribution} and has no file in contributors/"
            yield Finding(
                "contributor-file-missing",
                message,
                Place("contributors"),
                Severity.INFO,
                _file_hint(display_name(name)),
            )
    if submission.unsigned_commits:
        message = f"these commits are not signed off: {', '.join(submission.unsigned_commits)}"
        hint = "This book requires it: git commit --amend --signoff, or git rebase --signoff."
        yield Finding("sign-off-missing", message, Place("chapters"), Severity.ERROR, hint)


def _file_hint(name: str) -> str:
    """Return how to add a contributor's file, for people who may only have a browser."""
    path = f"contributors/{slugify(name) or 'your-name'}.md"
    return (
        f"Add {path} with three lines: ---, name: {name}, ---. "
        "If the person has a file under another name, add this name to its identities."
    )
