"""What was seen: the proof of a book, the answers of the web, what a submission changes; frozen values, as in `model`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from oerbook.model.book import Chapter
from oerbook.model.findings import Pairs, Place


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is read: its words and its depth (1: the chapter's title)."""

    text: str
    level: int
    place: Place
    empty: bool = False  # nothing stands below it


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page: its file below `chapters/`, description, caption, size in bytes and in pixels."""

    src: str
    alt: str
    place: Place
    caption: str = ""
    size: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: what a reader sees and where it leads."""

    text: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a page: whether its columns or rows are named."""

    place: Place
    header: bool
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, caption, heading or the like; `cites` when it names a source in any way.

    `own` when it is an author's running text: not quoted, no note, no cell of a table, no caption. `lines` are the
    lines that it goes on in, each with the words before it.
    """

    text: str
    place: Place
    cites: bool = False
    own: bool = True
    lines: tuple[tuple[int, int], ...] = ()

    def at(self, sign: int) -> Place:
        """Return the place of the word that a sign of the text belongs to.

        >>> Passage("soil is alive", Place("a.md", 3), lines=((2, 4),)).at(8).line
        4
        """
        words = len(self.text[: sign + 1].split())
        line = max((line for before, line in self.lines if before < words), default=self.place.line)
        return replace(self.place, line=line)


@dataclass(frozen=True, slots=True)
class PageProof:
    """What Sphinx understood of one page, and the text that it read; `key` tells all that was understood from another."""

    slug: str
    path: str
    text: str = ""
    headings: tuple[Heading, ...] = ()
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[Grid, ...] = ()
    passages: tuple[Passage, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web said of an address: an HTTP status (0: none came), where it moved for good, why nothing came."""

    url: str
    status: int
    moved: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The whole book as Sphinx understood it, with what it is compared to.

    `entries` are the keys of the bibliography files, `cited` those that pages cite, `answers` what the web said,
    `others` texts of other people (name, words) that no chapter may hold in silence.
    """

    pages: tuple[PageProof, ...] = ()
    entries: tuple[tuple[str, Place], ...] = ()
    cited: frozenset[str] = frozenset()
    answers: tuple[Answer, ...] = ()
    others: Pairs = ()

    def declared(self, page: Chapter, words: str) -> Place:
        """Return the line of a page's front matter that says some words, the first line where none says just these."""
        text = next((one.text for one in self.pages if one.path == page.path), "")
        matter = text.split("\n")[: page.body_line - 1]
        line = next((n for n, line in enumerate(matter, start=1) if words and words in line), 1)
        return Place(page.path, line)
