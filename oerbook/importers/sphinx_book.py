"""Import a Sphinx book in MyST: `index.md` with toctrees, `conf.py` never run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings, names_below
from oerbook.importers.reading.plan import ParsedForeignBook, make_plan
from oerbook.importers.reading.sphinx_settings import facts_from_settings, read_settings
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.text.toctrees import find_toctrees

SUMMARY = "Sphinx with MyST (index.md with toctrees)"
TOCTREE_OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")
TOCTREE_ENTRY = re.compile(r"^(?:(.*?)\s*<(.+)>|(.+))$")
MAX_DEPTH = 30  # levels of nested toctrees
CANDIDATE_FOLDERS = (".", "docs", "source", "doc", "docs/source", "doc/source", "book", "content")


def find_books(tracked: Sequence[str], root: Path) -> list[str]:
    """Return the paths of `index.md` files with a toctree or next to a `conf.py`."""
    found = []
    for name in find_settings(tracked, "index.md"):
        index = root / name
        if index.parent.relative_to(root).as_posix() in CANDIDATE_FOLDERS:
            text = index.read_text(encoding="utf-8", errors="replace")
            if find_toctrees(text) or (index.parent / "conf.py").is_file():
                found.append(name)
    return found


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a Sphinx book."""
    root, base = book.root, book.settings_folder
    reader = ToctreeReader(root, base)
    entries = reader.entries_below("index.md")
    settings, findings = read_settings(root, base)
    folder = common.book_folder(root, base)
    facts = facts_from_settings(root, base, settings) | {"numbering": reader.numbered, "toc": entries}
    facts["title"] = facts["title"] or _heading(common.read_page(base / "index.md")) or root.name
    facts["bibliography"] = facts["bibliography"] or [
        name for name in names_below(book.tracked, folder) if name.endswith(".bib")
    ]
    settings_file = f"{folder}/conf.py".lstrip("/")
    removals = (settings_file,) if settings_file in book.tracked and folder else ()
    findings += reader.findings
    return make_plan(ParsedForeignBook(book, base, facts, reader.pages, "index.md", removals, tuple(findings)))


class ToctreeReader:
    """Follows toctrees from the root page and lists the pages as in mystmd."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root, self.base = root, base
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.numbered = False
        self.depth = 0

    def entries_below(self, page: str) -> list[TocEntry]:
        """Return the entries of the toctrees on a page."""
        if self.depth > MAX_DEPTH:
            message = f"toctrees are nested more than {MAX_DEPTH} deep; the pages below this one are not listed"
            self._report(Place(page, 1), "import-page-missing", message, warning=True)
            return []
        self.depth += 1
        text = common.read_page(self.base / page)
        entries: list[TocEntry] = []
        for _name, first, last in [toctree for toctree in find_toctrees(text) if toctree[0] == "toctree"]:
            line = first + 1
            options, names = _split("\n".join(text.split("\n")[line:last]))
            depth = _numbered_levels(options)
            self.numbered = self.numbered or bool(depth)
            children = [entry for name in names for entry in self._entry(Place(page, line), name, "glob" in options)]
            if "reversed" in options:
                children.reverse()
            if page == "index.md" and children:
                title = {"title": options["caption"]} if options.get("caption") else {}
                entries.append({**title, "numbered": depth, "children": children})
            else:
                entries += children
        self.depth -= 1
        return common.simplify_parts(entries, self.numbered) if page == "index.md" else entries

    def _entry(self, place: Place, name: str, glob: bool) -> list[TocEntry]:
        match = TOCTREE_ENTRY.match(name)
        title, target = (match[1] or "", match[2] or match[3]) if match else ("", name)
        if target == "self" or re.match(r"https?://", target):
            if target != "self":
                self._report(place, "import-toc-link", f"the link {target} in the table of contents is not imported")
            return []
        folder = PurePosixPath(place.path).parent
        path = target.lstrip("/") if target.startswith("/") else _join(folder, target)
        names = self._glob(path) if glob and re.search(r"[*?\[]", path) else [path]
        return [entry for name in names for entry in self._page(place, name, title)]

    def _glob(self, pattern: str) -> list[str]:
        return [name for name in common.glob_pages(self.base, pattern) if name not in self.pages]

    def _page(self, place: Place, name: str, title: str) -> list[TocEntry]:
        page = common.find_page(self.base, name)
        if page is None:
            message = f"{name} is listed, but there is no such .md or .ipynb file"
            self._report(place, "import-page-missing", message, warning=True)
            return []
        if page == "index.md":
            return []
        if page in self.pages:
            message = f"{name} is listed twice; only the first entry is imported"
            self._report(place, "import-page-duplicate", message, warning=True)
            return []
        self.pages.append(page)
        entry: TocEntry = {"file": page}
        children = self.entries_below(page) if page.endswith(".md") else []
        if title:
            entry["title"] = title
        if children:
            entry["children"] = [leaf for child in children for leaf in _pages_of(child)]
        return [entry]

    def _report(self, place: Place, code: str, message: str, *, warning: bool = False) -> None:
        """Add a finding; the place is relative to the book's folder."""
        path = (self.base / place.path).relative_to(self.root).as_posix()
        self.findings.append(common.make_finding(code, message, Place(path, place.line), warning=warning))


def _numbered_levels(options: Mapping[str, str]) -> bool | int:
    """Return the option `numbered` of a toctree: whether pages have numbers, or on how many levels.

    >>> _numbered_levels({"numbered": ""}), _numbered_levels({"numbered": "2"}), _numbered_levels({})
    (True, 2, False)
    """
    value = options.get("numbered", "false").lower()
    return int(value) if value.isdigit() else value not in ("false", "no")


def _pages_of(entry: TocEntry) -> list[TocEntry]:
    """Return an entry as it is, or its children if it has only a title."""
    return [entry] if entry.get("file") else list(entry.get("children", []))


def _join(folder: PurePosixPath, target: str) -> str:
    """Return a path relative to a folder, with `..` resolved.

    It never leads out of the book's folder.
    """
    parts: list[str] = [] if str(folder) == "." else list(folder.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _split(body: str) -> tuple[dict[str, str], list[str]]:
    """Return the options of a toctree, in either form, and its entries."""
    options: dict[str, str] = {}
    names = []
    lines = body.split("\n")
    if lines and lines[0].strip() == "---":
        end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---"), 0)
        for line in lines[1:end]:
            key, _colon, value = line.partition(":")
            options[key.strip()] = value.strip().strip("'\"")
        lines = lines[end + 1 :]
    for line in lines:
        match = TOCTREE_OPTION.match(line.strip())
        if match:
            options[match[1]] = match[2].strip().strip("'\"")
        elif line.strip() and not line.strip().startswith("%"):
            names.append(line.strip())
    return options, names


def _heading(text: str) -> str:
    """Return the first heading of a page, or ""."""
    heading = re.search(r"^#\s+(.+)$", text, re.M)
    return heading[1].strip() if heading else ""
