"""The copyright page of the book, with its suggested citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from oerbook import __version__
from oerbook.licensing.spdx import find_license
from oerbook.metadata.bylines import author_line, join_names
from oerbook.metadata.labels import LABELS, names_of_declared_people, publication_year, translated_label
from oerbook.model.book import Book
from oerbook.model.sentences import plain_text


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
    return [
        CopyrightLine(_full_title(book), is_bold=True),
        *_whole_lines(book),
        *_rights_lines(book, epoch),
        *_edition_lines(book, epoch),
        *_license_lines(book),
        *_number_lines(book),
        *_address_lines(book),
        *_citation_lines(book),
        _colophon(book, epoch, faces),
    ]


def _license_lines(book: Book) -> list[CopyrightLine]:
    terms = find_license(book.license) if book.license else None
    if terms is None:
        return []
    label = translated_label(book, "license_of_chapter" if book.excerpt_of else "license")
    return [CopyrightLine(f"{terms.name} ({terms.spdx})", terms.url, text_before_link=f"{label} ")]


def _number_lines(book: Book) -> list[CopyrightLine]:
    """Return the lines with ISBN, ISSN and DOI."""
    isbns = [f"ISBN {number} ({label})" if label else f"ISBN {number}" for label, number in _isbns(book)]
    issn = [", ".join(filter(None, (book.series, f"ISSN {book.issn}" if book.issn else "")))]
    lines = [CopyrightLine(text) for text in [*isbns, *filter(None, issn)]]
    doi = [CopyrightLine(book.doi, f"https://doi.org/{book.doi}", text_before_link="DOI ")] if book.doi else []
    return [*lines, *doi]


def _address_lines(book: Book) -> list[CopyrightLine]:
    addresses = (("online", book.url), ("source", book.repository))
    return [
        CopyrightLine(address, address, text_before_link=f"{translated_label(book, key)}: ")
        for key, address in addresses
        if address
    ]


def _colophon(book: Book, epoch: int, faces: Sequence[str]) -> CopyrightLine:
    """Return what the book is set in and made with, from which commit, and the paper of its PDF."""
    date = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    label = translated_label(book, "made_from" if book.revision else "made")
    made = label.format(version=__version__, commit=book.revision[:10], date=date)
    made += " " + translated_label(book, "paper").format(size=book.settings.paper.upper())
    names = join_names(book, list(faces))
    return CopyrightLine(f"{translated_label(book, 'set_in').format(names)} {made}" if faces else made)


def _full_title(book: Book) -> str:
    return book.title + (f": {book.subtitle}" if book.subtitle else "")


def _rights_lines(book: Book, epoch: int) -> list[CopyrightLine]:
    holder = holder_line(book, epoch)
    return [CopyrightLine(holder)] if holder else []


def holder_line(book: Book, epoch: int) -> str:
    """Return the copyright line, "" if the book names no authors."""
    authors = author_line(book)
    year = publication_year(book, epoch)
    holder = book.copyright or (" ".join(filter(None, ("©", year, authors))) if authors else "")
    return holder if not holder or "©" in holder or "opyright" in holder else f"© {holder}"


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


def _whole_lines(book: Book) -> list[CopyrightLine]:
    """Return the line about the book that a single chapter is from."""
    whole = book.excerpt_of
    if whole is None:
        return []
    return [CopyrightLine(whole.text, whole.url, text_before_link=f"{translated_label(book, 'excerpt')} ")]


def _isbns(book: Book) -> list[tuple[str, str]]:
    """Return the ISBNs with the format of each, "" if the book has one for all."""
    if not book.isbns:
        return [("", book.isbn)] if book.isbn else []
    return [(translated_label(book, kind) if kind in LABELS else kind.upper(), isbn) for kind, isbn in book.isbns]


def _citation_lines(book: Book) -> list[CopyrightLine]:
    citation = suggested_citation(book)
    return (
        [
            CopyrightLine(translated_label(book, "cite_chapter" if book.excerpt_of else "cite"), is_bold=True),
            CopyrightLine(citation),
        ]
        if citation
        else []
    )


def suggested_citation(book: Book) -> str:
    """Return the suggested citation of the book in the first style, "" if none was formatted."""
    of_book = next((citation for citation in book.citations if not citation.slug), None)
    return plain_text(of_book.styled[0][1]) if of_book and of_book.styled else ""
