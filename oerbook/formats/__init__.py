"""Formats: one module per kind of output file, and the table of them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oerbook.formats.docx import build as docx
from oerbook.formats.epub import build as epub
from oerbook.formats.pdf import build as pdf
from oerbook.formats.pdf import print_edition as printed
from oerbook.manuscript.manuscript import Manuscript
from oerbook.model.artifacts import Artifact


class Format(Protocol):
    """The interface of a format's module."""

    def build(self, manuscript: Manuscript, out: Path) -> Artifact:
        """Write the book to `out`."""
        ...


FORMATS: dict[str, Format] = {
    "epub": epub,
    "pdf": pdf,
    "print": printed,
    "docx": docx,
}
