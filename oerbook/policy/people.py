"""Other people's names: their files are theirs, and nobody takes a name or an identity that is somebody's already."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor, Declared
from oerbook.model.submission import Submission
from oerbook.policy.commit_identities import is_own, known_as
from oerbook.policy.file_names import look_of

ASK = "If that is right, an editor can take it in with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report changes to other people's files, names that are claimed, and authors who are struck off a chapter."""
    for change in submission.changes:
        path = change.old_path or change.path
        if path.startswith("contributors/") and change.kind in ("changed", "renamed"):
            if is_own(change, submission):
                words = "somebody changes their own file"
                yield Finding("contributor-changed", words, Place(change.path), Severity.INFO)
            else:
                yield _error("contributor-foreign", "this file is somebody else's", change.path)
    yield from _claimed(submission)
    yield from _remembered(submission)
    yield from _named_otherwise(submission)


def _claimed(submission: Submission) -> Iterator[Finding]:
    known = {person.id: person for person in submission.before.people}
    changed = _changed(submission)
    held = {look: person for person in known.values() for look in known_as(person).values()} if changed else {}
    for person in changed:
        former = known.get(person.id)
        before = known_as(former).values() if former else ()
        for claim, look in known_as(person).items():
            holder: Contributor | None = held.get(look)
            if holder is None or holder.id == person.id or look in before:
                continue
            words = f"the {claim[0]} {claim[1]} is that of {holder.place.path}"
            yield _error("contributor-claims", words, person.place.path)
            break


def _changed(submission: Submission) -> list[Contributor]:
    """Return the people who are new or of whom something else is said than before."""
    known = {person.id: person for person in submission.before.people}
    there = ((person, known.get(person.id)) for person in submission.after.people)
    return [person for person, former in there if person is not former and person != former]


def _remembered(submission: Submission) -> Iterator[Finding]:
    """Report names of people who wrote parts of the book and have no file, claimed by whom the history knows otherwise."""
    changed = _changed(submission)
    if not changed:
        return
    taken = {look_of(name) for name in submission.taken}
    known = {look for person in submission.before.people for look in known_as(person).values()}
    wrote = {look_of(name) for name, _commits in submission.authors}
    for person in changed:
        for look in known_as(person).values():
            if look[0] != "name" or look in known or look[1] not in taken:
                continue
            words = f"the name {person.name} is that of somebody who wrote in this book from another address"
            one = look[1] in wrote
            hint = ASK.format(code="contributor-claims")
            grade = Severity.WARNING if one else Severity.ERROR
            yield Finding("contributor-claims", words, person.place, grade, hint)
            break


def _named_otherwise(submission: Submission) -> Iterator[Finding]:
    """Report names that a chapter named before and no longer names, and names that it did not name before."""
    now = {page.path: page for page in _pages(submission.after)}
    moved = {c.old_path: c.path for c in submission.changes if c.kind == "renamed"}
    for page in _pages(submission.before):
        later = now.get(moved.get(page.path, page.path))
        if later is None or later is page or later.problem:
            continue
        kept, had = ({declared.name.casefold(): declared.name for declared in _named(one)} for one in (later, page))
        gone = [name for key, name in had.items() if key not in kept]
        new = [name for key, name in kept.items() if key not in had]
        if gone:
            yield _error("author-removed", f"{', '.join(gone)} would no longer be named here", later.path)
        if new and not _among_themselves(page, submission):
            words = f"{', '.join(new)} would be named as an author of a chapter of others"
            yield _error("author-added", words, later.path)


def _among_themselves(page: Chapter, submission: Submission) -> bool:
    """Say whether all who committed are authors of a page: those it names, else those who brought it."""
    people = {p.id.casefold(): p for p in submission.before.people}
    held = {name.casefold() for declared in _named(page) for name in _names(declared.name, people)}
    strangers = {n for c in submission.changes if page.path in (c.path, c.old_path) for n, _ in c.strangers}
    taken = {name.casefold() for name in submission.taken}
    if not held:
        return not strangers
    return all(name.casefold() in held - taken for name, _commits in submission.authors)


def _names(declared: str, people: dict[str, Contributor]) -> tuple[str, ...]:
    person = people.get(declared.casefold())
    return (person.name, *person.identities) if person else (declared,)


def _named(page: Chapter) -> tuple[Declared, ...]:
    return (*page.authors, *page.contributors)


def _pages(book: Book) -> Iterator[Chapter]:
    yield from (book.index, *book.chapters)


def _error(code: str, words: str, path: str) -> Finding:
    return Finding(code, words, Place(path), Severity.ERROR, ASK.format(code=code))
