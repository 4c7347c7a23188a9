"""The nouns: frozen values that every room speaks in, built on the standard library alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from oerbook.model.findings import Pairs
from oerbook.model.people import Contributor, Declared
from oerbook.model.printing import Printing


@dataclass(frozen=True, slots=True)
class License:
    """A licence by its SPDX id, with its plain name and the page that states its terms."""

    spdx: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A thing reused: title, authors, source, licence and what was changed."""

    title: str
    authors: str = ""
    source: str = ""
    license: str = ""
    changes: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as declared. `slug` is its page and link name ("part/topic"); `path` is relative to the book's root.

    `problem` is set when the file cannot be read as a chapter: a notice page takes its place.
    `body_line` is the 1-based line on which the text begins, after the front matter.
    """

    slug: str
    path: str
    title: str
    short_title: str = ""
    subtitle: str = ""
    description: str = ""
    license: str = ""
    language: str = ""
    date: date | None = None
    authors: tuple[Declared, ...] = ()
    contributors: tuple[Declared, ...] = ()
    editors: tuple[Declared, ...] = ()
    reviewers: tuple[Declared, ...] = ()
    sources: tuple[Work, ...] = ()
    keywords: tuple[str, ...] = ()
    numbered: bool = True
    math: Pairs = ()
    substitutions: Pairs = ()
    abbreviations: Pairs = ()
    solutions: str = ""
    bibliography: bool = False
    problem: str = ""
    body_line: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A run of chapters, with a title and, where its folder has an `index.md`, an opening page."""

    title: str
    opener: Chapter | None
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class CreditPolicy:
    """How the book shows what was measured; every field is a key of `credit:` in `chapters/index.md`."""

    words: int = 50  # words that make an author of a chapter, or the share below
    share: float = 0.01
    order: str = "share"  # share | alphabetical | declared
    collective: str = ""  # a name that stands first, such as "The Soil Community"
    shares: bool = False  # show shares in the book
    coauthors: str = "split"  # split | full | author-only
    placement: str = "top"  # top | end | credits
    bots: tuple[str, ...] = ()  # further names that are machines


@dataclass(frozen=True, slots=True)
class Credit:
    """What one person did: in the whole book, or in one chapter.

    `words` stand today and are theirs, `share` (0 to 1) is their part of all that people wrote, `commits` the evidence,
    newest first; `first` and `last` are days (ISO 8601, or ""). `author`: the policy counts them among the authors.
    """

    person: str
    words: float = 0.0
    share: float = 0.0
    roles: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    declared: bool = False
    author: bool = False


@dataclass(frozen=True, slots=True)
class Credits:
    """The ledger: everybody with a part in the book, the whole book's credits and each chapter's, in the book's order.

    `tools` are the assistants that trailers disclose, `months` the surviving words by the month they were written.
    """

    people: tuple[Contributor, ...] = ()
    book: tuple[Credit, ...] = ()
    chapters: tuple[tuple[str, tuple[Credit, ...]], ...] = ()
    words: int = 0
    tools: tuple[str, ...] = ()
    months: tuple[tuple[str, int], ...] = ()

    def of(self, slug: str) -> tuple[Credit, ...]:
        """Return a chapter's credits."""
        return next((found for name, found in self.chapters if name == slug), ())


@dataclass(frozen=True, slots=True)
class Settings:
    """How the book wants to be made; every field is a key of `chapters/index.md`."""

    solutions: str = "after"  # after | end | hidden
    bibliography: str = "book"  # book | chapter
    bibliography_style: str = "author-year"  # author-year | numbered
    theme: str = "classic"
    paper: str = "a4"  # what `source.paper` knows
    numbered: bool = True
    bibliography_files: tuple[str, ...] = ()  # relative to the book's root; empty: every chapters/**/*.bib
    inventories: tuple[tuple[str, str, str], ...] = ()  # (key, base URL, local objects.inv path or "")
    execute: bool = False
    licence_of_code: str = ""
    logo: str = ""  # relative to the book's root
    cover: str = ""
    credit: CreditPolicy = field(default_factory=CreditPolicy)
    printing: Printing = field(default_factory=Printing)
    versions: bool = False  # keep the sites of earlier editions, under their tags


@dataclass(frozen=True, slots=True)
class Book:
    """What people declared, in reading order; chapters before the first part stand in a part with an empty title."""

    root: Path
    title: str
    index: Chapter
    language: str = "en"
    subtitle: str = ""
    description: str = ""
    license: str = ""
    edition: str = ""
    date: date | None = None
    publisher: str = ""
    place_of_publication: str = ""
    isbn: str = ""
    doi: str = ""
    copyright: str = ""
    repository: str = ""
    url: str = ""
    keywords: tuple[str, ...] = ()
    subject: str = ""
    authors: tuple[Declared, ...] = ()
    editors: tuple[Declared, ...] = ()
    contributors: tuple[Declared, ...] = ()
    parts: tuple[Part, ...] = ()
    people: tuple[Contributor, ...] = ()
    sources: tuple[Work, ...] = ()
    math: Pairs = ()
    substitutions: Pairs = ()
    abbreviations: Pairs = ()
    settings: Settings = field(default_factory=Settings)
    reviewers: tuple[Declared, ...] = ()
    credits: Credits = field(default_factory=Credits)  # what attribution found; empty until it has run

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every page in reading order after the title page: part openers and chapters."""
        pages: list[Chapter] = []
        for part in self.parts:
            pages += [part.opener] if part.opener else []
            pages += part.chapters
        return tuple(pages)
