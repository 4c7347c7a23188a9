"""Match the names, addresses and logins of one person to a single contributor.

Two identities belong to one person if they share an address, a GitHub account or a full name. Files in `contributors/`
take precedence: what they claim is theirs, and nothing ever merges two of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from unicodedata import normalize

from oerbook.attribution.bots import GITHUB_NOREPLY, github_login
from oerbook.model.findings import Place
from oerbook.model.history import Identity
from oerbook.model.people import Contributor, NamedPerson
from oerbook.text.slugs import make_unused_slug

IdentityNode = tuple[str, str]  # kind ("name", "email", "github", "account", "identity" or "person") and value
PLACEHOLDER_EMAIL = re.compile(
    r"^$|^[^@]*$|^(?:you|your\.?name|user|username|name|email|me)@example\.(?:com|org)$|@localhost$|\.local(?:domain)?$|"
    r"^(?:no-?reply|none|nobody|unknown|root|admin)@|^noreply@github\.com$",
    re.IGNORECASE,
)  # defaults and placeholders that many people share
DISTINCTIVE_NAME = re.compile(
    r"\s|[a-z][A-Z]|[A-Za-z][\d_-]|[^\x00-\x7f]|^.{10,}$"
)  # names that only one person is likely to have
PLACEHOLDER_NAMES = frozenset(
    ("your name", "user name", "unknown", "root", "admin", "user", "no name", "first last", "git user")
)


ADDRESS = re.compile(r"(?:mailto:)?([^\s@<>()\[\],;:\"']+)@[^\s@<>()\[\],;:\"']+")  # group 1: the part before the @
BRACKETS_AND_QUOTES = " \t<>()[]{}\"',;:"


class IdentityIndex:
    """Index from identities to people: a union-find over names and addresses.

    `people` are the contributors' files, `seen` counts how often the history names each identity.
    """

    def __init__(self, people: Sequence[Contributor], seen: Mapping[Identity, int]) -> None:
        self._parent: dict[IdentityNode, IdentityNode] = {}
        self._owner: dict[IdentityNode, str] = {}  # root -> the contributor whose file claims it
        self._ambiguous_names = _ambiguous_names(people)
        for person in people:
            self._claim(person)
        self._names: dict[IdentityNode, Counter[str]] = {}
        self._logins = {github_login(who.email) for who in seen} - {""}
        ordered = sorted(seen, key=lambda who: (who.name.casefold(), who.email))
        for who in ordered:
            first, *nodes = self._nodes(who)
            for node in sorted(nodes, key=self._certainty):
                self._join(first, node)
        for who in ordered:
            self._names.setdefault(self._root(self._node(who)), Counter())[who.name] += seen[who]
        self._ids = self._assign_ids({person.id for person in people})
        registered = {person.id: person for person in people}
        others = {i: self._make_contributor(i, root) for root, i in self._ids.items() if i not in registered}
        self.people = {**registered, **others}
        self.unregistered = frozenset(others)

    def person_id(self, who: Identity) -> str:
        """Return the id of the person behind an identity known to the constructor."""
        return self._ids[self._root(self._node(who))]

    def person_id_by_name(self, who: NamedPerson) -> str:
        """Return the id of a person named in front matter.

        An unknown name becomes a new person.
        """
        if who.name in self.people:
            return who.name
        name = _fold_name(who.name)
        account: IdentityNode = ("github", name.removeprefix("@"))
        root = self._root(account if ("name", name) not in self._parent and account in self._parent else ("name", name))
        if root in self._ids or root in self._owner:
            return self._ids.get(root) or self._owner[root]
        identifier = make_unused_slug(who.name, self.people)
        place = Place("chapters/index.md")
        self.people[identifier] = Contributor(identifier, who.name, place, who.orcid, who.affiliations)
        self._ids[root] = identifier
        return identifier

    def ids_by_name_and_email(self, who: Identity) -> tuple[str, str]:
        """Return the ids that an identity's name and its address lead to, "" for none.

        For an identity that was passed to the constructor both are the same.
        """
        if self._node(who) in self._parent:
            return self.person_id(who), self.person_id(who)
        by_name, by_address = (
            next(filter(None, map(self._person_of, nodes)), "")
            for nodes in (self._name_nodes(who), self._address_nodes(who))
        )
        return by_name, by_address

    def _person_of(self, node: IdentityNode) -> str:
        root = self._root(node) if node in self._parent else node
        return self._ids.get(root) or self._owner.get(root, "")

    def commit_names(self, identifier: str) -> list[str]:
        """Return the names that a person has committed under, most used first."""
        counts: Counter[str] = Counter()
        for root, names in self._names.items():
            if self._ids.get(root) == identifier:
                counts += names
        return [name for name, _count in counts.most_common()]

    def github_accounts(self, identifier: str) -> list[str]:
        """Return the GitHub accounts that a person has committed from."""
        nodes = (node for node in self._parent if node[0] == "github" and self._ids.get(self._root(node)) == identifier)
        return sorted(node[1] for node in nodes)

    def _claim(self, person: Contributor) -> None:
        home: IdentityNode = ("person", person.id)
        self._owner[self._root(home)] = person.id
        for claim in _claims(person):
            self._join(home, claim)

    def _nodes(self, who: Identity) -> Iterable[IdentityNode]:
        """Yield the nodes of an identity, most certain first."""
        yield self._node(who)
        yield from self._address_nodes(who)
        yield from self._name_nodes(who)

    @staticmethod
    def _address_nodes(who: Identity) -> Iterable[IdentityNode]:
        match = GITHUB_NOREPLY.match(who.email)
        if match:
            yield "github", match[2].lower()
            if match[1]:
                yield "account", match[1]
        elif not is_placeholder_email(who.email):
            yield "email", who.email.lower()

    def _name_nodes(self, who: Identity) -> Iterable[IdentityNode]:
        name = _fold_name(who.name)
        for match in ADDRESS.finditer(name):
            yield from self._address_nodes(Identity("", match[0].removeprefix("mailto:")))
            claimed = ("name", _fold_name(display_name(who.name)))
            if claimed in self._parent and self._root(claimed) in self._owner:
                yield claimed
        distinctive = DISTINCTIVE_NAME.search(who.name.strip()) or ("name", name) in self._parent
        if name not in (PLACEHOLDER_NAMES | self._ambiguous_names) and distinctive:
            yield "name", name
        if name in self._logins or ("github", name) in self._parent:
            yield "github", name

    def _certainty(self, node: IdentityNode) -> tuple[bool, bool]:
        """Return a sort key: nodes claimed by a contributor's file first, then names."""
        return (self._root(node) not in self._owner, node[0] != "name")

    @staticmethod
    def _node(who: Identity) -> IdentityNode:
        return "identity", f"{_fold_name(who.name)}\0{who.email.lower()}"

    def _root(self, node: IdentityNode) -> IdentityNode:
        self._parent.setdefault(node, node)
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def _join(self, node: IdentityNode, other: IdentityNode) -> None:
        """Merge the sets of two nodes unless different contributors own them."""
        root, other_root = self._root(node), self._root(other)
        owner, other_owner = self._owner.get(root), self._owner.get(other_root)
        if root == other_root or (owner and other_owner and owner != other_owner):
            return
        self._parent[other_root] = root
        if other_owner:
            self._owner[root] = other_owner

    def _assign_ids(self, taken: set[str]) -> dict[IdentityNode, str]:
        ids: dict[IdentityNode, str] = {}
        used = dict.fromkeys(taken, "")
        for root in sorted(self._names, key=lambda r: (_best_name(self._names[r]).casefold(), r)):
            ids[root] = self._owner.get(root) or make_unused_slug(_best_name(self._names[root]), used)
            used[ids[root]] = ""
        return ids

    def _make_contributor(self, identifier: str, root: IdentityNode) -> Contributor:
        accounts = self.github_accounts_of_group(root)
        account = accounts[0] if accounts else ""
        return Contributor(identifier, _best_name(self._names[root], account), Place("contributors"), github=account)

    def github_accounts_of_group(self, root: IdentityNode) -> list[str]:
        """Return the GitHub accounts that belong to the set of a root node."""
        return sorted(node[1] for node in list(self._parent) if node[0] == "github" and self._root(node) == root)


def _fold_name(name: str) -> str:
    """Return a name for comparison: case-folded and NFC.

    Keyboards compose accented letters differently.
    """
    return (name if name.isascii() else normalize("NFC", name)).casefold()


def _claims(person: Contributor) -> Iterator[IdentityNode]:
    """Yield the nodes that a contributor's file claims."""
    yield "name", _fold_name(person.name)
    if person.github:
        yield "github", person.github.lower()
    for identity in person.identities:
        name, _, address = (part.strip("> ") for part in identity.partition("<"))
        address = address or (name if "@" in name else "")
        if address:
            yield "email", address.lower()
        if github_login(address):
            yield "github", github_login(address)
        if name and "@" not in name:
            yield "name", _fold_name(name)
            yield "github", name.lower()


def declares_identity(person: Contributor) -> bool:
    """Return whether a contributor's file names an account or an address.

    These set people apart from others of the same name.
    """
    return bool(person.github) or any("@" in identity for identity in person.identities)


def _ambiguous_names(people: Sequence[Contributor]) -> frozenset[str]:
    """Return names shared by several people who are set apart otherwise.

    Such a name alone identifies none of them.
    """
    names = [_fold_name(person.name) for person in people if declares_identity(person)]
    return frozenset(name for name, count in Counter(names).items() if count > 1)


def is_placeholder_email(address: str) -> bool:
    """Return whether an address is a default or placeholder that many people share.

    >>> is_placeholder_email("you@example.com"), is_placeholder_email("ada@example.org")
    (True, False)
    """
    return bool(PLACEHOLDER_EMAIL.search(address))


def _best_name(names: Counter[str], account: str = "") -> str:
    """Return the name to print: the most used, full names first; for an address, the account if it is known."""
    ranked = sorted(names, key=lambda n: ("@" in n, " " not in n.strip(), -names[n], -len(n), n))
    best = ranked[0] if ranked else ""
    return (
        account if account and (not best or ADDRESS.fullmatch(best.strip(BRACKETS_AND_QUOTES))) else display_name(best)
    )


def display_name(name: str) -> str:
    """Return a name for printing, without e-mail addresses.

    Some people set their address as git's user.name: then the part before the @ is their name.

    >>> display_name("Ada Lee <ada@example.org>"), display_name("ada.lee@example.org"), display_name("@adal")
    ('Ada Lee', 'ada.lee', 'adal')
    """
    rest = " ".join(ADDRESS.sub(" ", name).split()).strip(BRACKETS_AND_QUOTES)
    if not any(char.isalnum() for char in rest):
        local_parts = [match[1] for match in ADDRESS.finditer(name)]
        rest = github_login(name.strip(BRACKETS_AND_QUOTES)) or (local_parts[0].split("+")[0] if local_parts else "")
    rest = rest.replace("@", " ").strip(BRACKETS_AND_QUOTES)
    return normalize("NFC", rest) if any(char.isalnum() for char in rest) else "Somebody without a name"
