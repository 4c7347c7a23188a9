"""What importers of Markdown books share: converting pages, the first page, the record of the book."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.line_conversion.page import ConvertedPage, SourcePage
from oerbook.importers.line_conversion.plan import ConvertibleBook, book_name, plan_conversion
from oerbook.importers.markdown_pages.context import MarkdownContext
from oerbook.importers.markdown_pages.convert import convert_page
from oerbook.importers.reading.find_license import find_book_license
from oerbook.importers.reading.foreign_book import ForeignBook
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding
from oerbook.model.untyped import Yaml

README_OR_INDEX = re.compile(r"(?:readme|index)\.(?:md|markdown)", re.I)


@dataclass(frozen=True, slots=True)
class MarkdownBook:
    """A book of Markdown pages that was read: its facts, contents and the tool that it was written for."""

    book: ForeignBook
    base: Path
    tool: str
    markup: str
    facts: Mapping[str, Yaml]
    entries: list[TocEntry]
    pages: list[str]
    settings_files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    dollar_math: bool = True  # whether text between dollar signs is a formula
    variables: Mapping[str, str] = field(default_factory=dict)


def plan_markdown_book(read: MarkdownBook) -> ImportPlan:
    """Return the import plan; the first page is the title page if it is called README or index."""
    root = read.book.root
    base = common.book_folder(root, read.base)
    first = read.pages[0] if read.pages else ""
    index = first if README_OR_INDEX.fullmatch(first) and not _has_children(read.entries, first) else ""
    entries = [entry for entry in read.entries if entry.get("file") != index]
    pages = [name for name in read.pages if name != index]
    readme = common.read_page(root / "README.md")
    texts = [common.read_page(read.base / first), readme]
    facts = dict(read.facts)
    stated = str(facts.get("license") or "")
    facts["license"] = read.book.license or find_book_license((read.base, root), stated, texts)
    facts |= {"toc": entries, "title": str(facts.get("title") or _first_heading(texts[0]) or book_name(root)).strip()}
    tracked = frozenset(read.book.tracked)
    chapters = {f"{base}/{name}".lstrip("/") for name in read.pages}

    def convert(path: str, text: str) -> ConvertedPage:
        page = SourcePage(path, text, tracked=tracked)
        return convert_page(
            MarkdownContext(page, read.tool, root, base, read.dollar_math, read.variables, path in chapters)
        )

    return plan_conversion(
        ConvertibleBook(
            read.book, read.base, facts, pages, convert, read.markup, index, read.settings_files, read.findings
        )
    )  # fmt: skip


def page_converter(root: Path, tool: str) -> Callable[[str, str], ConvertedPage]:
    """Return a function that converts a page of a folder that is no book."""

    def convert(path: str, text: str) -> ConvertedPage:
        return convert_page(MarkdownContext(SourcePage(path, text), tool, root))

    return convert


def _has_children(entries: list[TocEntry], name: str) -> bool:
    return any(entry.get("file") == name and entry.get("children") for entry in entries)


def _first_heading(text: str) -> str:
    match = re.search(r"^#{1,3}\s+(\w.*?)\s*#*\s*$", text, re.M)
    return re.sub(r"[*_`]|!?\[[^\]]*\]\([^)]*\)", "", match[1]).strip() if match else ""
