"""One page as its author declared it: its text and front matter become a `Chapter`, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from oerbook.model.book import Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source import front_matter, toc
from oerbook.source.front_matter import Matter
from oerbook.source.lint_blocks import first_heading, lint
from oerbook.source.notebook import readable
from oerbook.source.schema import BOOK, PAGE
from oerbook.source.text import BIDI, load
from oerbook.source.values import as_date, as_pairs, as_people, as_texts, as_works
from oerbook.source.yaml_lines import text_of

INDEX = "chapters/index.md"
MOST_REMEMBERED = 5000  # pages


@dataclass(frozen=True, slots=True)
class Page:
    """What the text of a page says: the chapter, its front matter, and what is wrong with it."""

    chapter: Chapter
    matter: Matter
    findings: tuple[Finding, ...]


def read_page(root: Path, path: str, slug: str) -> Page:
    """Return the page of a file; one that cannot be read says why. The same text is understood once in a process."""
    return _understood(path, slug, *load(f"{root}/{path}", root))


@lru_cache(maxsize=MOST_REMEMBERED)
def _understood(path: str, slug: str, text: str, problem: str) -> Page:
    """Return what a text says; nothing but these values goes into it."""
    findings: list[Finding] = []
    notebook = path.endswith(".ipynb")
    matter = front_matter.read("" if problem or notebook else text, path, BOOK if path == INDEX else PAGE)
    findings += matter.findings
    if problem:
        code = "chapter-empty" if problem == "it is empty" else "chapter-unreadable"
        mend = (
            "Save the file as UTF-8 (in Notepad: Save as, Encoding)"
            if "UTF-8" in problem
            else "Mend or remove the file"
        )
        hint = f"{mend}; a notice stands in its place until then."
        message = f"this chapter is left out: {problem}"
        findings.append(Finding(code, message, Place(path), Severity.ERROR, hint))
    problem = problem or (f"its front matter is broken: {matter.broken}" if matter.broken else "")
    body = "\n".join([""] * (matter.body_line - 1) + text.split("\n")[matter.body_line - 1 :])
    cuts: frozenset[int] = frozenset()
    if notebook and not problem:
        text, cuts = readable(text)
        body = text
    if not problem:
        findings += lint(path, body, cuts)
        findings += _hidden_signs(path, text)
    chapter = _facts(path, slug, matter, problem, first_heading(body))
    return Page(chapter, matter, tuple(findings))


def _hidden_signs(path: str, text: str) -> Iterable[Finding]:
    """Report characters that make a text look other than it is."""
    for match in BIDI.finditer(text) if not text.isascii() else ():
        line = text[: match.start()].count("\n") + 1
        words = f"an invisible sign (U+{ord(match[0]):04X}) turns the direction of the text here"
        yield Finding("hidden-sign", words, Place(path, line), Severity.WARNING, "Delete it unless it is meant.")


def _facts(path: str, slug: str, matter: Matter, problem: str, heading: str) -> Chapter:
    values = matter.values
    folder_title = toc.words(PurePosixPath(path).parent.name if path.endswith("/index.md") and path != INDEX else path)
    numbering = values.get("numbering")
    return Chapter(
        slug=slug,
        path=path,
        title=text_of(values.get("title")) or heading or folder_title,
        short_title=text_of(values.get("short_title")),
        subtitle=text_of(values.get("subtitle")),
        description=text_of(values.get("description")),
        license=_license(values.get("license")),
        language=text_of(values.get("language")),
        date=as_date(values["date"]) if values.get("date") else None,
        authors=as_people(values.get("authors", values.get("author"))),
        contributors=as_people(values.get("contributors")),
        editors=as_people(values.get("editors")),
        reviewers=as_people(values.get("reviewers")),
        sources=as_works(values.get("sources")),
        keywords=as_texts(values.get("keywords")),
        numbered=_numbered(numbering),
        math=as_pairs(values.get("math")),
        substitutions=as_pairs(values.get("substitutions")),
        abbreviations=as_pairs(values.get("abbreviations")),
        solutions=text_of(values.get("solutions")),
        bibliography=values.get("bibliography_placement") == "chapter",
        problem=problem,
        body_line=matter.body_line,
    )


def _numbered(numbering: Any) -> bool:
    if isinstance(numbering, dict):
        heading = numbering.get("headings", numbering.get("title", numbering.get("heading_1", True)))
        heading = heading.get("enabled", True) if isinstance(heading, dict) else heading
        return heading is not False
    return numbering is not False


def _license(data: Any) -> str:
    if isinstance(data, dict):
        data = data.get("content") or data.get("id")
    if isinstance(data, dict):
        data = data.get("id")
    return text_of(data)
