"""The copyright page of the book, and its suggested citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oerbook.licensing.spdx import find_license
from oerbook.metadata.bylines import author_line, join_names
from oerbook.metadata.labels import names_of_declared_people, publication_year, translated_label
from oerbook.model.book import Book


@dataclass(frozen=True, slots=True)
class CopyrightLine:
    """A line of the copyright page: its text, link target, whether it is bold, and the words before the link."""

    text: str
    url: str = ""
    is_bold: bool = False
    text_before_link: str = ""

    @property
    def words(self) -> str:
        """The whole line."""
        return self.text_before_link + self.text


def copyright_lines(book: Book, epoch: int, faces: Sequence[str] = ()) -> list[CopyrightLine]:
    """Return the lines of the copyright page in the usual order, ending with the colophon.

    `epoch` is the book's timestamp in seconds since 1970, for the year if the book states no date. `faces` are the
    names of the faces that the book is set in.
    """
    lines = [CopyrightLine(_full_title(book), is_bold=True), *_rights_lines(book, epoch), *_edition_lines(book, epoch)]
    terms = find_license(book.license) if book.license else None
    if terms:
        name = f"{terms.name} ({terms.spdx})"
        lines.append(CopyrightLine(name, terms.url, text_before_link=f"{translated_label(book, 'license')} "))
    if book.isbn:
        lines.append(CopyrightLine(f"ISBN {book.isbn}"))
    if book.doi:
        lines.append(CopyrightLine(book.doi, f"https://doi.org/{book.doi}", text_before_link="DOI "))
    if book.url:
        lines.append(CopyrightLine(book.url, book.url, text_before_link=f"{translated_label(book, 'online')}: "))
    if book.repository:
        lines.append(
            CopyrightLine(book.repository, book.repository, text_before_link=f"{translated_label(book, 'source')}: ")
        )
    return [
        *lines,
        CopyrightLine(translated_label(book, "cite"), is_bold=True),
        CopyrightLine(suggested_citation(book, epoch)),
        _colophon(book, faces),
    ]


def _colophon(book: Book, faces: Sequence[str]) -> CopyrightLine:
    """Return what the book is set in and made with."""
    made = translated_label(book, "made")
    names = join_names(book, list(faces))
    return CopyrightLine(f"{translated_label(book, 'set_in').format(names)} {made}" if faces else made)


def _full_title(book: Book) -> str:
    return book.title + (f": {book.subtitle}" if book.subtitle else "")


def _rights_lines(book: Book, epoch: int) -> list[CopyrightLine]:
    authors = author_line(book)
    year = publication_year(book, epoch)
    holder = book.copyright or (" ".join(filter(None, ("©", year, authors))) if authors else "")
    if not holder:
        return []
    return [CopyrightLine(holder if "©" in holder or "opyright" in holder else f"© {holder}")]


def _edition_lines(book: Book, epoch: int) -> list[CopyrightLine]:
    lines = []
    if book.editors:
        lines.append(
            CopyrightLine(
                f"{translated_label(book, 'edited')} {join_names(book, names_of_declared_people(book, book.editors))}"
            )
        )
    parts = (book.publisher, book.publisher_place, publication_year(book, epoch))
    published = f"{translated_label(book, 'published')} {', '.join(filter(None, parts))}." if book.publisher else ""
    edition = f"{book.edition.rstrip('.')}." if book.edition else ""
    if edition or published:
        lines.append(CopyrightLine(" ".join(filter(None, (edition, published)))))
    return lines


def suggested_citation(book: Book, epoch: int) -> str:
    """Return the suggested citation of the book.

    It has authors, year, title, edition, publisher, DOI or URL.
    """
    year = publication_year(book, epoch)
    parts = [author_line(book), f"({year})" if year else "", _full_title(book), book.edition, book.publisher]
    url = f"https://doi.org/{book.doi}" if book.doi else book.url
    text = ". ".join(part.rstrip(".") for part in parts if part).replace(". (", " (")
    return f"{text}." + (f" {url}" if url else "")
