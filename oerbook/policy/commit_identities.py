"""Check commit identities: known names with unknown e-mail addresses.

git does not verify addresses, and people change theirs. But once a commit is merged, its name and its address count
as one person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oerbook.attribution.bots import is_assistant, is_bot
from oerbook.attribution.identity import IdentityIndex, declares_identity, display_name
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.history import Identity
from oerbook.model.people import Contributor
from oerbook.model.submission import CommitIdentity, FileChange, Submission
from oerbook.policy.file_names import confusable_skeleton, person_name_skeleton
from oerbook.source.people import claimed_identities
from oerbook.storage.memo import IdentityCache

MAX_LISTED_COMMITS = 3  # commits listed in a message


@dataclass(frozen=True, slots=True)
class Namesake:
    """A known person whose name is in a commit."""

    name: str
    place: Place
    identified: bool  # earlier commits or an account identify the person


def check(submission: Submission) -> Iterator[Finding]:
    """Report commits with a known person's name and an unknown address."""
    after = {person.id: person for person in submission.after.people}
    own_files = {change.path for change in submission.changes if is_changed_by_owner(change, submission)}
    people = tuple(
        after.get(person.id, person) if person.place.path in own_files else person
        for person in submission.before.people
    )
    matches = find_namesakes(submission, people)
    if not matches:
        return
    reserved = {person_name_skeleton(name) for name in submission.reserved_names}
    claimed = reserved & {person_name_skeleton(name) for person in submission.after.people for name in _names(person)}
    claimed -= {person_name_skeleton(name) for person in submission.before.people for name in _names(person)}
    # A claimed name is reported for the file that claims it. dict.fromkeys: once per person, whatever their roles.
    yield from dict.fromkeys(
        _finding(signature, namesake)
        for signature, namesake in matches.items()
        if person_name_skeleton(signature.name) not in claimed
    )


def _finding(signature: CommitIdentity, namesake: Namesake) -> Finding:
    if namesake.identified:
        severity = Severity.WARNING
        hint = (
            f"Ask {namesake.name} through a channel you trust: once merged, this address counts as theirs. They can "
            "add the account or address to their own file from a known address; another person of that name should "
            "sign with a fuller name."
        )
    else:
        severity = Severity.INFO
        hint = f"No address of {namesake.name} is known yet: make sure that this one is theirs."
    return Finding("identity-unverified", _message(signature, namesake), namesake.place, severity, hint)


def _message(signature: CommitIdentity, namesake: Namesake) -> str:
    more = len(signature.commits) - MAX_LISTED_COMMITS
    commits = ", ".join(signature.commits[:MAX_LISTED_COMMITS]) + (f" and {more} more" if more > 0 else "")
    if len(signature.commits) == 1:
        subject = f"commit {commits} {'names' if signature.role else 'is by'}"
    else:
        subject = f"commits {commits} {'name' if signature.role else 'are by'}"
    same = display_name(signature.name).casefold() == display_name(namesake.name).casefold()
    similar = "" if same else f" (like {namesake.name})"
    known = "who is known by another address" if namesake.identified else f"described in {namesake.place.path}"
    return f"{subject} “{display_name(signature.name)}”{similar}, {known}"


def _names(person: Contributor) -> Iterator[str]:
    return (name for name in (person.name, *person.identities) if "@" not in name)


def _claim_skeletons(person: Contributor) -> dict[tuple[str, str], tuple[str, str]]:
    return {(kind, value): (kind, confusable_skeleton(value)) for kind, value in claimed_identities(person)}


skeletons_of_identity_claims = IdentityCache(
    _claim_skeletons, max_size=5000
)  # of a contributor: claimed identity -> its skeleton


def is_changed_by_owner(change: FileChange, submission: Submission) -> bool:
    """Say whether a person's file is changed by that person or by those who added it."""
    own_names = {
        name
        for person in submission.before.people
        if person.place.path == change.path
        for _kind, name in skeletons_of_identity_claims(person).values()
    }
    if change.kind != "changed" or not own_names:
        return False
    unknown = {
        (signature.name, signature.email) for signature, match in find_namesakes(submission).items() if match.identified
    }
    return all(
        person_name_skeleton(author[0]) in own_names and author not in unknown for author in change.other_authors
    )


def find_namesakes(
    submission: Submission, people: tuple[Contributor, ...] | None = None
) -> Mapping[CommitIdentity, Namesake]:
    """Return signatures with a known person's name and an unknown address.

    `people` replaces the contributors of the book as it was before the submission.
    """
    people = submission.before.people if people is None else people
    names: dict[str, list[str]] = defaultdict(list)
    for name in (*(n for person in people for n in _names(person)), *(name for name, _mail in submission.known_names)):
        names[person_name_skeleton(name)].append(name)
    candidates = [
        signature
        for signature in submission.commit_identities
        if person_name_skeleton(signature.name) in names and not is_signature_of_program(signature, submission)
    ]
    if not candidates:
        return {}
    identities = [Identity(*pair) for pair in submission.known_names]
    directory = IdentityIndex(people, dict.fromkeys(identities, 1))
    identified = {directory.person_id(identity) for identity in identities}
    identified |= {person.id for person in people if declares_identity(person)}
    matches = {}
    for signature in candidates:
        spellings = (signature.name, *names[person_name_skeleton(signature.name)])
        owner = next(
            filter(None, (directory.ids_by_name_and_email(Identity(name, signature.email))[0] for name in spellings)),
            "",
        )
        if owner and owner != directory.ids_by_name_and_email(Identity(signature.name, signature.email))[1]:
            person = directory.people[owner]
            matches[signature] = Namesake(person.name, person.place, owner in identified)
    return matches


def is_signature_of_program(signature: CommitIdentity, submission: Submission) -> bool:
    """Say whether a signature is a program's and no person's."""
    identity = Identity(signature.name, signature.email)
    return is_bot(identity, submission.before.settings.credit.bots) or is_assistant(
        identity, trailer=bool(signature.role)
    )
