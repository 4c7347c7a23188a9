"""Input of the checks: pages as Sphinx resolved them, the bibliography, and link statuses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from oerbook.model.book import Chapter, ReusedWork
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
    """A table of a page; `has_header`: its columns or rows have headers."""

    place: Place
    has_header: bool
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, caption, heading or similar block of text.

    `has_citation`: it names a source in any way. `is_running_text`: it is by the authors, and no quotation, note, table
    cell or caption. `line_starts` are pairs (number of words before, line), one for each further source line.
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
class PlacedWork:
    """A work that a figure, table or quotation shows, and its place."""

    work: ReusedWork
    place: Place


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """The content of one page as Sphinx resolved it, and its source text.

    `digest` identifies the resolved page.
    """

    slug: str
    path: str
    text: str = ""
    headings: tuple[Heading, ...] = ()
    images: tuple[PageImage, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[TableInfo, ...] = ()
    passages: tuple[Passage, ...] = ()
    works: tuple[PlacedWork, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The result of checking a URL: HTTP status (0: no response), permanent redirect target, reason of a failure."""

    url: str
    status: int
    redirect_target: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckInput:
    """The whole book as Sphinx resolved it, with the data checks compare it to.

    `bibliography_keys` are the keys of all entries, `cited_keys` those that pages cite. `texts_by_others` are texts
    (name, plain text) that no chapter may copy.
    """

    pages: tuple[CheckedPage, ...] = ()
    bibliography_keys: tuple[tuple[str, Place], ...] = ()
    cited_keys: frozenset[str] = frozenset()
    link_statuses: tuple[LinkStatus, ...] = ()
    texts_by_others: Pairs = ()

    def front_matter_place(self, page: Chapter, value: str) -> Place:
        """Return the line of a page's front matter that contains `value`, or line 1."""
        text = next((checked.text for checked in self.pages if checked.path == page.path), "")
        front_matter = text.split("\n")[: page.body_line - 1]
        line = next((number for number, line in enumerate(front_matter, start=1) if value and value in line), 1)
        return Place(page.path, line)
