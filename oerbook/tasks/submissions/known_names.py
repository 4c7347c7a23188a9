"""Index of the names and e-mail addresses used together in the git history.

Addresses only tell people apart; no output shows them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from oerbook.attribution.bots import github_login
from oerbook.attribution.identity import is_placeholder_email
from oerbook.attribution.trailers import parse_trailers
from oerbook.git.commits import SubmittedCommit
from oerbook.model.submission import CommitIdentity
from oerbook.policy.file_names import person_name_skeleton


class NameIndex:
    """The names of a history with their addresses.

    They are found by name, by address and by look-alike name.
    """

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self._by_address: dict[str, set[str]] = {}  # names by address
        self._look_alikes: dict[str, set[str]] = {}  # names by skeleton, the same for names that look alike

    def add(self, people: Mapping[str, Collection[str]]) -> None:
        """Add names with their addresses."""
        for name, addresses in people.items():
            self.names.setdefault(name, set()).update(addresses)
            self._look_alikes.setdefault(person_name_skeleton(name), set()).add(name)
            for address in addresses:
                self._by_address.setdefault(address, set()).add(name)

    def names_without(self, addresses: Collection[str]) -> list[str]:
        """Return the names that were never used with any of these addresses."""
        used = {name for address in addresses for name in self._by_address.get(address, ())}
        return sorted(self.names.keys() - used)

    def related(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Return (name, address) pairs connected to some names.

        Names are connected by equal looks, by address or by GitHub login.
        Connections are followed transitively, except over addresses that several people share.
        """
        to_visit = [person_name_skeleton(name) for name in names]
        visited: set[str] = set()
        pairs = set()
        while to_visit:
            skeleton = to_visit.pop()
            if skeleton in visited:
                continue
            visited.add(skeleton)
            for name in self._look_alikes.get(skeleton, ()):
                for address in self.names[name]:
                    pairs.add((name, address))
                    others = () if is_placeholder_email(address) else self._by_address[address]
                    to_visit += [person_name_skeleton(other) for other in (*others, github_login(address)) if other]
        return sorted(pairs)


def collect_identities(commits: Sequence[SubmittedCommit], index: NameIndex) -> tuple[CommitIdentity, ...]:
    """Return the names and addresses in commits, in the order of the commits.

    These are authors, with role "", and people named in trailers. An author whom .mailmap maps to a person of the index
    is left out.
    """
    commits_by_person: dict[tuple[str, str, str], list[str]] = {}
    for commit in reversed(commits):
        name, mail = commit.mailmapped
        authors = [] if mail.casefold() in index.names.get(name, ()) else [(commit.name, commit.email, "")]
        named = [
            (who.name, who.email.casefold(), role) for role, who in parse_trailers(commit.message) if role != "tool"
        ]
        for person in dict.fromkeys([*authors, *(person for person in named if person[1])]):
            if (*person[:2], "") not in commits_by_person:
                commits_by_person.setdefault(person, []).append(commit.short_id)
    return tuple(CommitIdentity(*person, tuple(ids)) for person, ids in commits_by_person.items())


def collect_credited_people(commits: Sequence[SubmittedCommit]) -> tuple[CommitIdentity, ...]:
    """Return the people whom trailers credit and who wrote none of the commits, without their addresses."""
    by_people = [commit for commit in commits if not commit.is_plain_merge]
    addresses = {mail.casefold() for commit in by_people for mail in (commit.email, commit.mailmapped[1]) if mail}
    names = {name.casefold() for commit in by_people for name in (commit.name, commit.mailmapped[0])}
    commits_by_person: dict[tuple[str, str], list[str]] = {}
    for commit in reversed(commits):
        for role, who in dict.fromkeys(parse_trailers(commit.message)):
            is_committer = who.email.casefold() in addresses if who.email else who.name.casefold() in names
            if role != "tool" and not (is_committer and role != "reviewer"):
                ids = commits_by_person.setdefault((who.name, role), [])
                ids += [commit.short_id] if commit.short_id not in ids else []
    return tuple(CommitIdentity(name, "", role, tuple(ids)) for (name, role), ids in commits_by_person.items())
