"""Report what is wrong in bibliography files, each mistake at its own line, and in the works that a book shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path

from oerbook.citations import library as libraries
from oerbook.citations.csl_references import ConvertedEntry, parent_keys
from oerbook.citations.field_values import normalize_name_separators, unescape_latex
from oerbook.citations.library import CitationLibrary
from oerbook.document.context.build_context import BuildContext
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.bibtex_parser import BibtexEntry

CORRECT_ENTRY_HINT = "Correct the entry in the .bib file."
MISSING_FIELD_HINT = "Add it to the entry, or choose a type that needs none, such as @misc."
NAME_SEPARATOR_HINT = (
    "Write “and” between names: Lee, Ada and Roe, Jan. Put the name of an organisation in braces of its own."
)
TYPES_WITH_AUTHOR = frozenset(
    [
        "article",
        "book",
        "inbook",
        "incollection",
        "inproceedings",
        "conference",
        "proceedings",
        "collection",
        "report",
        "techreport",
        "thesis",
        "phdthesis",
        "mastersthesis",
    ]
)
CONTAINER_FIELDS_BY_TYPE = {"article": ("journal", "journaltitle", "issuetitle")} | dict.fromkeys(
    ("inbook", "incollection", "inproceedings", "conference"), ("booktitle", "maintitle")
)
AUTHOR_FIELDS = ("author", "editor", "organization", "institution", "translator", "school")
DATE_FIELDS = ("year", "date", "pubstate", "issued", "eventdate", "origdate")
TITLE_FIELDS = ("title", "booktitle", "maintitle", "shorttitle", "label")
URL_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.I)
WEB_SCHEMES = frozenset({"http", "https", "ftp", "doi"})
MAX_NAME_COMMAS = 2


def report_bibliography_files(context: BuildContext, files: Iterable[str]) -> None:
    """Report the mistakes of bibliography files, named relative to `chapters/`."""
    for name in files:
        for mistake in libraries.read_bibliography_file(context.book.root / "chapters" / name).mistakes:
            _report(context, f"chapters/{name}", mistake.line, mistake.message)


def report_listed_works(
    context: BuildContext,
    records: Iterable[BibtexEntry],
    converted: Mapping[str, ConvertedEntry],
    library: CitationLibrary,
) -> None:
    """Report what the works that the book shows lack, and what of them could not be read."""
    for record in records:
        path = _path(context, library.paths[record.key.casefold()])
        for message in converted[record.key].mistakes:
            _report(context, path, record.line, f"the entry {record.key} has a mistake: {message}")
        for line, message in find_bad_name_separators(record):
            _report(context, path, line, message, NAME_SEPARATOR_HINT)
        scheme = URL_SCHEME.match(unescape_latex(record.get("url")))
        if scheme and scheme[1].lower() not in WEB_SCHEMES:
            message = f"the address of the entry {record.key} begins with {scheme[1]}:, so it is no link"
            hint = "Write a web address (https://…), or remove the field url."
            context.add_finding("", Finding("link-scheme", message, Place(path, record.line), Severity.WARNING, hint))
        missing = ", ".join(find_missing_fields(record, library.records))
        if missing:
            message = f"the entry {record.key} has no {missing}"
            severity = Severity.WARNING if "title" in missing.split(", ") else Severity.INFO
            context.add_finding(
                "", Finding("bibliography-incomplete", message, Place(path, record.line), severity, MISSING_FIELD_HINT)
            )


def _report(context: BuildContext, path: str, line: int, message: str, hint: str = CORRECT_ENTRY_HINT) -> None:
    context.add_finding("", Finding("bibliography-invalid", message, Place(path, line), Severity.WARNING, hint))


def _path(context: BuildContext, path: Path) -> str:
    return path.relative_to(context.book.root).as_posix()


def find_missing_fields(record: BibtexEntry, library: Mapping[str, BibtexEntry]) -> Iterator[str]:
    """Yield the fields without which a reader cannot tell a work.

    >>> from oerbook.source.bibtex_parser import parse_bibtex
    >>> list(find_missing_fields(parse_bibtex("@article{a, author = {Lee, Ada}, title = {Soil}}").records[0], {}))
    ['year', 'journal']
    """
    family = [record, *(library[key] for key in parent_keys(record, library))]
    present = {field.name for one in family for field in one.fields if field.value.strip()}
    if not present.intersection(TITLE_FIELDS):
        yield "title"
    if record.kind in TYPES_WITH_AUTHOR:
        if not present.intersection(AUTHOR_FIELDS):
            yield "author"
        if not present.intersection(DATE_FIELDS):
            yield "year"
    inside = CONTAINER_FIELDS_BY_TYPE.get(record.kind, ())
    if inside and not present.intersection(inside) and len(family) == 1:
        yield inside[0]


def find_bad_name_separators(record: BibtexEntry) -> Iterator[tuple[int, str]]:
    """Yield the line and a message for names that something else than “and” stands between.

    >>> from oerbook.source.bibtex_parser import parse_bibtex
    >>> list(find_bad_name_separators(parse_bibtex("@book{a, author = {Lee, Ada; Roe, Jan}}").records[0]))
    [(1, 'something else than “and” stands between names in the author of the entry a: Lee, Ada; Roe, Jan')]
    """
    for field in record.fields:
        if field.name not in {"author", "editor"}:
            continue
        for name in re.split(r"\s+and\s+", re.sub(r"\{[^{}]*\}", "", field.value), flags=re.I):
            if "family=" in name.replace(" ", ""):  # biblatex names the parts of a name
                continue
            if name.count(",") > MAX_NAME_COMMAS or normalize_name_separators(unescape(name)) != unescape(name):
                where = f"the {field.name} of the entry {record.key}"
                yield field.line, f"something else than “and” stands between names in {where}: {name.strip()[:60]}"
                break
