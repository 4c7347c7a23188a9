"""Convert a source and write it as MyST, for the tests of converters."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oerbook.importers.conversion.book_files import BookFiles, NamesInUse, render_book
from oerbook.importers.conversion.chapter_paths import chapter_paths
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.importers.converters import CONVERTERS, find_converter


@dataclass(frozen=True)
class Result:
    """A converted book and its files."""

    format: str
    book: ConvertedBook
    files: BookFiles

    def text(self, path: str) -> str:
        """Return a chapter's text."""
        return self.files.files[f"chapters/{path}"].decode()

    @property
    def codes(self) -> list[str]:
        """The codes of the findings."""
        return [finding.code for finding in self.files.findings]


def convert(source: Path) -> Result:
    """Convert a source with the converter that recognizes it."""
    name = find_converter(source)
    book = CONVERTERS[name].convert(source, ConversionOptions())
    return Result(name, book, render_book(book, chapter_paths(book.chapters), NamesInUse()))


def write_zip(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path
