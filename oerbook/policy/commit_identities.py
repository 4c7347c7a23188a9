"""Under whose name the commits stand: a name that is known here, with an address that is not known to be that person's.

git proves no address, and people change theirs; but once a commit is in the book, its name and its address are one person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oerbook.attribution.bots import is_assistant, is_bot
from oerbook.attribution.identity import Directory, is_told_apart, shown
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.history import Identity
from oerbook.model.people import Contributor
from oerbook.model.submission import Change, Signature, Submission
from oerbook.policy.file_names import look_of, skeleton
from oerbook.source.people import claims
from oerbook.storage.memo import ByIdentity

SHOWN = 3  # commits that are named


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody known here whose name a commit carries; `met` when commits of theirs, or an account, say who that is."""

    name: str
    place: Place
    met: bool


def check(submission: Submission) -> Iterator[Finding]:
    """Report names of known people under addresses that are not known to be theirs."""
    later = {person.id: person for person in submission.after.people}
    told_by_themselves = {c.path for c in submission.changes if is_own(c, submission)}
    people = tuple(later.get(p.id, p) if p.place.path in told_by_themselves else p for p in submission.before.people)
    found = namesakes(submission, people)
    if not found:
        return
    taken = {look_of(name) for name in submission.taken}
    claimed = taken & {look_of(name) for person in submission.after.people for name in _names(person)}
    claimed -= {look_of(name) for person in submission.before.people for name in _names(person)}
    doubted = ((one, who) for one, who in found.items() if look_of(one.name) not in claimed)
    # Of a claimed name the file that claims it is told of; who helped in two ways is named once.
    yield from dict.fromkeys(Finding("identity-new", _said(one, who), who.place, *_advice(who)) for one, who in doubted)


def _said(one: Signature, namesake: Namesake) -> str:
    more = len(one.commits) - SHOWN
    commits = ", ".join(one.commits[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    where = f"commit {commits}" if len(one.commits) == 1 else f"commits {commits}"
    how = ("name" if one.role else "are signed") if len(one.commits) > 1 else "names" if one.role else "is signed"
    like = "" if shown(one.name).casefold() == shown(namesake.name).casefold() else f" (like {namesake.name})"
    known = "who is known here under another address" if namesake.met else f"whom {namesake.place.path} describes"
    return f"{where} {how} “{shown(one.name)}”{like}, {known}"


def _advice(namesake: Namesake) -> tuple[Severity, str]:
    if not namesake.met:
        return Severity.INFO, f"Nothing says yet which address is {namesake.name}'s: make sure that it is this one."
    hint = (
        f"Ask {namesake.name} in a way that you know: once merged, this address counts as theirs. They can add the "
        f"account or the address to their own file, under a known address; somebody else of that name signs with more of it."
    )
    return Severity.WARNING, hint


def _names(person: Contributor) -> Iterator[str]:
    return (name for name in (person.name, *person.identities) if "@" not in name)


def _looks(person: Contributor) -> dict[tuple[str, str], tuple[str, str]]:
    return {claim: (claim[0], skeleton(claim[1])) for claim in claims(person)}


known_as = ByIdentity(_looks, most=5000)  # what makes a person known, each with what it looks like


def is_own(change: Change, submission: Submission) -> bool:
    """Say whether a change is one to a person's file, by those who brought it or by the person whom it names."""
    held = {look[1] for p in submission.before.people if p.place.path == change.path for look in known_as(p).values()}
    if change.kind != "changed" or not held:
        return False
    unknown = {(one.name, one.mail) for one, other in namesakes(submission).items() if other.met}
    return all(look_of(who[0]) in held and who not in unknown for who in change.strangers)


def namesakes(submission: Submission, people: tuple[Contributor, ...] | None = None) -> Mapping[Signature, Namesake]:
    """Return the signatures that carry a known person's name and none of their addresses, as the book was.

    With `people`, these are known instead of those whom the book's files told of.
    """
    known = submission.before.people if people is None else people
    names: dict[str, list[str]] = defaultdict(list)
    for name in (*(n for p in known for n in _names(p)), *(name for name, _mail in submission.met)):
        names[look_of(name)].append(name)
    doubtful = [one for one in submission.signed if look_of(one.name) in names and not is_machine(one, submission)]
    if not doubtful:
        return {}
    directory = Directory(known, dict.fromkeys((Identity(*one) for one in submission.met), 1))
    met = {directory.id_of(Identity(*one)) for one in submission.met} | {p.id for p in known if is_told_apart(p)}
    found = {}
    for one in doubtful:
        alike = (one.name, *names[look_of(one.name)])
        owner = next(filter(None, (directory.known(Identity(name, one.mail))[0] for name in alike)), "")
        if owner and owner != directory.known(Identity(one.name, one.mail))[1]:
            person = directory.people[owner]
            found[one] = Namesake(person.name, person.place, owner in met)
    return found


def is_machine(one: Signature, submission: Submission) -> bool:
    """Say whether a program committed, or is named, and no person."""
    who = Identity(one.name, one.mail)
    return is_bot(who, submission.before.settings.credit.bots) or is_assistant(who, trailer=bool(one.role))
