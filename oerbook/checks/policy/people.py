"""Other people's names: their files are theirs, and nobody takes a name or an identity that is somebody's already."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.checks.people import claims
from oerbook.checks.policy.names import skeleton
from oerbook.evidence import Submission
from oerbook.model import Book, Chapter, Contributor, Declared, Finding, Place, Severity

ASK = "If that is right, an editor can take it in with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report changes to other people's files, names that are claimed, and authors who are struck off a chapter."""
    for change in submission.changes:
        path = change.old_path or change.path
        if path.startswith("contributors/") and change.kind in ("changed", "renamed"):
            if change.own and change.kind == "changed":
                words = "somebody changes their own file"
                yield Finding("contributor-changed", words, Place(change.path), Severity.INFO)
            else:
                yield _error("contributor-foreign", "this file is somebody else's", change.path)
    yield from _claimed(submission)
    yield from _struck(submission)


def _claimed(submission: Submission) -> Iterator[Finding]:
    held = {_look(claim): person for person in submission.before.people for claim in claims(person)}
    known = {person.id: person for person in submission.before.people}
    for person in submission.after.people:
        before = {_look(claim) for claim in claims(known[person.id])} if person.id in known else set()
        for claim in dict.fromkeys(claims(person)):
            holder: Contributor | None = held.get(_look(claim))
            if holder is None or holder.id == person.id or _look(claim) in before:
                continue
            words = f"the {claim[0]} {claim[1]} is that of {holder.place.path}"
            yield _error("contributor-claims", words, person.place.path)
            break


def _look(claim: tuple[str, str]) -> tuple[str, str]:
    return claim[0], skeleton(claim[1])


def _struck(submission: Submission) -> Iterator[Finding]:
    """Report names that a chapter named before and no longer names anywhere in the book."""
    now = {page.path: page for page in _pages(submission.after)}
    moved = {c.old_path: c.path for c in submission.changes if c.kind == "renamed"}
    for page in _pages(submission.before):
        later = now.get(moved.get(page.path, page.path))
        if later is None or later.problem:
            continue
        kept = {declared.name.casefold() for declared in _named(later)}
        gone = [declared.name for declared in _named(page) if declared.name.casefold() not in kept]
        if gone:
            yield _error("author-removed", f"{', '.join(gone)} would no longer be named here", later.path)


def _named(page: Chapter) -> tuple[Declared, ...]:
    return (*page.authors, *page.contributors)


def _pages(book: Book) -> Iterator[Chapter]:
    yield from (book.index, *book.chapters)


def _error(code: str, words: str, path: str) -> Finding:
    return Finding(code, words, Place(path), Severity.ERROR, ASK.format(code=code))
