"""Who committed: everybody in a submission has a file, and signs off where the book asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.bots import login
from oerbook.attribution.identity import shown
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Signature, Submission
from oerbook.policy.commit_identities import is_machine
from oerbook.source.templates.new_file import slug


def check(submission: Submission) -> Iterator[Finding]:
    """Report authors of commits, and co-authors, whom the book does not know, and commits without a sign-off."""
    known = {name.casefold() for p in submission.after.people for name in (p.name, *p.identities)}
    accounts = {person.github.casefold() for person in submission.after.people if person.github}
    committed = (Signature(name, "", "", ()) for name, _commits in submission.authors)
    everybody = (*committed, *submission.signed)
    met = {one.name for one in everybody if login(one.mail) in accounts or is_machine(one, submission)}
    wrote = {name: f"wrote {commits}" for name, commits in submission.authors}
    named = {one.name: "is named as an author" for one in submission.signed if one.role == "author" and one.name}
    for name, part in {**named, **wrote}.items():
        if name.casefold() not in known and name not in met:
            words = f"{shown(name)} {part} and has no file in contributors/"
            yield Finding("author-unknown", words, Place("contributors"), Severity.INFO, _begin(shown(name)))
    if submission.unsigned:
        words = f"these commits are not signed off: {', '.join(submission.unsigned)}"
        hint = "This book asks for it: git commit --amend --signoff, or git rebase --signoff."
        yield Finding("sign-off-missing", words, Place("chapters"), Severity.ERROR, hint)


def _begin(name: str) -> str:
    """Return how somebody gets a file, for people who may have nothing but a browser."""
    file = f"contributors/{slug(name) or 'your-name'}.md"
    return f"Add {file}: a line of three hyphens, name: {name}, three hyphens. If there is a file, add the name to its identities:."
