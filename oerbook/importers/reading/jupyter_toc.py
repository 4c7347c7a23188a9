"""Convert `_toc.yml` of Jupyter Book 1, in all its formats, to a table of contents as in mystmd."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

# Keys whose lists hold pages, in Jupyter Book and in sphinx-external-toc.
CHILD_KEYS = ("chapters", "sections", "entries", "items")
PART_KEYS = ("parts", "subtrees")


def listed_names(toc: Yaml) -> list[str]:
    """Return the names of all pages in a table of contents.

    >>> listed_names({"root": "intro", "parts": [{"chapters": [{"file": "a"}]}]})
    ['intro', 'a']
    """
    if isinstance(toc, list):
        return [name for item in toc for name in listed_names(item)]
    if not isinstance(toc, Mapping):
        return []
    own = [str(toc[key]) for key in ("root", "file") if toc.get(key)]
    return own + [name for key in (*PART_KEYS, *CHILD_KEYS) for name in listed_names(toc.get(key))]


class JupyterTocReader:
    """Converts `_toc.yml` to entries, and lists the pages and the problems."""

    def __init__(self, base: Path, toc_file: Path, toc_name: str) -> None:
        self.base, self.toc_file, self.toc_name = base, toc_file, toc_name
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.root_page = ""
        self.numbered = False

    def entries(self, toc: Yaml) -> list[TocEntry]:
        """Return the entries of either format; parts that differ from a numbered book say so."""
        if isinstance(toc, list):
            entries = self._read_list_format(toc)
        elif isinstance(toc, Mapping):
            entries = self._read_mapping(toc)
        else:
            self._report("import-config-unreadable", "there is no table of contents in this file", warning=True)
            entries = []
        return common.simplify_parts(entries, self.numbered)

    def _read_mapping(self, toc: Mapping[str, Yaml]) -> list[TocEntry]:
        root = self._page(str(toc.get("root", "")))
        self.root_page = self.pages[0] if self.pages else ""
        options = [toc.get("options"), toc.get("defaults"), toc]
        default = next((o["numbered"] for o in options if isinstance(o, Mapping) and "numbered" in o), False)
        parts = next((toc[key] for key in PART_KEYS if isinstance(toc.get(key), list)), None)
        if parts is None:
            entries = [self._as_part("", self._children(toc), default)]
        else:
            entries = [self._part(part, default) for part in parts if isinstance(part, Mapping)]
        self.numbered = any(entry["numbered"] for entry in entries)
        # Jupyter Book gives the root page no number.
        return [*([self._as_part("", root, False)] if root else []), *entries]

    def _part(self, part: Mapping[str, Yaml], default: Yaml) -> TocEntry:
        title = str(part.get("caption") or part.get("part") or part.get("title") or "").strip()
        options = common.get_mapping(part, "options")
        return self._as_part(title, self._children(part), part.get("numbered", options.get("numbered", default)))

    def _as_part(self, title: str, children: list[TocEntry], numbered: Yaml) -> TocEntry:
        """Return a part; `numbered` is True, False or the number of levels that have numbers."""
        depth = numbered if isinstance(numbered, int) else bool(numbered)
        return {**({"title": title} if title else {}), "numbered": depth, "children": children}

    def _children(self, item: Mapping[str, Yaml]) -> list[TocEntry]:
        """Return the entries of all lists of pages in an item."""
        entries: list[TocEntry] = []
        for key in (*CHILD_KEYS, *PART_KEYS):
            for child in common.to_list(item.get(key)):
                entries += self._child(child) if key in CHILD_KEYS else self._nested_part(child)
        return entries

    def _nested_part(self, part: Yaml) -> list[TocEntry]:
        return self._children(part) if isinstance(part, Mapping) else []

    def _child(self, item: Yaml) -> list[TocEntry]:
        if not isinstance(item, Mapping):
            return self._page(str(item))
        if item.get("glob"):
            return self._glob(str(item["glob"]))
        if item.get("url"):
            self._report("import-toc-link", f"the link {item['url']} in the table of contents is not imported")
            return []
        pages = self._page(str(item["file"])) if item.get("file") else []
        children = self._children(item)
        if pages and item.get("title"):
            pages[0]["title"] = str(item["title"])
        if pages and children:
            pages[0]["children"] = children
        return pages or children

    def _read_list_format(self, items: list[Yaml]) -> list[TocEntry]:
        """Read the list format of Jupyter Book 0.x: files, parts, headers and dividers are in one list."""
        entries: list[TocEntry] = []
        part: TocEntry | None = None
        for item in items:
            if not isinstance(item, Mapping):
                continue
            self.numbered = self.numbered or bool(item.get("numbered"))
            if item.get("part") or item.get("header"):
                part = {"title": str(item.get("part") or item.get("header")), "children": []}
                part["children"] += self._children(item)
                entries.append(part)
            elif item.get("file") or item.get("glob") or item.get("url"):
                siblings = part["children"] if part is not None else entries
                siblings += self._child(item)
        return [entry for entry in entries if entry.get("children") or entry.get("file")]

    def _glob(self, pattern: str) -> list[TocEntry]:
        return [entry for name in common.glob_pages(self.base, pattern) for entry in self._page(name, quiet=True)]

    def _page(self, name: str, quiet: bool = False) -> list[TocEntry]:
        page = common.find_page(self.base, name)
        if page is None:
            if name and not quiet:
                self._report_missing(name)
            return []
        if page in self.pages:
            if not quiet:
                message = f"{name} is listed twice; only the first entry is imported"
                self._report("import-page-duplicate", message, warning=True, value=name)
            return []
        self.pages.append(page)
        return [] if page == "index.md" and len(self.pages) == 1 else [{"file": page}]

    def _report_missing(self, name: str) -> None:
        message = f"{name} is listed, but there is no such .md or .ipynb file"
        hint = "Convert pages in other formats to Markdown first." if name.endswith((".rst", ".html")) else ""
        self._report("import-page-missing", message, warning=True, hint=hint, value=name)

    def _report(self, code: str, message: str, *, warning: bool = False, hint: str = "", value: str = "") -> None:
        """Add a finding on the line of a value in `_toc.yml`, or on the whole file."""
        line = common.find_value_line(self.toc_file, value) if value else 0
        self.findings.append(common.make_finding(code, message, Place(self.toc_name, line), hint=hint, warning=warning))
