"""Importers: one module per kind of book that can be adopted, and their table."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oerbook.importers import jupyter_book, mystmd, sphinx_book
from oerbook.model.artifacts import ImportPlan


class Importer(Protocol):
    """The interface of an importer's module."""

    SUMMARY: str

    def recognise(self, root: Path) -> Path | None:
        """Return the folder of the book's pages, None for other kinds of books."""
        ...

    def read(self, root: Path, base: Path, tracked: list[str]) -> ImportPlan:
        """Return which files to move and write; change nothing and run nothing."""
        ...


IMPORTERS: dict[str, Importer] = {
    "jupyter-book": jupyter_book,
    "mystmd": mystmd,
    "sphinx": sphinx_book,
}
