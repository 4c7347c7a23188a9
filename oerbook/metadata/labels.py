"""What formats say of a book in few words: words of its language, its year, its identifier, names as catalogues have them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from oerbook.model.book import Book
from oerbook.model.people import Declared

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "contents": "Contents", "pages": "Pages", "index": "Index", "edited": "Edited by", "edition": "Edition", "published": "Published by",
        "licence": "This book is licensed under", "online": "Online", "source": "Source", "cite": "How to cite this book", "figures": "Figures", "tables": "Tables",
        "and": "and", "copyright": "Copyright page", "made": "Made with oerbook.",
        "editions": "Other editions", "earlier": "You are reading an earlier edition, {}. The newest is {}.",
    },
    "de": {
        "contents": "Inhalt", "pages": "Seiten", "index": "Register", "edited": "Herausgegeben von", "edition": "Auflage",
        "published": "Verlag", "licence": "Dieses Buch steht unter der Lizenz", "online": "Online", "source": "Quelltext",
        "cite": "Zitiervorschlag", "figures": "Abbildungen", "tables": "Tabellen", "and": "und", "copyright": "Impressum", "made": "Gesetzt mit oerbook.",
        "editions": "Andere Auflagen", "earlier": "Dies ist eine frühere Auflage, {}. Die neueste ist {}.",
    },
    "fr": {
        "contents": "Table des matières", "pages": "Pages", "index": "Index", "edited": "Sous la direction de", "edition": "Édition",
        "published": "Éditeur", "licence": "Ce livre est publié sous la licence", "online": "En ligne",
        "source": "Source", "cite": "Pour citer ce livre", "figures": "Figures", "tables": "Tableaux", "and": "et", "copyright": "Mentions", "made": "Fait avec oerbook.",
        "editions": "Autres éditions", "earlier": "Vous lisez une édition antérieure, {}. La plus récente est {}.",
    },
    "es": {
        "contents": "Índice", "pages": "Páginas", "index": "Índice alfabético", "edited": "Edición de", "edition": "Edición",
        "published": "Publicado por", "licence": "Este libro se publica con la licencia", "online": "En línea",
        "source": "Fuente", "cite": "Cómo citar este libro", "figures": "Figuras", "tables": "Tablas", "and": "y", "copyright": "Créditos", "made": "Hecho con oerbook.",
        "editions": "Otras ediciones", "earlier": "Está leyendo una edición anterior, {}. La más reciente es {}.",
    },
}  # fmt: skip


def word(book: Book, key: str) -> str:
    """Return a word of the book's language, English where we have no other."""
    return WORDS.get(book.language.split("-")[0], WORDS["en"])[key]


def names(book: Book, people: tuple[Declared, ...]) -> list[str]:
    """Return the names to print for people declared by id or by name."""
    known = {person.id: person.name for person in book.people}
    return [known.get(one.name, one.name) for one in people]


def year(book: Book, epoch: int) -> str:
    """Return the year of the edition."""
    return str(book.date.year) if book.date else str(datetime.fromtimestamp(epoch, UTC).year)


# What stands behind a name and is none: which of several, and degrees; without full stops. "V" and "MA" may be names.
BEHIND_NAMES = frozenset(
    [
        "jr",
        "sr",
        "junior",
        "senior",
        "ii",
        "iii",
        "iv",
        "phd",
        "md",
        "dds",
        "dvm",
        "edd",
        "jd",
        "llm",
        "mba",
        "msc",
        "bsc",
        "mph",
        "dphil",
        "drph",
        "rn",
        "esq",
        "oam",
        "obe",
        "mbe",
        "cbe",
    ]
)


def identifier(book: Book) -> str:
    """Return the book's own identifier: its ISBN, its DOI, or a number made from where it lives and what it is called."""
    if book.isbn:
        return "urn:isbn:" + book.isbn.replace("-", "").replace(" ", "")
    if book.doi:
        return f"https://doi.org/{book.doi}"
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{book.repository or book.url}#{book.title}#{book.language}").urn


def file_as(name: str) -> str:
    """Return a name as a catalogue sorts it.

    >>> file_as("Ada King Lovelace"), file_as("The oerbook contributors"), file_as("Lovelace, Ada")
    ('Lovelace, Ada King', 'oerbook contributors, The', 'Lovelace, Ada')
    >>> file_as("Martin Luther King, Jr."), file_as("Bo Ek III"), file_as("Cy Li, M.D., PhD")
    ('King, Martin Luther, Jr.', 'Ek, Bo, III', 'Li, Cy, M.D., PhD')
    """
    words = name.split()
    if words and words[0].lower() in ("the", "a", "an"):
        return f"{' '.join(words[1:])}, {words[0]}"
    behind: list[str] = []
    while len(words) > 1 and words[-1].strip(",").replace(".", "").casefold() in BEHIND_NAMES:
        behind.insert(0, words.pop().strip(","))
    if words and behind:
        words[-1] = words[-1].rstrip(",")
    filed = name if not behind else " ".join(words)
    if len(words) > 1 and not any(word.endswith(",") for word in words):
        filed = f"{words[-1]}, {' '.join(words[:-1])}"
    return ", ".join([filed, *behind])
