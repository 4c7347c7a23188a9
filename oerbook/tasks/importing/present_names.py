"""Find out which names a book has already, so that an import takes none of them."""

from __future__ import annotations

import re
from pathlib import Path

from oerbook.importers.conversion.book_files import Taken, citation_keys
from oerbook.model.book import Book
from oerbook.source.text import load_page_text

LABEL = re.compile(r"^[ \t>]*(?:\(([^()\s]+)\)=|:(?:name|label):[ \t]*(\S+))|\{#([\w:.-]+)", re.M)


def find_taken(book: Book) -> Taken:
    """Return the labels, pictures, people and citation keys of a book."""
    labels: set[str] = set()
    for chapter in (book.index, *book.chapters):
        text, _problem = load_page_text(book.root / chapter.path, book.root)
        labels |= {name.casefold() for groups in LABEL.findall(text) for name in groups if name}
    folder = book.root / "chapters" / "images"
    pictures = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    bibliographies = sorted((book.root / "chapters").rglob("*.bib"))
    keys = frozenset().union(*(citation_keys(_read(path)) for path in bibliographies))
    people = {person.name: person.id for person in book.people}
    return Taken(frozenset(labels), frozenset(pictures), people, keys, book.license)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
