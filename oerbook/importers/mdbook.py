"""Import mdBook books: `book.toml` and `SUMMARY.md`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.line_conversion.plan import group_chapters
from oerbook.importers.markdown_pages.book import MarkdownBook, plan_markdown_book
from oerbook.importers.markdown_pages.contents import SummaryReader
from oerbook.importers.reading.author_names import read_authors
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

SUMMARY = "mdBook (book.toml, SUMMARY.md)"
MARKUP = "Markdown (mdBook)"


def find_books(tracked: Sequence[str], root: Path) -> list[str]:
    """Return the paths of the `book.toml` files whose folder of sources has a `SUMMARY.md`."""
    return [
        name
        for name in find_settings(tracked, "book.toml")
        if (_source_folder(root / name, _read_toml(root / name)) / "SUMMARY.md").is_file()
    ]


def _read_toml(path: Path) -> dict[str, Yaml]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _source_folder(settings: Path, data: Mapping[str, Yaml]) -> Path:
    name = str(common.get_mapping(data, "book").get("src") or "src")
    return settings.parent / ("src" if ".." in name.split("/") or name.startswith("/") else name)


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of an mdBook book."""
    root, data = book.root, _read_toml(book.settings_path)
    section = common.get_mapping(data, "book")
    base = _source_folder(book.settings_path, data)
    summary = f"{common.book_folder(root, base)}/SUMMARY.md".lstrip("/")
    reader = SummaryReader(base, summary)
    entries = reader.entries(common.read_page(root / summary))
    html = common.get_mapping(common.get_mapping(data, "output"), "html")
    findings: list[Finding] = []
    for name in common.get_mapping(data, "preprocessor"):
        message = f"the preprocessor {name} is not run; what it adds to pages is missing"
        place = Place(book.settings_file, common.find_value_line(book.settings_path, f"preprocessor.{name}]"))
        findings.append(common.make_finding("import-unsupported", message, place))
    if not data:
        message = "this file cannot be read"
        findings.append(
            common.make_finding("import-config-unreadable", message, Place(book.settings_file), warning=True)
        )
    facts: dict[str, Yaml] = {
        "title": str(section.get("title") or ""),
        "description": str(section.get("description") or ""),
        "authors": [name for item in common.to_list(section.get("authors")) for name in read_authors(str(item))[0]],
        "language": str(section.get("language") or ""),
        "repository": str(html.get("git-repository-url") or ""),
        "url": str(html.get("site-url") or "") if str(html.get("site-url") or "").startswith("http") else "",
    }
    dollar_math = any("tex" in name or "math" in name for name in common.get_mapping(data, "preprocessor"))
    files = (book.settings_file, summary)
    notes = (*findings, *reader.findings)
    return plan_markdown_book(
        MarkdownBook(
            book, base, "mdbook", MARKUP, facts, group_chapters(entries), reader.pages, files, notes, dollar_math
        )
    )
