"""Import GitBook and HonKit books: `SUMMARY.md`, with `book.json` or `.gitbook.yaml` if there is one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.markdown_pages.book import MarkdownBook, plan_markdown_book
from oerbook.importers.markdown_pages.contents import SummaryReader
from oerbook.importers.reading.author_names import read_authors
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings
from oerbook.model.artifacts import ImportPlan
from oerbook.model.untyped import Yaml

SUMMARY = "GitBook, HonKit (SUMMARY.md)"


def find_books(tracked: Sequence[str], _root: Path) -> list[str]:
    """Return the paths of the `SUMMARY.md` files that belong to no mdBook."""
    books = {name.rpartition("/")[0] for name in tracked if name.rpartition("/")[2] == "book.toml"}
    names = [*find_settings(tracked, "SUMMARY.md"), *find_settings(tracked, "summary.md")]
    return [name for name in names if not _has_book_toml(name, books)]


def _has_book_toml(name: str, books: set[str]) -> bool:
    folder = name.rpartition("/")[0]
    return folder in books or folder.rpartition("/")[0] in books


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a GitBook book."""
    root, base = book.root, book.settings_folder
    reader = SummaryReader(base, book.settings_file)
    entries = reader.entries(common.read_page(book.settings_path))
    folders = list(dict.fromkeys([base, base.parent if base != root else base, root]))
    settings_path = next((folder / "book.json" for folder in folders if (folder / "book.json").is_file()), None)
    settings = _read_json(settings_path) if settings_path else {}
    variables = {str(key): str(value) for key, value in common.get_mapping(settings, "variables").items()}
    variables.setdefault("language", _language_of_folder(book.settings_file))
    facts: dict[str, Yaml] = {
        "title": str(settings.get("title") or ""),
        "description": str(settings.get("description") or ""),
        "authors": read_authors(str(settings.get("author") or ""))[0],
        "language": str(settings.get("language") or "") or _language_of_folder(book.settings_file),
        "numbering": False,
        "repository": str(_plugin(settings, "github").get("url") or ""),
    }
    used = [book.settings_file, *(path.relative_to(root).as_posix() for path in (settings_path,) if path)]
    used += [name for name in (".gitbook.yaml", "_book", "LANGS.md") if name in book.tracked]
    return plan_markdown_book(
        MarkdownBook(
            book, base, "gitbook", "Markdown (GitBook)", facts, entries, reader.pages, tuple(used),
            tuple(reader.findings), dollar_math=False, variables=variables,
        )
    )  # fmt: skip


def _read_json(path: Path) -> Mapping[str, Yaml]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _plugin(settings: Mapping[str, Yaml], name: str) -> Mapping[str, Yaml]:
    return common.get_mapping(common.get_mapping(settings, "pluginsConfig"), name)


def _language_of_folder(name: str) -> str:
    """Return the language that a folder of a book in several languages is named after.

    >>> _language_of_folder("pt-br/SUMMARY.md"), _language_of_folder("docs/SUMMARY.md")
    ('pt-br', '')
    """
    match = re.match(r"(?P<tag>[a-z]{2}(?:-[a-z]{2})?)/[^/]+$", name)
    return match["tag"] if match else ""
