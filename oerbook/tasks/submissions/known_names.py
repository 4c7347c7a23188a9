"""Whom the history of a book has met: names and addresses that went together, asked of git once and then added to.

Addresses serve to tell people apart and are never shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from oerbook.attribution.bots import login
from oerbook.attribution.identity import is_shared
from oerbook.attribution.trailers import trailers
from oerbook.git.objects import Commit
from oerbook.policy.file_names import look_of


class Met:
    """The names of a history, each with the addresses that went with it, found by either and by what a name looks like."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self._at: dict[str, set[str]] = {}  # the names that went with an address
        self._like: dict[str, set[str]] = {}  # the names that look alike

    def add(self, known: Mapping[str, Collection[str]]) -> None:
        """Add names with addresses."""
        for name, addresses in known.items():
            self.names.setdefault(name, set()).update(addresses)
            self._like.setdefault(look_of(name), set()).add(name)
            for address in addresses:
                self._at.setdefault(address, set()).add(name)

    def others(self, addresses: Collection[str]) -> list[str]:
        """Return the names that never went with any of some addresses."""
        theirs = {name for address in addresses for name in self._at.get(address, ())}
        return sorted(self.names.keys() - theirs)

    def around(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Return names with addresses: those that look like some names, and all that a shared name or address leads to."""
        left = [look_of(name) for name in names]
        seen: set[str] = set()
        found = set()
        while left:
            look = left.pop()
            if look in seen:
                continue
            seen.add(look)
            for name in self._like.get(look, ()):
                for address in self.names[name]:
                    found.add((name, address))
                    others = () if is_shared(address) else self._at[address]
                    left += [look_of(other) for other in (*others, login(address)) if other]
        return sorted(found)


def signatures(commits: Sequence[Commit], known: Met) -> list[tuple[str, str, str, list[str]]]:
    """Return who stands under the commits of a submission, authors and those whom they name: see `Signature`.

    Whom the book's .mailmap leads to somebody known is known.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for commit in reversed(commits):
        name, mail = commit.known_as
        rows = [] if mail.casefold() in known.names.get(name, ()) else [(commit.name, commit.mail, "")]
        told = [(who.name, who.email.casefold(), role) for role, who in trailers(commit.message) if role != "tool"]
        for row in dict.fromkeys([*rows, *(one for one in told if one[1])]):
            if (*row[:2], "") not in found:
                found.setdefault(row, []).append(commit.short)
    return [(*row, of) for row, of in found.items()]
