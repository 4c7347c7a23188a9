"""Labels in the book's language, its year and identifier, and catalogue names."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

from oerbook.model.book import Book
from oerbook.model.people import NamedPerson
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP
from oerbook.text.translations import translate

# In English; translated in the catalogs.
LABELS = {
    "contents": "Contents",
    "pages": "Pages",
    "index": "Index",
    "edited": "Edited by",
    "edition": "Edition",
    "published": "Published by",
    "license": "This book is licensed under",
    "online": "Online",
    "source": "Source",
    "cite": "How to cite this book",
    "cite_chapter": "How to cite this chapter",
    "excerpt": "This is a chapter of",
    "license_of_chapter": "This chapter is licensed under",
    "cited_in": "Cited in",
    "figures": "Figures",
    "tables": "Tables",
    "copyright": "Copyright page",
    "proof": "Proof",
    "show": "Show",
    "not_found": "There is no page here",
    "not_found_hint": "It may have moved. The contents and the search lead to all pages of the book.",
    "paperback": "paperback",
    "hardcover": "hardcover",
    "print": "print",
    "set_in": "Set in {}.",
    "made": "Made with oerbook {version}.",
    "made_from": "Made with oerbook {version} from commit {commit} of {date}.",
    "paper": "Paper of the PDF: {size}.",
    "editions": "Other editions",
    "earlier": "You are reading an earlier edition, {}. The newest is {}.",
}


def translated_label(book: Book, key: str) -> str:
    """Return a label in the book's language, or in English if there is no translation."""
    return translate(book.language, LABELS[key])


def names_of_declared_people(book: Book, people: tuple[NamedPerson, ...]) -> list[str]:
    """Return the names of people who are declared by id or by name."""
    names_by_id = {person.id: person.name for person in book.people}
    return [names_by_id.get(person.name, person.name) for person in people]


def publication_year(book: Book, epoch: int) -> str:
    """Return the year of publication, of the book's date or else of `epoch` in seconds since 1970.

    Before the first commit, `epoch` is the earliest time of a zip file: then the year is unknown, "".
    """
    if book.date:
        return str(book.date.year)
    return str(datetime.fromtimestamp(epoch, UTC).year) if epoch > MIN_ZIP_TIMESTAMP else ""


NOTE_AFTER_NAME = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")
# Suffixes and degrees after a name, without full stops. "V" and "MA" are left out: they may be names.
NAME_SUFFIXES = frozenset(
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


# Last words of names of groups, which have no family name.
GROUP_WORDS = frozenset(
    [
        "association",
        "authors",
        "collective",
        "community",
        "consortium",
        "contributors",
        "foundation",
        "group",
        "initiative",
        "institute",
        "maintainers",
        "network",
        "project",
        "society",
        "team",
        "university",
    ]
)


def is_group_name(name: str) -> bool:
    """Return whether a name is that of a group of people.

    >>> is_group_name("The Soil Community"), is_group_name("Jupyter development team"), is_group_name("Ada Group Lee")
    (True, True, False)
    """
    words = name.casefold().split()
    return len(words) > 1 and (words[0] == "the" or words[-1] in GROUP_WORDS)


def book_identifier(book: Book, file_format: str = "") -> str:
    """Return the unique identifier of the book, or of one of its formats: ISBN, DOI or UUID.

    The UUID is derived from its URL, title and language.
    """
    isbn = dict(book.isbns).get(file_format, "") if book.isbns and file_format else book.isbn
    if isbn:
        return "urn:isbn:" + isbn.replace("-", "").replace(" ", "")
    if book.doi:
        return f"https://doi.org/{book.doi}"
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{book.repository or book.url}#{book.title}#{book.language}").urn


def sort_name(name: str) -> str:
    """Return a name in catalogue form, surname first.

    >>> sort_name("Ada King Lovelace"), sort_name("The oerbook contributors"), sort_name("Lovelace, Ada")
    ('Lovelace, Ada King', 'oerbook contributors, The', 'Lovelace, Ada')
    >>> sort_name("Ada Lee (she/her)"), sort_name("(anonymous)")
    ('Lee, Ada', '(anonymous)')
    >>> sort_name("Martin Luther King, Jr."), sort_name("Bo Ek III"), sort_name("Cy Li, M.D., PhD")
    ('King, Martin Luther, Jr.', 'Ek, Bo, III', 'Li, Cy, M.D., PhD')
    """
    words = NOTE_AFTER_NAME.sub("", name).split()
    if words and words[0].lower() in ("the", "a", "an"):
        return f"{' '.join(words[1:])}, {words[0]}"
    suffixes: list[str] = []
    while len(words) > 1 and words[-1].strip(",").replace(".", "").casefold() in NAME_SUFFIXES:
        suffixes.insert(0, words.pop().strip(","))
    if words and suffixes:
        words[-1] = words[-1].rstrip(",")
    inverted = name if not suffixes else " ".join(words)
    if len(words) > 1 and not any(part.endswith(",") for part in words):
        inverted = f"{words[-1]}, {' '.join(words[:-1])}"
    return ", ".join([inverted, *suffixes])
