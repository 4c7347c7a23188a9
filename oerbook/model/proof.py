"""Input of the checks: pages as rendered, link statuses, and what a submission changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from oerbook.model.book import Chapter
from oerbook.model.findings import Pairs, Place


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its text and level (1: the chapter's title)."""

    text: str
    level: int
    place: Place
    empty: bool = False  # no content below it


@dataclass(frozen=True, slots=True)
class PageImage:
    """An image of a page: file below `chapters/`, alternative text, caption, size in bytes, width and height in px."""

    src: str
    alt: str
    place: Place
    caption: str = ""
    size: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its text and target."""

    text: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table of a page; `header`: its columns or rows have headers."""

    place: Place
    has_header: bool
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, caption, heading or similar block of text.

    `cites`: it names a source in any way. `own`: it is running text by the authors, not a quotation, note, table cell
    or caption. `lines` are pairs (number of words before, line) for each source line it continues on.
    """

    text: str
    place: Place
    has_citation: bool = False
    is_running_text: bool = True
    line_starts: tuple[tuple[int, int], ...] = ()

    def place_at(self, offset: int) -> Place:
        """Return the place of the word at a character offset of the text.

        >>> Passage("soil is alive", Place("a.md", 3), line_starts=((2, 4),)).place_at(8).line
        4
        """
        word_count = len(self.text[: offset + 1].split())
        line = max((line for before, line in self.line_starts if before < word_count), default=self.place.line)
        return replace(self.place, line=line)


@dataclass(frozen=True, slots=True)
class PageProof:
    """The content of one page as Sphinx resolved it, and its source text.

    `key` is a digest of the resolved page.
    """

    slug: str
    path: str
    text: str = ""
    headings: tuple[Heading, ...] = ()
    images: tuple[PageImage, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[TableInfo, ...] = ()
    passages: tuple[Passage, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The result of checking a URL: HTTP status (0: no response), permanent redirect target, reason of a failure."""

    url: str
    status: int
    moved: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The whole book as Sphinx resolved it, with the data checks compare it to.

    `entries` are the keys of the bibliography files, `cited` those cited on pages, `answers` the results of link
    checking, `others` texts by others (name, plain text) that no chapter may copy.
    """

    pages: tuple[PageProof, ...] = ()
    bibliography_keys: tuple[tuple[str, Place], ...] = ()
    cited_keys: frozenset[str] = frozenset()
    link_statuses: tuple[LinkStatus, ...] = ()
    comparison_texts: Pairs = ()

    def front_matter_place(self, page: Chapter, value: str) -> Place:
        """Return the line of a page's front matter that contains `value`, or line 1."""
        text = next((proof.text for proof in self.pages if proof.path == page.path), "")
        front_matter = text.split("\n")[: page.body_line - 1]
        line = next((number for number, line in enumerate(front_matter, start=1) if value and value in line), 1)
        return Place(page.path, line)
