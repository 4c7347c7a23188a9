"""Pages of reStructuredText."""

from __future__ import annotations

import re
from pathlib import Path

from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.importers.line_conversion.page import ConvertedPage, SourcePage
from oerbook.importers.line_conversion.single_page import PageSource, convert_single_page, names_beside, read_text
from oerbook.importers.rst_pages.context import BookMarkup, RstContext, normalize_name
from oerbook.importers.rst_pages.convert import convert_page

SUMMARY = "reStructuredText (.rst)"
LABEL = re.compile(r"^\s*\.\. _(`[^`]+`|[^:`]+):\s*$", re.M)


def recognizes(source: Path) -> bool:
    """Say whether a file is a page of reStructuredText, by its name and because it is text."""
    if source.suffix.lower() not in (".rst", ".rest") or not source.is_file():
        return False
    with source.open("rb") as file:
        return b"\0" not in file.read(4000)


def convert(source: Path, options: ConversionOptions) -> ConvertedBook:
    """Read a page as one chapter, with the pictures and pages beside it that it names."""
    names = names_beside(source)
    labels = frozenset(normalize_name(label.strip("`")) for label in LABEL.findall(read_text(source)))

    def convert_text(path: str, text: str) -> ConvertedPage:
        return convert_page(RstContext(SourcePage(path, text, tracked=names), BookMarkup(labels)))

    return convert_single_page(PageSource(source, "reStructuredText", convert_text), options)
