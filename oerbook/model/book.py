"""The book: its metadata, settings, parts, chapters, reused works and credits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from oerbook.model.accessibility import AccessibilityClaim
from oerbook.model.findings import Pairs
from oerbook.model.people import Contributor, NamedPerson
from oerbook.model.printing import PrintSettings
from oerbook.model.sentences import BackMatterSettings, SuggestedCitation, TextPart


@dataclass(frozen=True, slots=True)
class License:
    """A license: SPDX id, name, and URL of its terms."""

    spdx: str
    name: str = ""
    url: str = ""


RELATIONS = ("adapted", "verbatim", "quoted", "linked")  # how a reused work stands in the book


@dataclass(frozen=True, slots=True)
class ReusedWork:
    """A work the book reuses: title, authors, source, license, and the changes made to it.

    `relation` is one of `RELATIONS`, or "" if it is not stated. `retrieved` is an ISO 8601 date or "".
    """

    title: str
    authors: str = ""
    source: str = ""
    license: str = ""
    changes: str = ""
    relation: str = ""
    retrieved: str = ""

    @property
    def is_adapted(self) -> bool:
        """Whether the work was changed: it says so, or it states changes and no relation."""
        unchanged = self.changes.strip().rstrip(".").casefold() in ("", "none", "no changes", "no", "unchanged")
        return self.relation == "adapted" or (not self.relation and not unchanged)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as declared in its file.

    `slug` is the page name used in links ("part/topic"), `path` is relative to the book's root. `problem` is set if the
    file cannot be read as a chapter; a notice page replaces it. `body_line` is the 1-based line after the front matter.
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
    authors: tuple[NamedPerson, ...] = ()
    contributors: tuple[NamedPerson, ...] = ()
    editors: tuple[NamedPerson, ...] = ()
    reviewers: tuple[NamedPerson, ...] = ()
    reused_works: tuple[ReusedWork, ...] = ()
    keywords: tuple[str, ...] = ()
    numbered: bool = True
    math: Pairs = ()
    substitutions: Pairs = ()
    abbreviations: Pairs = ()
    solutions: str = ""
    bibliography_placement: str = ""
    problem: str = ""
    body_line: int = 1
    title_line: int = 0  # line of the front matter's title if the text has no title of its own
    level: int = 1  # 1 for a chapter, 2 for a page that is a section of the chapter before it, and so on


@dataclass(frozen=True, slots=True)
class Part:
    """A part: a title, its chapters, and an opening page if its folder has an `index.md`.

    `chapters` holds the pages of all levels in reading order; `numbered_levels` of them have numbers, 0 for none.
    """

    title: str
    opener: Chapter | None
    chapters: tuple[Chapter, ...]
    numbered_levels: int = 3


@dataclass(frozen=True, slots=True)
class CreditPolicy:
    """How credit is displayed; every field is a key of `credit:` in `chapters/index.md`."""

    min_words: int = 50  # an author of a chapter has at least this many words of it, or the share below
    min_share: float = 0.01
    order: str = "share"  # share | alphabetical | declared
    group_author: str = ""  # a group listed first, such as "The Soil Community"
    show_shares: bool = False  # print shares in the book
    coauthors: str = "split"  # split | full | author-only
    placement: str = "top"  # top | end | credits
    bots: tuple[str, ...] = ()  # additional names of bots


@dataclass(frozen=True, slots=True)
class Credit:
    """One person's contribution to the whole book or to one chapter.

    `words` counts surviving words (fractional: co-authors share), `share` (0 to 1) is their part of all people's words,
    `commits` are ids, newest first, `first` and `last` ISO 8601 dates or "".
    `is_author`: the policy counts them as one.
    """

    person: str
    words: float = 0.0
    share: float = 0.0
    roles: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    declared: bool = False
    is_author: bool = False


@dataclass(frozen=True, slots=True)
class Credits:
    """Credits of the book and of each chapter, in the book's order.

    `words` counts surviving words, `months` does so by month; `tools` are writing assistants disclosed in trailers.
    """

    people: tuple[Contributor, ...] = ()
    book: tuple[Credit, ...] = ()
    chapters: tuple[tuple[str, tuple[Credit, ...]], ...] = ()
    words: int = 0
    tools: tuple[str, ...] = ()
    months: tuple[tuple[str, int], ...] = ()

    def for_chapter(self, slug: str) -> tuple[Credit, ...]:
        """Return a chapter's credits."""
        return next((credits for name, credits in self.chapters if name == slug), ())


@dataclass(frozen=True, slots=True)
class Settings:
    """Build settings; every field is a key of `chapters/index.md`."""

    solutions: str = "after"  # after | fold | end | hidden
    bibliography_placement: str = "book"  # book | chapter
    bibliography_style: str = "author-year"  # author-year | numbered
    theme: str = "classic"
    paper: str = "a4"  # a name or size that `source.paper` accepts
    numbered: bool = True
    bibliography_files: tuple[str, ...] = ()  # relative to the book's root; empty: every chapters/**/*.bib
    inventories: tuple[tuple[str, str, str], ...] = ()  # (key, base URL, local objects.inv path or "")
    execute: bool = False
    logo: str = ""  # relative to the book's root
    cover: str = ""
    credit: CreditPolicy = field(default_factory=CreditPolicy)
    printing: PrintSettings = field(default_factory=PrintSettings)
    commercial: bool = False  # the book is sold
    accessibility: AccessibilityClaim = field(default_factory=AccessibilityClaim)
    back_matter: BackMatterSettings = field(default_factory=BackMatterSettings)
    embeds: tuple[str, ...] = ()  # more hosts whose pages may be embedded
    versions: bool = False  # keep the sites of earlier editions under their tags


@dataclass(frozen=True, slots=True)
class Book:
    """A book as declared, in reading order; chapters before the first part are in a part without a title."""

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
    publisher_place: str = ""
    isbn: str = ""
    isbns: Pairs = ()  # by format, if there are several
    series: str = ""
    issn: str = ""  # of the series
    doi: str = ""
    copyright: str = ""
    repository: str = ""
    url: str = ""
    keywords: tuple[str, ...] = ()
    subject: str = ""
    authors: tuple[NamedPerson, ...] = ()
    editors: tuple[NamedPerson, ...] = ()
    contributors: tuple[NamedPerson, ...] = ()
    parts: tuple[Part, ...] = ()
    people: tuple[Contributor, ...] = ()
    reused_works: tuple[ReusedWork, ...] = ()
    image_sources: tuple[tuple[str, ReusedWork], ...] = ()  # of images below `chapters/`, from files beside them
    math: Pairs = ()
    substitutions: Pairs = ()
    abbreviations: Pairs = ()
    settings: Settings = field(default_factory=Settings)
    reviewers: tuple[NamedPerson, ...] = ()
    credits: Credits = field(default_factory=Credits)  # empty until attribution has run
    excerpt_of: TextPart | None = None  # title and address of the book that this chapter is from
    revision: str = ""  # id of the commit that the book was built from, "" if its files were changed since
    citations: tuple[SuggestedCitation, ...] = ()  # of the book and its chapters, empty until they are formatted

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """All pages after the title page in reading order: part openers and chapters."""
        pages: list[Chapter] = []
        for part in self.parts:
            pages += [part.opener] if part.opener else []
            pages += part.chapters
        return tuple(pages)
