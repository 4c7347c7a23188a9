"""Name everybody whom a submission credits, in trailers or front matter, and who wrote none of its commits."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.attribution.identity import display_name
from oerbook.model.book import Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import CommitIdentity, Submission
from oerbook.policy.people import all_names

MAX_LISTED_COMMITS = 3
ROLE_PHRASES = {"author": "a co-author"}
REVIEWER_HINT = (
    "It does not count: name the reviewers with oerbook merge --reviewed-by, or under reviewers: in the front matter."
)


def check(submission: Submission) -> Iterator[Finding]:
    """Report people named in trailers or in front matter who are no committers of the submission."""
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
    yield from _front_matter_claims(submission)


def _front_matter_claims(submission: Submission) -> Iterator[Finding]:
    """Report people whom a chapter names for the first time; also the submission's own authors as reviewers."""
    earlier = {chapter.path: chapter for chapter in submission.before.chapters}
    moved = {change.path: change.old_path for change in submission.changes if change.kind == "renamed"}
    people = {person.id.casefold(): person for person in submission.after.people}
    committers = {name.casefold() for name, _commits in submission.authors}
    for chapter in submission.after.chapters:
        old = earlier.get(moved.get(chapter.path, chapter.path))
        known = set() if old is None else {(role, name.casefold()) for role, name in _declared(old)}
        for role, name in () if chapter is old else _declared(chapter):
            is_committer = any(other.casefold() in committers for other in all_names(name, people))
            if (role, name.casefold()) in known or (is_committer and role != "reviewer"):
                continue
            shown = display_name(all_names(name, people)[0])
            message = f"this chapter names {shown} as {'an' if role[:1] in 'aeiou' else 'a'} {role}"
            hint = f"Ask {shown} whether that is right: once merged, it is credit."
            severity = Severity.WARNING if role in ("editor", "reviewer") else Severity.INFO
            yield Finding("credit-claimed", message, Place(chapter.path), severity, hint)


def _declared(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """Yield role and name of everybody in the front matter of a chapter."""
    lists = {"author": chapter.authors, "editor": chapter.editors, "reviewer": chapter.reviewers}
    yield from ((role, person.name) for role, people in lists.items() for person in people if person.name)
    for person in chapter.contributors:
        yield from ((role, person.name) for role in person.roles or ("contributor",) if person.name)


def _commits(person: CommitIdentity) -> str:
    more = len(person.commits) - MAX_LISTED_COMMITS
    listed = ", ".join(person.commits[:MAX_LISTED_COMMITS]) + (f" and {more} more" if more > 0 else "")
    return f"commit {listed} credits" if len(person.commits) == 1 else f"commits {listed} credit"
