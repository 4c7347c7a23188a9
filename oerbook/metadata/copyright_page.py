"""The copyright page, and how to cite the book."""

from __future__ import annotations

from dataclasses import dataclass

from oerbook.licensing.spdx import license_of
from oerbook.metadata.bylines import author_line, line
from oerbook.metadata.labels import names, word, year
from oerbook.model.book import Book


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the copyright page: words, and the address they lead to, if any."""

    words: str
    url: str = ""
    strong: bool = False


def copyright_lines(book: Book, epoch: int) -> list[Line]:
    """Return the copyright page, line by line, in the order that publishers keep."""
    authors = author_line(book)
    lines = [Line(book.title + (f": {book.subtitle}" if book.subtitle else ""), strong=True)]
    holder = book.copyright or (f"© {year(book, epoch)} {authors}" if authors else "")
    if holder:
        lines.append(Line(holder if "©" in holder or "opyright" in holder else f"© {holder}"))
    if book.editors:
        lines.append(Line(f"{word(book, 'edited')} {line(book, names(book, book.editors))}"))
    if book.edition:
        lines.append(Line(f"{word(book, 'edition')}: {book.edition}"))
    if book.publisher:
        place = f", {book.place_of_publication}" if book.place_of_publication else ""
        lines.append(Line(f"{word(book, 'published')}: {book.publisher}{place}, {year(book, epoch)}"))
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
    lines.append(Line(word(book, "cite"), strong=True))
    lines.append(Line(citation(book, epoch)))
    return lines


def citation(book: Book, epoch: int) -> str:
    """Return how to cite the book, authors first."""
    title = book.title + (f": {book.subtitle}" if book.subtitle else "")
    parts = [author_line(book), f"({year(book, epoch)})", title, book.edition, book.publisher]
    where = f"https://doi.org/{book.doi}" if book.doi else book.url
    said = ". ".join(part.rstrip(".") for part in parts if part).replace(". (", " (")
    return f"{said}." + (f" {where}" if where else "")
