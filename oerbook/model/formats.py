"""The formats of a book: one table for all commands, builds and messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BookFormat:
    """A format: its name, the target that its pages are translated for, and what messages call it.

    Two formats with one target, such as the PDF and the printed edition, are made from the same manuscript.
    """

    name: str
    target: str
    title: str
    is_published: bool = True  # offered to readers, and made by `oerbook build all`


# In the order in which they are made; the site comes first, and gets the others as downloads at the end.
BOOK_FORMATS = {
    book_format.name: book_format
    for book_format in (
        BookFormat("html", "html", "web site"),
        BookFormat("epub", "epub", "EPUB"),
        BookFormat("pdf", "typst", "PDF"),
        BookFormat("print", "typst", "printed edition", is_published=False),
        BookFormat("docx", "docx", "DOCX"),
    )
}
PUBLISHED_FORMATS = tuple(name for name, book_format in BOOK_FORMATS.items() if book_format.is_published)


def target_title(target: str) -> str:
    """Return what messages call the first format that is made from a target.

    >>> target_title("typst"), target_title("epub")
    ('PDF', 'EPUB')
    """
    return next(book_format.title for book_format in BOOK_FORMATS.values() if book_format.target == target)
