"""What was seen: the proof of a book, the answers of the web, what a submission changes; frozen values, as in `model`."""

from __future__ import annotations

from dataclasses import dataclass

from oerbook.model.book import Book
from oerbook.model.findings import Pairs, Place


@dataclass(frozen=True, slots=True)
class Change:
    """What a submission does to one file: `kind` is added, changed, removed or renamed; modes are git's, as in 100644.

    `lost` is the share of an earlier text's words that are nowhere in the book any more; `used` says that the text
    still names the file; `strangers` are those who change the file and did not bring it into the book: names with
    addresses, which are never shown.
    """

    kind: str
    path: str
    old_path: str = ""
    mode: str = "100644"
    old_mode: str = ""
    size: int = 0
    lost: float = 0.0
    used: bool = False
    strangers: Pairs = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a bibliography as it stands there: its key in small letters, and its fields without their braces."""

    key: str
    fields: Pairs
    place: Place


@dataclass(frozen=True, slots=True)
class Signature:
    """Under which name and address commits stand: their author's, or, with a `role`, somebody's whom they name.

    No address is ever shown.
    """

    name: str
    mail: str
    role: str
    commits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody asks to have taken in: the book as it was and as it would be, and every file that differs.

    `files` are the paths of the whole book afterwards; `authors` the names of those who committed, with the short
    names of their commits; `facts` the keys of the title page that differ; `taken` the names of people in the book's
    history under whose addresses nothing of the submission was committed; `entries` those of the bibliography, before
    and after; `signed` who stands under the commits; `met` the names and addresses of the history that these are like.
    """

    before: Book
    after: Book
    changes: tuple[Change, ...]
    files: tuple[str, ...] = ()
    authors: Pairs = ()
    unsigned: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    entries: tuple[tuple[Entry, ...], tuple[Entry, ...]] = ((), ())
    signed: tuple[Signature, ...] = ()
    met: Pairs = ()
