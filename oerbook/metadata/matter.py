"""The words that a publisher adds to a book: who wrote it, the copyright page, how to cite it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from oerbook.model import Book, Declared
from oerbook.source.licenses import license_of

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "contents": "Contents", "index": "Index", "edited": "Edited by", "edition": "Edition", "published": "Published by",
        "licence": "This book is licensed under", "online": "Online", "source": "Source", "cite": "How to cite this book",
        "and": "and", "copyright": "Copyright page", "made": "Made with oerbook.",
    },
    "de": {
        "contents": "Inhalt", "index": "Register", "edited": "Herausgegeben von", "edition": "Auflage",
        "published": "Verlag", "licence": "Dieses Buch steht unter der Lizenz", "online": "Online", "source": "Quelltext",
        "cite": "Zitiervorschlag", "and": "und", "copyright": "Impressum", "made": "Gesetzt mit oerbook.",
    },
    "fr": {
        "contents": "Table des matières", "index": "Index", "edited": "Sous la direction de", "edition": "Édition",
        "published": "Éditeur", "licence": "Ce livre est publié sous la licence", "online": "En ligne",
        "source": "Source", "cite": "Pour citer ce livre", "and": "et", "copyright": "Mentions", "made": "Fait avec oerbook.",
    },
    "es": {
        "contents": "Índice", "index": "Índice alfabético", "edited": "Edición de", "edition": "Edición",
        "published": "Publicado por", "licence": "Este libro se publica con la licencia", "online": "En línea",
        "source": "Fuente", "cite": "Cómo citar este libro", "and": "y", "copyright": "Créditos", "made": "Hecho con oerbook.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the copyright page: words, and the address they lead to, if any."""

    words: str
    url: str = ""
    strong: bool = False


def word(book: Book, key: str) -> str:
    """Return a word of the book's language, English where we have no other."""
    return WORDS.get(book.language.split("-")[0], WORDS["en"])[key]


def names(book: Book, people: tuple[Declared, ...]) -> list[str]:
    """Return the names to print for people declared by id or by name."""
    known = {person.id: person.name for person in book.people}
    return [known.get(one.name, one.name) for one in people]


def byline(book: Book, people: tuple[Declared, ...]) -> str:
    """Return names as a sentence has them: Ada, Bo and Cy."""
    found = names(book, people)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {word(book, 'and')} {found[-1]}"


def year(book: Book, epoch: int) -> str:
    """Return the year of the edition."""
    return str(book.date.year) if book.date else str(datetime.fromtimestamp(epoch, UTC).year)


def copyright_lines(book: Book, epoch: int) -> list[Line]:
    """Return the copyright page, line by line, in the order that publishers keep."""
    lines = [Line(book.title + (f": {book.subtitle}" if book.subtitle else ""), strong=True)]
    holder = book.copyright or (f"© {year(book, epoch)} {byline(book, book.authors)}" if book.authors else "")
    if holder:
        lines.append(Line(holder if "©" in holder or "opyright" in holder else f"© {holder}"))
    if book.editors:
        lines.append(Line(f"{word(book, 'edited')} {byline(book, book.editors)}"))
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
    parts = [byline(book, book.authors), f"({year(book, epoch)})", title, book.edition, book.publisher]
    where = f"https://doi.org/{book.doi}" if book.doi else book.url
    said = ". ".join(part.rstrip(".") for part in parts if part).replace(". (", " (")
    return f"{said}." + (f" {where}" if where else "")


def identifier(book: Book) -> str:
    """Return the book's own identifier: its ISBN, its DOI, or a number made from where it lives and what it is called."""
    if book.isbn:
        return "urn:isbn:" + book.isbn.replace("-", "").replace(" ", "")
    if book.doi:
        return f"https://doi.org/{book.doi}"
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{book.repository or book.url}#{book.title}#{book.language}").urn


def file_as(name: str) -> str:
    """Return a name as a catalogue sorts it.

    >>> file_as("Ada King Lovelace"), file_as("The oerbook contributors")
    ('Lovelace, Ada King', 'oerbook contributors, The')
    """
    words = name.split()
    if words and words[0].lower() in ("the", "a", "an"):
        return f"{' '.join(words[1:])}, {words[0]}"
    return f"{words[-1]}, {' '.join(words[:-1])}" if len(words) > 1 else name
