"""Read one page: its text and front matter as a `Chapter`, with findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from oerbook.model.book import Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source import front_matter, toc
from oerbook.source.front_matter import FrontMatter
from oerbook.source.lint_blocks import lint_page
from oerbook.source.notebook import cells_as_markdown, has_front_matter
from oerbook.source.schema import BOOK_KEYS, PAGE_KEYS
from oerbook.source.text import load_page_text
from oerbook.source.titles import first_heading, line_of_title_to_add
from oerbook.source.values import read_fields
from oerbook.source.yaml_lines import scalar_as_text
from oerbook.text.characters import BIDI_CONTROLS

INDEX_PATH = "chapters/index.md"
MAX_CACHED_PAGES = 5000  # pages


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as read from its file: the chapter, its front matter, and findings."""

    chapter: Chapter
    front_matter: FrontMatter
    findings: tuple[Finding, ...]


def read_page(root: Path, path: str, slug: str) -> ParsedPage:
    """Return the page of a file; the same text is parsed once in a process.

    `chapter.problem` says why a file cannot be read.
    """
    return _parse_page(path, slug, *load_page_text(f"{root}/{path}", root))


@lru_cache(maxsize=MAX_CACHED_PAGES)
def _parse_page(path: str, slug: str, text: str, problem: str) -> ParsedPage:
    """Return the page in a text. A pure function, so that it can be cached."""
    cell_starts: frozenset[int] = frozenset()
    can_have_matter = not problem
    if path.endswith(".ipynb") and not problem:
        text, cell_starts = cells_as_markdown(text)
        can_have_matter = has_front_matter(text)
    matter = front_matter.read_front_matter(
        text if can_have_matter else "", path, BOOK_KEYS if path == INDEX_PATH else PAGE_KEYS
    )
    findings = list(matter.findings)
    if problem:
        findings.append(_unreadable(path, problem))
    problem = problem or (f"its front matter is broken: {matter.error}" if matter.error else "")
    lines = text.split("\n")
    front, body_lines = "\n".join(lines[: matter.body_line - 1]), lines[matter.body_line - 1 :]
    heading_line = 0 if problem else line_of_title_to_add(front, body_lines, scalar_as_text(matter.values.get("title")))
    body = "\n".join([""] * (matter.body_line - 1) + body_lines)
    if not problem:
        linted = [""] * (matter.body_line - 1) + body_lines
        linted[heading_line - 1 : heading_line] = ["# Title"] if heading_line else []
        findings += [
            finding
            for finding in lint_page(path, "\n".join(linted) if heading_line else body, cell_starts)
            if not (heading_line and finding.code == "title-second")
        ]
        findings += _bidi_controls(path, text)
    chapter = _chapter(path, slug, matter, problem, first_heading(body))
    chapter = replace(chapter, title_line=heading_line)
    return ParsedPage(chapter, matter, tuple(findings))


def _unreadable(path: str, problem: str) -> Finding:
    code = "chapter-empty" if problem == "it is empty" else "chapter-unreadable"
    fix = (
        "Save the file as UTF-8 (in Notepad: Save as, Encoding)" if "UTF-8" in problem else "Repair or remove the file"
    )
    hint = f"{fix}; until then the book has a notice in its place."
    return Finding(code, f"this chapter is left out: {problem}", Place(path), Severity.ERROR, hint)


def _bidi_controls(path: str, text: str) -> Iterable[Finding]:
    """Report bidirectional controls, which can make a text look different."""
    for match in BIDI_CONTROLS.finditer(text) if not text.isascii() else ():
        line = text[: match.start()].count("\n") + 1
        message = f"an invisible character (U+{ord(match[0]):04X}) changes the direction of the text"
        yield Finding(
            "bidi-character", message, Place(path, line), Severity.WARNING, "Delete it unless it is intended."
        )


def _chapter(path: str, slug: str, matter: FrontMatter, problem: str, heading: str) -> Chapter:
    values = matter.values
    folder_title = toc.title_from_filename(
        PurePosixPath(path).parent.name if path.endswith("/index.md") and path != INDEX_PATH else path
    )
    fields = read_fields(Chapter, values, BOOK_KEYS)
    title = fields.pop("title", "") or heading or folder_title
    return Chapter(slug=slug, path=path, title=title, problem=problem, body_line=matter.body_line, **fields)
