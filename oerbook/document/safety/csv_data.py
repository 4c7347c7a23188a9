"""Read tables that spreadsheets export: their encodings, and semicolons or tabs between the cells."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils.parsers.rst.directives.tables import CSVTable

BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}


class SpreadsheetTable(CSVTable):
    """A `csv-table` whose `:encoding:` and `:delim:` need not be given."""

    def run(self) -> Any:
        """Return a list with the table."""
        path = self.options.get("file")
        if path and "encoding" not in self.options and not self.content and Path(path).is_file():
            encoding = find_encoding(Path(path).read_bytes())
            if not encoding:
                message = f'Error with CSV data in "{self.name}" directive:\n{Path(path).name} is not text'
                return [self.state.document.reporter.error(message, line=self.lineno)]
            self.options["encoding"] = encoding
        return list(super().run())

    def get_csv_data(self) -> tuple[Any, str]:
        """Return the lines of the table and where they are from; choose the delimiter."""
        lines, source = super().get_csv_data()  # type: ignore[no-untyped-call]
        if "delim" not in self.options:
            header = str(self.options.get("header", "")).splitlines()
            self.options["delim"] = find_delimiter([*header, *(str(line) for line in lines)])
        return lines, str(source)


def find_encoding(data: bytes) -> str:
    """Return the encoding of a text file: UTF-8 or UTF-16, else that of Excel in Western Europe; "" for no text.

    >>> [find_encoding("Säure".encode(encoding)) for encoding in ("utf-8", "cp1252", "utf-16")], find_encoding(b"PK\\0")
    (['utf-8', 'cp1252', 'utf-16'], '')
    """
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return encoding
    if b"\0" in data:  # a workbook
        return ""
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def find_delimiter(lines: list[str]) -> str:
    """Return what separates the cells: a tab or semicolon if it makes a rectangle and the first line has no comma.

    >>> find_delimiter(["acid;pH", "juice;2,4"]), find_delimiter(["acid,pH", "a;b,2"]), find_delimiter(["a; b", "c"])
    (';', ',', ',')
    """
    if _row_lengths(lines[:1], ",") == [1]:
        for delimiter in "\t;":
            lengths = set(_row_lengths(lines, delimiter))
            if len(lengths) == 1 and lengths.pop() > 1:
                return delimiter
    return ","


def _row_lengths(lines: Iterable[str], delimiter: str) -> list[int]:
    """Return how many cells each row that is not empty has; [] if the lines cannot be read so."""
    try:
        return [
            len(row) for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True) if row
        ]
    except csv.Error:
        return []
