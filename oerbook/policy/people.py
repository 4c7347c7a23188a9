"""Protect contributors: their files, identities and authorship of chapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oerbook.model.book import Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor, NamedPerson
from oerbook.model.submission import Submission
from oerbook.policy.commit_identities import is_changed_by_owner, skeletons_of_identity_claims
from oerbook.policy.file_names import person_name_skeleton

PEOPLE_HINT = "If this is right, an editor can accept it with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report changes to other people's files, names and authorship."""
    for change in submission.changes:
        path = change.old_path or change.path
        if path.startswith("contributors/") and change.kind in ("changed", "renamed"):
            if is_changed_by_owner(change, submission):
                message = "this file is changed by the person it describes"
                yield Finding("contributor-changed", message, Place(change.path), Severity.INFO)
            else:
                yield _error("contributor-not-own", "this file describes someone else", change.path)
    changed_people = _changed_people(submission)
    if changed_people:
        yield from _identities_of_contributors(submission, changed_people)
        yield from _names_in_history(submission, changed_people)
    yield from _changed_authors(submission)


def _changed_people(submission: Submission) -> list[Contributor]:
    """Return the people whose files are new or changed."""
    before = {person.id: person for person in submission.before.people}
    pairs = ((person, before.get(person.id)) for person in submission.after.people)
    return [person for person, former in pairs if person is not former and person != former]


def _identities_of_contributors(submission: Submission, changed_people: list[Contributor]) -> Iterator[Finding]:
    """Report names and accounts that belong to another contributor's file."""
    before = {person.id: person for person in submission.before.people}
    owners = {
        identity: person for person in before.values() for identity in skeletons_of_identity_claims(person).values()
    }
    for person in changed_people:
        former = before.get(person.id)
        own = skeletons_of_identity_claims(former).values() if former else ()
        for (kind, value), identity in skeletons_of_identity_claims(person).items():
            owner: Contributor | None = owners.get(identity)
            if owner is None or owner.id == person.id or identity in own:
                continue
            message = f"the {kind} {value} belongs to {owner.place.path}"
            yield _error("identity-claimed", message, person.place.path)
            break


def _names_in_history(submission: Submission, changed_people: list[Contributor]) -> Iterator[Finding]:
    """Report names of people in the history who have no file and use other addresses."""
    reserved = {person_name_skeleton(name) for name in submission.reserved_names}
    before = {
        identity for person in submission.before.people for identity in skeletons_of_identity_claims(person).values()
    }
    committers = {person_name_skeleton(name) for name, _commits in submission.authors}
    for person in changed_people:
        for kind, name in skeletons_of_identity_claims(person).values():
            if kind != "name" or (kind, name) in before or name not in reserved:
                continue
            message = f"someone with the name {person.name} wrote parts of this book under another e-mail address"
            hint = PEOPLE_HINT.format(code="identity-claimed")
            severity = Severity.WARNING if name in committers else Severity.ERROR
            yield Finding("identity-claimed", message, person.place, severity, hint)
            break


def _changed_authors(submission: Submission) -> Iterator[Finding]:
    """Report names removed from a chapter, and names that others add to it."""
    new_chapters = {chapter.path: chapter for chapter in (submission.after.index, *submission.after.chapters)}
    moved = {change.old_path: change.path for change in submission.changes if change.kind == "renamed"}
    for old in (submission.before.index, *submission.before.chapters):
        new = new_chapters.get(moved.get(old.path, old.path))
        if new is None or new is old or new.problem:
            continue
        old_names, new_names = (
            {person.name.casefold(): person.name for person in _listed_people(chapter)} for chapter in (old, new)
        )
        removed = [name for key, name in old_names.items() if key not in new_names]
        added = [name for key, name in new_names.items() if key not in old_names]
        if removed:
            yield _error("author-removed", f"{', '.join(removed)} would no longer be listed here", new.path)
        if added and not _is_by_authors(old, submission):
            message = f"{', '.join(added)} would be credited in other people's chapter"
            yield _error("author-added", message, new.path)


def _is_by_authors(chapter: Chapter, submission: Submission) -> bool:
    """Say whether all committers are authors of a chapter or, if it has none, added it."""
    people = {person.id.casefold(): person for person in submission.before.people}
    writers = (*chapter.authors, *chapter.contributors)
    authors = {name.casefold() for person in writers for name in all_names(person.name, people)}
    if not authors:
        changes = [change for change in submission.changes if chapter.path in (change.path, change.old_path)]
        return not any(change.other_authors for change in changes)
    reserved = {name.casefold() for name in submission.reserved_names}
    return all(name.casefold() in authors - reserved for name, _commits in submission.authors)


def all_names(listed: str, people: Mapping[str, Contributor]) -> tuple[str, ...]:
    """Return the names of a person who is listed by name or by id; `people` are the contributors by id."""
    person = people.get(listed.casefold())
    return (person.name, *person.identities) if person else (listed,)


def _listed_people(chapter: Chapter) -> tuple[NamedPerson, ...]:
    return (*chapter.authors, *chapter.contributors, *chapter.editors, *chapter.reviewers)


def _error(code: str, message: str, path: str) -> Finding:
    return Finding(code, message, Place(path), Severity.ERROR, PEOPLE_HINT.format(code=code))
