"""Find out which names a book has already, so that an import takes none of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import yaml

from oerbook.importers.conversion.book_files import NamesInUse, citation_keys
from oerbook.model.book import Book
from oerbook.source.front_matter import split_front_matter
from oerbook.source.text import load_page_text

LABEL = re.compile(r"^[ \t>]*(?:\(([^()\s]+)\)=|:(?:name|label):[ \t]*(\S+))|\{#([\w:.-]+)", re.M)


def find_names_in_use(book: Book) -> NamesInUse:
    """Return the labels, pictures, people and citation keys of a book."""
    labels: set[str] = set()
    for chapter in (book.index, *book.chapters):
        text, _problem = load_page_text(book.root / chapter.path, book.root)
        labels |= find_labels(text)
    folder = book.root / "chapters" / "images"
    pictures = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    bibliographies = sorted((book.root / "chapters").rglob("*.bib"))
    keys = frozenset().union(*(citation_keys(_read(path)) for path in bibliographies))
    people = {person.name: person.id for person in book.people}
    return NamesInUse(frozenset(labels), frozenset(pictures), people, keys, book.license)


def with_files(taken: NamesInUse, files: Mapping[str, bytes]) -> NamesInUse:
    """Return the names in use once some files are in the book, too."""
    labels, pictures, keys = set(taken.labels), set(taken.pictures), set(taken.citation_keys)
    people = dict(taken.people)
    for path, data in files.items():
        name = PurePosixPath(path)
        if path.startswith("chapters/images/"):
            pictures.add(name.name)
        elif name.suffix == ".md" and name.parts[0] == "contributors":
            people[front_matter_name(data.decode())] = name.stem
        elif name.suffix == ".md":
            labels |= find_labels(data.decode())
        elif name.suffix == ".bib":
            keys |= citation_keys(data.decode())
    return replace(
        taken, labels=frozenset(labels), pictures=frozenset(pictures), people=people, citation_keys=frozenset(keys)
    )


def find_labels(text: str) -> set[str]:
    r"""Return the labels that a page defines, in lower case.

    >>> sorted(find_labels("(soil)=\n# Soil\n\n:name: Fig-1\n"))
    ['fig-1', 'soil']
    """
    return {name.casefold() for groups in LABEL.findall(text) for name in groups if name}


def front_matter_name(text: str) -> str:
    """Return the name in the file of a person."""
    front, _line = split_front_matter(text)
    values = yaml.safe_load(front or "") or {}
    return str(values.get("name", ""))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
