"""The data model: frozen dataclasses shared by all packages; standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Edit:
    """A commit's change to a page.

    `old` is its path before ("" if added), `new` its path after ("" if removed), both relative to the repository's root;
    `blob` is the git object id of its content.
    """

    old: str
    new: str
    blob: str = ""


class Identity(NamedTuple):
    """A name and an e-mail address from git; no output contains the address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the history; `author` is resolved through .mailmap."""

    sha: str
    parents: tuple[str, ...]
    author: Identity
    date: str  # author date, ISO 8601
    message: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a book, parents before children.

    `prefix` is the book's folder in the repository, `mailmap` maps identities in trailers to those in .mailmap,
    `ignored` are the commits in .git-blame-ignore-revs, `rules` is a digest of .mailmap.
    """

    commits: tuple[Commit, ...]
    head: str = ""
    prefix: str = ""
    mailmap: tuple[tuple[Identity, Identity], ...] = ()
    ignored: frozenset[str] = frozenset()
    rules: str = ""
