"""The copyright page of the book, and its suggested citation."""

from __future__ import annotations

from dataclasses import dataclass

from oerbook.licensing.spdx import license_of
from oerbook.metadata.bylines import author_line, line
from oerbook.metadata.labels import names, word, year
from oerbook.model.book import Book


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the copyright page: its text, link target, and whether it is bold."""

    words: str
    url: str = ""
    strong: bool = False


def copyright_lines(book: Book, epoch: int) -> list[Line]:
    """Return the lines of the copyright page in the usual order.

    `epoch` is the book's timestamp in seconds since 1970, for the year if the book states no date.
    """
    lines = [Line(_full_title(book), strong=True), *_rights_lines(book, epoch), *_edition_lines(book, epoch)]
    terms = license_of(book.license) if book.license else None
    if terms:
        lines.append(Line(f"{word(book, 'licence')} {terms.name} ({terms.spdx}).", terms.url))
    if book.isbn:
        lines.append(Line(f"ISBN {book.isbn}"))
    if book.doi:
        lines.append(Line(f"DOI {book.doi}", f"https://doi.org/{book.doi}"))
    if book.url:
        lines.append(Line(f"{word(book, 'online')}: {book.url}", book.url))
    if book.repository:
        lines.append(Line(f"{word(book, 'source')}: {book.repository}", book.repository))
    return [*lines, Line(word(book, "cite"), strong=True), Line(citation(book, epoch))]


def _full_title(book: Book) -> str:
    return book.title + (f": {book.subtitle}" if book.subtitle else "")


def _rights_lines(book: Book, epoch: int) -> list[Line]:
    authors = author_line(book)
    holder = book.copyright or (f"© {year(book, epoch)} {authors}" if authors else "")
    if not holder:
        return []
    return [Line(holder if "©" in holder or "opyright" in holder else f"© {holder}")]


def _edition_lines(book: Book, epoch: int) -> list[Line]:
    lines = []
    if book.editors:
        lines.append(Line(f"{word(book, 'edited')} {line(book, names(book, book.editors))}"))
    if book.edition:
        lines.append(Line(f"{word(book, 'edition')}: {book.edition}"))
    if book.publisher:
        place = f", {book.place_of_publication}" if book.place_of_publication else ""
        lines.append(Line(f"{word(book, 'published')}: {book.publisher}{place}, {year(book, epoch)}"))
    return lines


def citation(book: Book, epoch: int) -> str:
    """Return the suggested citation of the book.

    It has authors, year, title, edition, publisher, DOI or URL.
    """
    parts = [author_line(book), f"({year(book, epoch)})", _full_title(book), book.edition, book.publisher]
    url = f"https://doi.org/{book.doi}" if book.doi else book.url
    text = ". ".join(part.rstrip(".") for part in parts if part).replace(". (", " (")
    return f"{text}." + (f" {url}" if url else "")
