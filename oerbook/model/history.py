"""The nouns: frozen values that every room speaks in, built on the standard library alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Edit:
    """What a commit did to a page: `old` is its path before ("" when new), `new` after ("" when removed).

    Paths are relative to the repository's root, `blob` is git's name for the page's contents.
    """

    old: str
    new: str
    blob: str = ""


class Identity(NamedTuple):
    """A name and an address as git keeps them. The address stays inside the program: no output shows it."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One step of the history; `author` is as .mailmap has it."""

    sha: str
    parents: tuple[str, ...]
    author: Identity
    date: str  # of the author's day, ISO 8601
    message: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a book, parents before children; `prefix` is its folder in the repository, `mailmap` leads from
    identities in trailers to those that .mailmap names, `ignored` are what .git-blame-ignore-revs lists. `rules` is a digest
    of what else the commits depend on, which is .mailmap."""

    commits: tuple[Commit, ...]
    head: str = ""
    prefix: str = ""
    mailmap: tuple[tuple[Identity, Identity], ...] = ()
    ignored: frozenset[str] = frozenset()
    rules: str = ""
