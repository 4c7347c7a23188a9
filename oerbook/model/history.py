"""The git history of a book: commits, their authors and their edits to pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class PageEdit:
    """A commit's change to a page: `old_path` ("" if added), `new_path` ("" if removed), and its git object `blob`.

    Paths are relative to the repository's root.
    """

    old_path: str
    new_path: str
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
    edits: tuple[PageEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a book, parents before children; `prefix` is the book's folder in the repository.

    `mailmap` maps identities in trailers, `ignored_revs` are commits in .git-blame-ignore-revs.
    """

    commits: tuple[Commit, ...]
    head: str = ""
    prefix: str = ""
    mailmap: tuple[tuple[Identity, Identity], ...] = ()
    ignored_revs: frozenset[str] = frozenset()
    mailmap_digest: str = ""
