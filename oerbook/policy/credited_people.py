"""Name everybody whom the commits of a submission credit, and who wrote none of them: a trailer is a claim."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.identity import display_name
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import CommitIdentity, Submission

MAX_LISTED_COMMITS = 3
ROLE_PHRASES = {"author": "a co-author"}
REVIEWER_HINT = (
    "It does not count: name the reviewers with oerbook merge --reviewed-by, or under reviewers: in the front matter."
)


def check(submission: Submission) -> Iterator[Finding]:
    """Report people named in trailers who are no committers of the submission."""
    for person in submission.credited:
        name = display_name(person.name) or "somebody without a name"
        if person.role == "reviewer":
            message = f"{_commits(person)} {name} as a reviewer"
            yield Finding("credit-claimed", message, Place("chapters"), Severity.WARNING, REVIEWER_HINT)
            continue
        article = "an" if person.role[:1] in "aeiou" else "a"
        message = f"{_commits(person)} {name} as {ROLE_PHRASES.get(person.role, f'{article} {person.role}')}"
        hint = f"Ask {name} whether that is right, or have the line removed: once merged, it is credit."
        yield Finding("credit-claimed", message, Place("chapters"), Severity.WARNING, hint)


def _commits(person: CommitIdentity) -> str:
    more = len(person.commits) - MAX_LISTED_COMMITS
    listed = ", ".join(person.commits[:MAX_LISTED_COMMITS]) + (f" and {more} more" if more > 0 else "")
    return f"commit {listed} credits" if len(person.commits) == 1 else f"commits {listed} credit"
