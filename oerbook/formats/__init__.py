"""The shelf of formats: one file each, and one line each in the table."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oerbook.document.manuscript import Manuscript
from oerbook.formats import docx, epub, pdf
from oerbook.formats import print as printed
from oerbook.model import Artifact


class Format(Protocol):
    """What a format's module offers."""

    SUMMARY: str

    def build(self, manuscript: Manuscript, out: Path) -> Artifact:
        """Write the book to `out`."""
        ...


FORMATS: dict[str, Format] = {
    "epub": epub,
    "pdf": pdf,
    "print": printed,
    "docx": docx,
}
