"""What the build measures of a book's accessibility, and what a person certified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageAccessibility:
    """Counts of one page: pictures, tables, formulas, links and media, and those of them that exclude readers.

    `language` is that of the page if it differs from the book's.
    """

    pictures: int = 0
    undescribed_pictures: int = 0
    tables: int = 0
    tables_without_header: int = 0
    formulas: int = 0
    links: int = 0
    vague_links: int = 0  # with a text such as "here"
    media: int = 0  # videos and recordings of the book's own
    wordless_media: int = 0  # with sound, and without captions or a transcript
    skipped_headings: int = 0  # headings that leave out a level
    language: str = ""

    @property
    def has_gaps(self) -> bool:
        """Whether anything on the page excludes readers."""
        return bool(
            self.undescribed_pictures
            or self.tables_without_header
            or self.vague_links
            or self.wordless_media
            or self.skipped_headings
        )


@dataclass(frozen=True, slots=True)
class AccessibilityClaim:
    """What a person certified; every field is a key of `accessibility:` in `chapters/index.md`."""

    conforms_to: str = ""  # such as "WCAG 2.2 Level AA"
    certified_by: str = ""
    report: str = ""  # address of the certifier's report
    contact: str = ""  # address for readers who meet a barrier

    @property
    def is_certified(self) -> bool:
        """Whether a person stands for the claim."""
        return bool(self.conforms_to and self.certified_by)


def sum_counts(pages: Iterable[PageAccessibility]) -> PageAccessibility:
    """Return the sums over all pages.

    >>> sum_counts([PageAccessibility(pictures=2), PageAccessibility(pictures=1, links=4)])
    PageAccessibility(pictures=3, undescribed_pictures=0, tables=0, tables_without_header=0, formulas=0, links=4, \
vague_links=0, media=0, wordless_media=0, skipped_headings=0, language='')
    """
    counts = list(pages)
    return PageAccessibility(
        pictures=sum(page.pictures for page in counts),
        undescribed_pictures=sum(page.undescribed_pictures for page in counts),
        tables=sum(page.tables for page in counts),
        tables_without_header=sum(page.tables_without_header for page in counts),
        formulas=sum(page.formulas for page in counts),
        links=sum(page.links for page in counts),
        vague_links=sum(page.vague_links for page in counts),
        media=sum(page.media for page in counts),
        wordless_media=sum(page.wordless_media for page in counts),
        skipped_headings=sum(page.skipped_headings for page in counts),
    )
