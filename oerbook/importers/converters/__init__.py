"""Converters: one module per format of files that chapters or whole books can be imported from, and their table."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.importers.converters import (
    cnxml,
    docx,
    epub,
    gutenberg,
    html,
    markdown,
    mediawiki,
    odt,
    pressbooks,
    pretext,
    rst,
)


class Converter(Protocol):
    """The interface of a converter's module."""

    SUMMARY: str

    def recognizes(self, source: Path) -> bool:
        """Say by its content whether a file or folder is of this format; fast, and never raises."""
        ...

    def convert(self, source: Path, options: ConversionOptions) -> ConvertedBook:
        """Read a source that was recognized; raise OerbookError if it cannot be read at all."""
        ...


# In the order in which they are asked: the most specific first.
CONVERTERS: dict[str, Converter] = {
    "docx": docx,
    "odt": odt,
    "epub": epub,
    "cnxml": cnxml,
    "pressbooks": pressbooks,
    "pretext": pretext,
    "gutenberg": gutenberg,
    "mediawiki": mediawiki,
    "markdown": markdown,
    "rst": rst,
    "html": html,
}


def find_converter(source: Path) -> str:
    """Return the name of the converter for a file or folder, "" if there is none."""
    return next((name for name, converter in CONVERTERS.items() if converter.recognizes(source)), "")
