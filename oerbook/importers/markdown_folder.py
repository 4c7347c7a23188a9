"""Import folders of Markdown files and notebooks that no tool describes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from oerbook.importers.common import PROJECT_FILE_NAMES, book_folder
from oerbook.importers.markdown_pages.book import MarkdownBook, plan_markdown_book
from oerbook.importers.markdown_pages.folder import OPENING_PAGE, PAGE_SUFFIXES, folder_entries
from oerbook.importers.reading.foreign_book import EXAMPLE_FOLDERS, ForeignBook, names_below
from oerbook.model.artifacts import ImportPlan

SUMMARY = "Markdown files or notebooks in a folder"
MIN_PAGES = 2


def find_books(tracked: Sequence[str], _root: Path) -> list[str]:
    """Return the first page of the folder with most pages, if it has several; the root if it has some itself."""
    counts = Counter(_top_folder(name) for name in tracked if _is_page(PurePosixPath(name)))
    if sum(counts.values()) < MIN_PAGES:
        return []
    largest = max(counts, key=lambda name: (counts[name], name))
    folder = "" if counts[""] or 2 * counts[largest] < sum(counts.values()) else largest
    pages: list[str] = []
    folder_entries(names_below(tracked, folder), pages)
    return [f"{folder}/{name}".lstrip("/") for name in pages[:1]]


def _top_folder(name: str) -> str:
    return name.split("/")[0] if "/" in name else ""


def _is_page(path: PurePosixPath) -> bool:
    in_examples = any(EXAMPLE_FOLDERS.match(part) for part in path.parts[:-1])
    return path.suffix in PAGE_SUFFIXES and not PROJECT_FILE_NAMES.match(path.name) and not in_examples


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a folder of pages."""
    root = book.root
    top = book.settings_file.split("/")[0] if "/" in book.settings_file else ""
    base = root / top if top and (root / top).is_dir() else root
    pages: list[str] = []
    entries = folder_entries(names_below(book.tracked, book_folder(root, base)), pages)
    pages.sort(key=lambda name: not OPENING_PAGE.fullmatch(name))
    return plan_markdown_book(MarkdownBook(book, base, "markdown", "Markdown", {}, entries, pages))
