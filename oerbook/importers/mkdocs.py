"""Import MkDocs sites: `mkdocs.yml` with `nav`, or all pages of its folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.markdown_pages.book import MarkdownBook, plan_markdown_book
from oerbook.importers.markdown_pages.folder import folder_entries
from oerbook.importers.reading.author_names import read_authors
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings, names_below
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

SUMMARY = "MkDocs (mkdocs.yml)"
READ_KEYS = frozenset(
    ["site_name", "site_url", "site_description", "site_author", "repo_url", "docs_dir", "nav", "copyright",
     "markdown_extensions", "repo_name", "edit_uri", "site_dir"]
)  # fmt: skip
MAX_ALIASES = 50


def find_books(tracked: Sequence[str], _root: Path) -> list[str]:
    """Return the paths of the `mkdocs.yml` files."""
    return [*find_settings(tracked, "mkdocs.yml"), *find_settings(tracked, "mkdocs.yaml")]


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a MkDocs site."""
    root = book.root
    data, findings = _read_settings(book)
    docs = str(data.get("docs_dir") or "docs")
    base = book.settings_folder / ("docs" if ".." in docs.split("/") or docs.startswith("/") else docs)
    reader = NavReader(base, book)
    names = names_below(book.tracked, common.book_folder(root, base))
    entries = reader.entries(data["nav"]) if data.get("nav") else folder_entries(names, reader.pages)
    reader.move_first(("index.md", "README.md"))
    for key in data:
        if key not in READ_KEYS:
            place = Place(book.settings_file, common.find_key_line(book.settings_path, str(key)))
            message = f"{key}: not carried over, there is no equivalent"
            findings.append(common.make_finding("import-unsupported", message, place))
    dollar_math = re.search(r"arithmatex|katex|mathjax", common.read_page(book.settings_path), re.I) is not None
    facts: dict[str, Yaml] = {
        "title": str(data.get("site_name") or ""),
        "description": str(data.get("site_description") or ""),
        "authors": read_authors(str(data.get("site_author") or ""))[0],
        "license": str(data.get("copyright") or ""),
        "numbering": False,
        "repository": str(data.get("repo_url") or "").rstrip("/"),
        "url": str(data.get("site_url") or "").rstrip("/"),
    }
    return plan_markdown_book(
        MarkdownBook(
            book, base, "mkdocs", "Markdown (MkDocs)", facts, entries, reader.pages, (book.settings_file,),
            (*findings, *reader.findings), dollar_math,
        )
    )  # fmt: skip


class _Loader(yaml.SafeLoader):
    """Reads `mkdocs.yml`, whose tags name Python objects: these are read as text."""


_Loader.add_multi_constructor("", lambda _loader, _suffix, node: str(getattr(node, "value", "")))
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda _loader, suffix, _node: suffix)


def _read_settings(book: ForeignBook) -> tuple[dict[str, Yaml], list[Finding]]:
    text = common.read_page(book.settings_path)
    try:
        has_many_aliases = sum(isinstance(t, yaml.AliasToken) for t in yaml.scan(text, Loader=_Loader)) > MAX_ALIASES
        data = None if has_many_aliases else yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return data, []
    message = "this file cannot be read"
    return {}, [common.make_finding("import-config-unreadable", message, Place(book.settings_file), warning=True)]


class NavReader:
    """Reads `nav:` and lists the pages and the problems."""

    def __init__(self, base: Path, book: ForeignBook) -> None:
        self.base, self.book = base, book
        self.pages: list[str] = []
        self.findings: list[Finding] = []

    def entries(self, items: Yaml) -> list[TocEntry]:
        """Return the entries of a list of pages and sections."""
        return [entry for item in common.to_list(items) for entry in self._entry(item)]

    def _entry(self, item: Yaml) -> list[TocEntry]:
        if isinstance(item, str):
            return self._page(item, "")
        if not isinstance(item, Mapping):
            return []
        entries: list[TocEntry] = []
        for title, value in item.items():
            if isinstance(value, list):
                children = self.entries(value)
                entries += [{"title": str(title), "children": children}] if children else []
            else:
                entries += self._page(str(value or ""), str(title))
        return entries

    def _page(self, name: str, title: str) -> list[TocEntry]:
        place = Place(self.book.settings_file, common.find_value_line(self.book.settings_path, name))
        if re.match(r"https?:", name):
            message = f"the link {name} in the table of contents is not imported"
            self.findings.append(common.make_finding("import-toc-link", message, place))
            return []
        path = name.lstrip("./")
        if path.endswith("/") or (self.base / path).is_dir():
            folder = path.rstrip("/")
            inner = names_below(self.book.tracked, common.book_folder(self.book.root, self.base / folder))
            found = [f"{folder}/{n}" for n in inner if n.endswith((".md", ".ipynb"))]
            return folder_entries(found, self.pages)
        if path in self.pages:
            return []
        if not common.has_file(self.base, path) or not path.endswith((".md", ".markdown", ".ipynb")):
            message = f"{name} is listed, but there is no such page"
            self.findings.append(common.make_finding("import-page-missing", message, place, warning=True))
            return []
        self.pages.append(path)
        return [{"file": path, **({"title": title} if title else {})}]

    def move_first(self, names: Sequence[str]) -> None:
        """Put the page that opens the site first among the pages."""
        first = next((name for name in names if name in self.pages), "")
        if first:
            self.pages.remove(first)
            self.pages.insert(0, first)
