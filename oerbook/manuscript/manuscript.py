"""The book as pandoc blocks for one target: the input of every format but HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.accessibility import PageAccessibility
from oerbook.model.book import Book


@dataclass(frozen=True, slots=True)
class Section:
    """One page as pandoc blocks."""

    slug: str
    title: str
    blocks: list[Block]
    kind: str  # front, part, chapter, section (of the chapter before it) or back


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A whole book for one target."""

    book: Book
    target: str  # epub, docx or typst
    sections: tuple[Section, ...]
    media_dir: Path  # folder of the images
    cache_dir: Path  # cache folder
    epoch: int  # the book's timestamp, in seconds since 1970
    theme_dir: Path  # folder of the theme
    accessibility: PageAccessibility = field(default_factory=PageAccessibility)  # sums over all pages
