"""The works that a book can cite: the entries of its bibliography files, by key and by DOI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pybtex import errors
from pybtex.bibtex.utils import split_name_list
from pybtex.database import BibliographyData, Entry, Person
from pybtex.exceptions import PybtexError

from oerbook.citations.field_values import dois_of_entry
from oerbook.model.book import Book
from oerbook.model.untyped import Json
from oerbook.source.bibtex_parser import BibtexEntry, BibtexMistake, ParsedBibliography, decode_bibtex, parse_bibtex

NAME_FIELDS = ("author", "editor")
MAX_FILE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class CitationLibrary:
    """Entries by key in lower case (of several with one key, the first), and their keys by DOI in lower case."""

    records: dict[str, BibtexEntry] = field(default_factory=dict)
    keys_by_doi: dict[str, str] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)

    def find_key(self, name: str) -> str:
        """Return the key of the entry that a citation names by key, or by DOI; "" when there is none."""
        record = self.records.get(name.casefold())
        if record is not None:
            return record.key
        doi = name.lower().removeprefix("doi:")
        for prefix in ("https://", "http://", "dx.", "doi.org/"):
            doi = doi.removeprefix(prefix)
        return self.keys_by_doi.get(doi, "")


def bibliography_files(book: Book) -> tuple[str, ...]:
    """Return the bibliography files, relative to `chapters/`.

    These are the files named in the front matter of the book, or else every `.bib` file below `chapters/`.
    """
    chapters = book.root / "chapters"
    configured = [book.root / name for name in book.settings.bibliography_files]
    every = (Path(folder, n) for folder, _, names in os.walk(chapters) for n in names if n.endswith(".bib"))
    paths = configured or sorted(path for path in every if not _is_hidden(path.relative_to(chapters)))
    inside = [path for path in paths if path.is_file() and path.resolve().is_relative_to(book.root.resolve())]
    return tuple(Path(path).relative_to(chapters).as_posix() for path in inside if path.is_relative_to(chapters))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def load_library(paths: Sequence[Path]) -> CitationLibrary:
    """Return the library of some files, parsed once as long as they stay the same."""
    return _library(tuple((str(path), *_state(path)) for path in paths))


def read_bibliography_file(path: Path) -> ParsedBibliography:
    """Return what is in one file."""
    return _file(str(path), *_state(path))


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _file(path: str, moment: int, size: int) -> ParsedBibliography:
    if not moment and not size:
        return ParsedBibliography((), ())
    if size > MAX_FILE_BYTES:
        return ParsedBibliography(
            (), (BibtexMistake(0, "this file is too large for a bibliography, so none of it is read"),)
        )
    text, mistake = decode_bibtex(Path(path).read_bytes())
    found = parse_bibtex(text)
    return ParsedBibliography(found.records, ((mistake,) if mistake else ()) + found.mistakes)


@lru_cache(maxsize=4)
def _library(files: tuple[tuple[str, int, int], ...]) -> CitationLibrary:
    library = CitationLibrary()
    for path, moment, size in files:
        for record in _file(path, moment, size).records:
            key = record.key.casefold()
            if key not in library.records:
                library.records[key] = record
                library.paths[key] = Path(path)
                for doi in dois_of_entry(record):
                    library.keys_by_doi.setdefault(doi, record.key)
    return library


def to_pybtex_data(library: CitationLibrary) -> BibliographyData:
    """Return the entries as pybtex data, which sphinxcontrib-bibtex needs for `:filter:` and for notes."""
    entries: dict[str, Json] = {record.key: _entry(record) for record in library.records.values()}
    return BibliographyData(entries)


def _entry(record: BibtexEntry) -> Entry:
    fields = [(one.name, one.value) for one in record.fields if one.name not in NAME_FIELDS]
    people = {role: _people(record.get(role)) for role in NAME_FIELDS if record.get(role)}
    return Entry(record.kind, fields=fields, persons=people)


def _people(names: str) -> list[Person]:
    with errors.capture():
        try:
            return [Person(name) for name in split_name_list(names) if name.strip()]
        except PybtexError:
            return [Person(last=names)]
