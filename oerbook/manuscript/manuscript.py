"""The book as pandoc blocks for one target: the input of every format but HTML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oerbook.model.book import Book


@dataclass(frozen=True, slots=True)
class Section:
    """One page as pandoc blocks; `kind` is front, part, chapter or back."""

    slug: str
    title: str
    blocks: list[dict[str, Any]]
    kind: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A whole book for one target (epub, docx or typst).

    `media` is the folder of the images, `work` the cache folder, `epoch` the book's timestamp in seconds since 1970,
    `theme` the folder of the theme.
    """

    book: Book
    target: str
    sections: tuple[Section, ...]
    media: Path
    work: Path
    epoch: int
    theme: Path
