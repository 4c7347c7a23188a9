"""Importers: one module per kind of book that can be adopted, and their table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from oerbook.importers import (
    bookdown,
    gitbook,
    jupyter_book,
    markdown_folder,
    mdbook,
    mkdocs,
    mystmd,
    quarto,
    sphinx_book,
    sphinx_rst,
)
from oerbook.importers.reading.foreign_book import ForeignBook
from oerbook.model.artifacts import ImportPlan


class Importer(Protocol):
    """The interface of an importer's module."""

    SUMMARY: str

    def find_books(self, tracked: Sequence[str], root: Path) -> list[str]:
        """Return the files that describe a book of this kind, relative to `root`, the likeliest first."""
        ...

    def read(self, book: ForeignBook) -> ImportPlan:
        """Return which files to move and write; change nothing and run nothing."""
        ...


IMPORTERS: dict[str, Importer] = {
    "jupyter-book": jupyter_book,
    "mystmd": mystmd,
    "sphinx": sphinx_book,
    "sphinx-rst": sphinx_rst,
    "quarto": quarto,
    "bookdown": bookdown,
    "mdbook": mdbook,
    "gitbook": gitbook,
    "mkdocs": mkdocs,
    "markdown": markdown_folder,
}
