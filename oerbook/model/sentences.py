"""Generated sentences with links and emphasis, and the suggested citations of a book."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a sentence; with a `url`, it is a link."""

    text: str
    url: str = ""
    emphasized: bool = False


Sentence = tuple[TextPart, ...]


def plain_text(sentence: Sentence) -> str:
    """Return a sentence without links and emphasis."""
    return "".join(part.text for part in sentence)


@dataclass(frozen=True, slots=True)
class SuggestedCitation:
    """How to cite the book or one chapter: in several styles, and as a BibTeX entry.

    `slug` is the page name of the chapter, "" for the book. `styled` are pairs of a style ("APA") and the citation.
    """

    slug: str
    styled: tuple[tuple[str, Sentence], ...]
    bibtex: str


@dataclass(frozen=True, slots=True)
class BackMatterSettings:
    """Generated pages that the book has; every field is a key of `back_matter:` in `chapters/index.md`."""

    citation: bool = True
    licenses: bool = True
    accessibility: bool = True
    contributors: bool = True
