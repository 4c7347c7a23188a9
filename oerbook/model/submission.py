"""Input of the policy rules: the files that a submission changes, and the people behind its commits."""

from __future__ import annotations

from dataclasses import dataclass

from oerbook.model.book import Book
from oerbook.model.findings import Pairs, Place


@dataclass(frozen=True, slots=True)
class FileChange:
    """A submission's change to one file.

    `kind` is added, changed, removed or renamed; modes are git's ("100644"), `size` is in bytes. `lost_share` is the
    share of the earlier text's words that are nowhere in the book any more; `is_referenced`: the text still refers
    to it; `other_authors` are the people (name, e-mail address) who change the file and did not add it; addresses
    are never shown. `passages` are the first changed passages of a text, each as its line, old and new wording.
    """

    kind: str
    path: str
    old_path: str = ""
    mode: str = "100644"
    old_mode: str = ""
    size: int = 0
    lost_share: float = 0.0
    is_referenced: bool = False
    other_authors: Pairs = ()
    passages: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """A bibliography entry: its key in lower case and its fields without braces."""

    key: str
    fields: Pairs
    place: Place


@dataclass(frozen=True, slots=True)
class CommitIdentity:
    """A name and e-mail address in commits: the author's or, with a `role`, that of a person in a trailer.

    The address is never shown.
    """

    name: str
    email: str
    role: str
    commits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission: the book before and after it, and every file that differs.

    - `files`: paths of the whole book afterwards
    - `authors`: names of the committers, each with the short ids of their commits
    - `unsigned_commits`: short ids of commits without a sign-off
    - `changed_settings`: front-matter keys of the title page that differ
    - `reserved_names`: names of people in the book's history none of whose addresses occur in the submission
    - `bibliographies`: bibliography entries before and after
    - `commit_identities`: identities in the commits
    - `known_names`: names and addresses of the history that resemble these
    - `credited`: people named in trailers who are no committers
    """

    before: Book
    after: Book
    changes: tuple[FileChange, ...]
    files: tuple[str, ...] = ()
    authors: Pairs = ()
    unsigned_commits: tuple[str, ...] = ()
    changed_settings: tuple[str, ...] = ()
    reserved_names: tuple[str, ...] = ()
    bibliographies: tuple[tuple[BibliographyEntry, ...], tuple[BibliographyEntry, ...]] = ((), ())
    commit_identities: tuple[CommitIdentity, ...] = ()
    known_names: Pairs = ()
    credited: tuple[CommitIdentity, ...] = ()
