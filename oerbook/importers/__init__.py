"""The shelf of importers: one file for each kind of book that can be adopted."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oerbook.importers import jupyter_book, mystmd, sphinx_book
from oerbook.model.artifacts import Draft


class Importer(Protocol):
    """What an importer's module offers."""

    SUMMARY: str

    def recognise(self, root: Path) -> Path | None:
        """Return the folder that holds the book's pages, if this is a book of its kind."""
        ...

    def read(self, root: Path, base: Path, tracked: list[str]) -> Draft:
        """Return what has to be moved and written; nothing on the disk is changed and nothing of the book is run."""
        ...


IMPORTERS: dict[str, Importer] = {
    "jupyter-book": jupyter_book,
    "mystmd": mystmd,
    "sphinx": sphinx_book,
}
