"""What a page holds and what a finished file shows, as values that can be counted and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oerbook.model.findings import Place

# Kinds that are compared by their number. The last seven are features of the others: what spans rows or columns,
# heads of columns, numbers and marks of lines of code, frames in formulas, passages in another language or direction.
COUNTED_KINDS: tuple[str, ...] = ("formula", "image", "table", "cell", "note", "code")
COUNTED_KINDS += ("span", "head", "line-number", "line-mark", "frame", "language", "right-to-left")


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One thing on a page: its kind ("text" or one of `COUNTED_KINDS`), its words and its place in the source."""

    kind: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything on a page that every format must show, in reading order."""

    slug: str
    path: str
    items: tuple[ContentItem, ...] = ()


@dataclass(frozen=True, slots=True)
class FileContent:
    """The content of a finished file: how often each word occurs, and the number of items of each kind.

    A kind that is not in `counts` cannot be read from this format. `text_without_spaces` is for formats whose lines
    divide words, "" for others.
    """

    words: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    text_without_spaces: str = ""
