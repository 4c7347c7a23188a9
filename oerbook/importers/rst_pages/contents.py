"""Read the toctrees of a book in reStructuredText, whose pages may also be Markdown or notebooks."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.line_conversion.links import resolve_path
from oerbook.importers.reading.foreign_book import ForeignBook
from oerbook.importers.rst_pages.directive import Directive, read_directive
from oerbook.importers.rst_pages.source_lines import dedent, indent_of, indented_block, read_title
from oerbook.model.findings import Finding, Place
from oerbook.text.toctrees import find_toctrees

PAGE_SUFFIXES = (".rst", ".md", ".ipynb", ".txt")
ENTRY = re.compile(r"^(?:(?P<title>.*?)\s*<(?P<target>.+)>|(?P<plain>.+))$", re.S)
DIRECTIVE_LINE = re.compile(r"^\s*\.\.\s+(?P<name>toctree|include)::")
MAX_DEPTH = 30
MAX_INCLUDES = 20


@dataclass(slots=True)
class RstTocReader:
    """Follows toctrees from the first page and lists the pages; paths are relative to the folder of the pages."""

    book: ForeignBook
    base: str
    suffixes: Sequence[str] = PAGE_SUFFIXES
    pages: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    numbered: bool = False

    def entries_below(self, page: str, depth: int = 0) -> list[TocEntry]:
        """Return the entries of the toctrees on a page; on the first page each toctree with a caption is a part."""
        if depth > MAX_DEPTH:
            return []
        entries: list[TocEntry] = []
        for directive in self._toctrees(page):
            self.numbered = self.numbered or "numbered" in directive.options
            names = [line.strip() for line in directive.content if line.strip()]
            if not directive.content and directive.argument:
                names = [line.strip() for line in directive.argument.split("\n")]
            children = [e for name in names for e in self._entry(page, directive, name, depth)]
            if "reversed" in directive.options:
                children.reverse()
            caption = directive.options.get("caption", "") or (
                self._heading_above(page, directive) if depth == 0 else ""
            )
            entries += [{"title": caption, "children": children}] if caption and children and depth == 0 else children
        return entries

    def _heading_above(self, page: str, directive: Directive) -> str:
        """Return the heading of the section that a toctree is in, "" if it is in none below the title of the page."""
        if not page.endswith(".rst"):
            return ""
        lines = common.read_page(self.book.root / self._path(page)).split("\n")
        titles = [title for index in range(min(directive.line, len(lines))) if (title := read_title(lines, index))]
        return titles[-1][0] if len(titles) > 1 and titles[-1][1] != titles[0][1] else ""

    def _toctrees(self, page: str) -> Iterator[Directive]:
        path = self._path(page)
        text = common.read_page(self.book.root / path)
        if page.endswith(".md"):
            yield from _markdown_toctrees(text)
        elif not page.endswith(".ipynb"):
            yield from self._rst_toctrees(text, path, 0)

    def _rst_toctrees(self, text: str, path: str, count: int) -> Iterator[Directive]:
        lines = text.expandtabs(8).split("\n")
        for index, line in enumerate(lines):
            match = DIRECTIVE_LINE.match(line)
            if match is None:
                continue
            end = max(indented_block(lines, index + 1, indent_of(line) + 1), index + 1)
            block = [line.strip(), *dedent_below(lines[index + 1 : end])]
            directive = read_directive(block, index + 1)
            if directive is None:
                continue
            if match["name"] == "toctree":
                yield directive
            elif count < MAX_INCLUDES:
                target = resolve_path(directive.argument, path, self.base)
                if target in self.book.tracked:
                    yield from self._rst_toctrees(common.read_page(self.book.root / target), target, count + 1)

    def _entry(self, page: str, directive: Directive, entry: str, depth: int) -> list[TocEntry]:
        match = ENTRY.match(entry)
        title = (match["title"] or "") if match else ""
        target = (match["target"] or match["plain"]) if match else entry
        place = Place(self._path(page), directive.line)
        if target == "self":
            return []
        if re.match(r"https?://", target):
            message = f"the link {target} in the table of contents is not imported"
            self.findings.append(common.make_finding("import-toc-link", message, place))
            return []
        folder = "" if target.startswith("/") else posixpath.dirname(page)
        name = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
        if "glob" in directive.options and re.search(r"[*?\[]", name):
            found = self._glob(name)
        else:
            found = [name]
        return [e for one in found for e in self._page(one, title, place, depth)]

    def _glob(self, pattern: str) -> list[str]:
        prefix = f"{self.base}/" if self.base else ""
        names = [name.removeprefix(prefix) for name in self.book.tracked if name.startswith(prefix)]
        pages = sorted({n.rpartition(".")[0] for n in names if n.endswith(tuple(self.suffixes))})
        segments = pattern.count("/")
        return [
            n for n in pages if fnmatch.fnmatchcase(n, pattern) and n.count("/") == segments and not self._is_listed(n)
        ]

    def _is_listed(self, stem: str) -> bool:
        return any(page.rpartition(".")[0] == stem for page in self.pages)

    def _page(self, name: str, title: str, place: Place, depth: int) -> list[TocEntry]:
        page = self.find_page(name)
        if page is None:
            message = f"{name} is listed, but there is no such page"
            self.findings.append(common.make_finding("import-page-missing", message, place, warning=True))
            return []
        if page in self.pages:
            return []
        self.pages.append(page)
        children = self.entries_below(page, depth + 1)
        entry: TocEntry = {"file": page, **({"title": title} if title else {})}
        return [{**entry, "children": children} if children else entry]

    def find_page(self, name: str) -> str | None:
        """Return the page with a name, with or without its suffix; None if there is none."""
        for suffix in ("", *self.suffixes):
            path = f"{name}{suffix}"
            if path.endswith(tuple(self.suffixes)) and self._path(path) in self.book.tracked:
                return path
        return None

    def _path(self, page: str) -> str:
        return f"{self.base}/{page}".lstrip("/")


def dedent_below(lines: Sequence[str]) -> list[str]:
    """Return the lines below a directive indented by three spaces."""
    return [f"   {line}" if line else "" for line in dedent(lines)]


def _markdown_toctrees(text: str) -> Iterator[Directive]:
    lines = text.split("\n")
    for name, first, last in find_toctrees(text):
        if name == "toctree":
            body = [".. toctree::", *(f"   {line}" if line else "" for line in lines[first + 1 : last])]
            if directive := read_directive(body, first + 1):
                yield directive
