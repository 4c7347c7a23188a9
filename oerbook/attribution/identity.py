"""One person, many identities: names, addresses and logins that lead to the same contributor.

Two identities are one person's when they share an address, a GitHub account or a full name. Files in `contributors/`
come first: what they claim is theirs, and nothing ever joins two of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from unicodedata import normalize

from oerbook.attribution.bots import NOREPLY, login
from oerbook.model.findings import Place
from oerbook.model.history import Identity
from oerbook.model.people import Contributor, Declared

Node = tuple[str, str]
NO_ADDRESS = re.compile(
    r"^$|^[^@]*$|^(?:you|your\.?name|user|username|name|email|me)@example\.(?:com|org)$|@localhost$|\.local(?:domain)?$|"
    r"^(?:no-?reply|none|nobody|unknown|root|admin)@|^noreply@github\.com$",
    re.IGNORECASE,
)  # addresses that many people have without knowing it
FULL = re.compile(r"\s|[a-z][A-Z]|[A-Za-z][\d_-]|[^\x00-\x7f]|^.{10,}$")  # names that only one person is likely to have
NO_NAME = frozenset(("your name", "user name", "unknown", "root", "admin", "user", "no name", "first last", "git user"))


class Directory:
    """Who is who: made from the contributors' files and how often the history names each identity."""

    def __init__(self, people: Sequence[Contributor], seen: Mapping[Identity, int]) -> None:
        self._parent: dict[Node, Node] = {}
        self._owner: dict[Node, str] = {}  # root -> the contributor whose file claims it
        self._two = _namesakes(people)
        for person in people:
            self._claim(person)
        self._names: dict[Node, Counter[str]] = {}
        self._logins = {login(one.email) for one in seen} - {""}
        ordered = sorted(seen, key=lambda one: (one.name.casefold(), one.email))
        for one in ordered:
            first, *nodes = self._nodes(one)
            for node in sorted(nodes, key=self._sureness):
                self._join(first, node)
        for one in ordered:
            self._names.setdefault(self._root(self._node(one)), Counter())[one.name] += seen[one]
        self._ids = self._name_them({person.id for person in people})
        known = {person.id: person for person in people}
        fresh = {i: self._stranger(i, root) for root, i in self._ids.items() if i not in known}
        self.people = {**known, **fresh}
        self.strangers = frozenset(fresh)

    def id_of(self, who: Identity) -> str:
        """Return the id of the person behind an identity that was given at the beginning."""
        return self._ids[self._root(self._node(who))]

    def declared(self, who: Declared) -> str:
        """Return the id of somebody named in front matter; a name nobody has met becomes a person of its own."""
        if who.name in self.people:
            return who.name
        root = self._root(("name", _folded(who.name)))
        if root in self._ids or root in self._owner:
            return self._ids.get(root) or self._owner[root]
        identifier = _free_slug(who.name, self.people)
        place = Place("chapters/index.md")
        self.people[identifier] = Contributor(identifier, who.name, place, who.orcid, who.affiliations)
        self._ids[root] = identifier
        return identifier

    def known(self, who: Identity) -> tuple[str, str]:
        """Return the ids of the people whom any identity leads to by its name and by its address or account, "" for nobody.

        One that was given at the beginning is known by both.
        """
        if self._node(who) in self._parent:
            return self.id_of(who), self.id_of(who)
        name, address = (
            next(filter(None, map(self._whose, nodes)), "") for nodes in (self._by_name(who), self._by_address(who))
        )
        return name, address

    def _whose(self, node: Node) -> str:
        root = self._root(node) if node in self._parent else node
        return self._ids.get(root) or self._owner.get(root, "")

    def names_of(self, identifier: str) -> list[str]:
        """Return the names that a person has committed under, most used first."""
        found: Counter[str] = Counter()
        for root, names in self._names.items():
            if self._ids.get(root) == identifier:
                found += names
        return [name for name, _count in found.most_common()]

    def accounts_of(self, identifier: str) -> list[str]:
        """Return the GitHub accounts that a person has committed from."""
        nodes = (node for node in self._parent if node[0] == "github" and self._ids.get(self._root(node)) == identifier)
        return sorted(node[1] for node in nodes)

    def _claim(self, person: Contributor) -> None:
        home: Node = ("person", person.id)
        self._owner[self._root(home)] = person.id
        for claim in _claims(person):
            self._join(home, claim)

    def _nodes(self, one: Identity) -> Iterable[Node]:
        """Yield what an identity is known by, the surest first."""
        yield self._node(one)
        yield from self._by_address(one)
        yield from self._by_name(one)

    @staticmethod
    def _by_address(one: Identity) -> Iterable[Node]:
        match = NOREPLY.match(one.email)
        if match:
            yield "github", match[2].lower()
            if match[1]:
                yield "account", match[1]
        elif not is_shared(one.email):
            yield "email", one.email.lower()

    def _by_name(self, one: Identity) -> Iterable[Node]:
        name = _folded(one.name)
        if name not in (NO_NAME | self._two) and (FULL.search(one.name.strip()) or ("name", name) in self._parent):
            yield "name", name
        if name in self._logins or ("github", name) in self._parent:
            yield "github", name

    def _sureness(self, node: Node) -> tuple[bool, bool]:
        """Return a sort key: what a contributor's file claims comes first, its name before all."""
        return (self._root(node) not in self._owner, node[0] != "name")

    @staticmethod
    def _node(one: Identity) -> Node:
        return "identity", f"{_folded(one.name)}\0{one.email.lower()}"

    def _root(self, node: Node) -> Node:
        self._parent.setdefault(node, node)
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def _join(self, one: Node, other: Node) -> None:
        """Say that two are one, unless two contributors' files say otherwise."""
        first, second = self._root(one), self._root(other)
        mine, theirs = self._owner.get(first), self._owner.get(second)
        if first == second or (mine and theirs and mine != theirs):
            return
        self._parent[second] = first
        if theirs:
            self._owner[first] = theirs

    def _name_them(self, taken: set[str]) -> dict[Node, str]:
        ids: dict[Node, str] = {}
        used = dict.fromkeys(taken, "")
        for root in sorted(self._names, key=lambda r: (_best(self._names[r]).casefold(), r)):
            ids[root] = self._owner.get(root) or _free_slug(_best(self._names[root]), used)
            used[ids[root]] = ""
        return ids

    def _stranger(self, identifier: str, root: Node) -> Contributor:
        accounts = self.accounts_of_root(root)
        return Contributor(
            identifier, _best(self._names[root]), Place("contributors"), github=accounts[0] if accounts else ""
        )

    def accounts_of_root(self, root: Node) -> list[str]:
        """Return the GitHub accounts that lead to one person."""
        return sorted(node[1] for node in list(self._parent) if node[0] == "github" and self._root(node) == root)


def _folded(name: str) -> str:
    """Return a name as it is compared, however a keyboard composes its letters."""
    return (name if name.isascii() else normalize("NFC", name)).casefold()


def _claims(person: Contributor) -> Iterator[Node]:
    """Yield what a person's file says is theirs."""
    yield "name", _folded(person.name)
    if person.github:
        yield "github", person.github.lower()
    for identity in person.identities:
        name, _, address = (part.strip("> ") for part in identity.partition("<"))
        address = address or (name if "@" in name else "")
        if address:
            yield "email", address.lower()
        if login(address):
            yield "github", login(address)
        if name and "@" not in name:
            yield "name", _folded(name)
            yield "github", name.lower()


def is_told_apart(person: Contributor) -> bool:
    """Say whether a person's file tells of an account or an address, which tell them from others of their name."""
    return bool(person.github) or any("@" in identity for identity in person.identities)


def _namesakes(people: Sequence[Contributor]) -> frozenset[str]:
    """Return the names of several people who are told apart otherwise: such a name alone leads to none of them."""
    told = [_folded(person.name) for person in people if is_told_apart(person)]
    return frozenset(name for name, times in Counter(told).items() if times > 1)


def is_shared(address: str) -> bool:
    """Say whether an address is one that many people have without knowing it.

    >>> is_shared("you@example.com"), is_shared("ada@example.org")
    (True, False)
    """
    return bool(NO_ADDRESS.search(address))


def _best(names: Counter[str]) -> str:
    """Return the name to print: a full one that is used most."""
    ranked = sorted(names, key=lambda name: (" " not in name.strip(), -names[name], -len(name), name))
    best = ranked[0] if ranked else ""
    return shown(best)


def shown(name: str) -> str:
    """Return a name as it may be printed: some people's git has their address as their name.

    >>> shown("Ada Lee"), shown("ada@example.org")
    ('Ada Lee', 'Somebody without a name')
    """
    return "Somebody without a name" if "@" in name or not name.strip() else normalize("NFC", name)


def _free_slug(name: str, taken: Iterable[str]) -> str:
    """Return an id for a name that nobody has yet.

    >>> _free_slug("Zoë O'Neil", {"zoë-o-neil"})
    'zoë-o-neil-2'
    """
    slug = re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "somebody"
    found, number = slug, 1
    while found in taken:
        number += 1
        found = f"{slug}-{number}"
    return found
