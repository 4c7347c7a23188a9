"""Pages that nobody writes: the bibliography, when chapters cite and no author placed one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from oerbook.document.context.build_context import Desk
from oerbook.document.reading import contributors_page
from oerbook.model.book import Book, Chapter
from oerbook.source.text import chapter_text, load

MOST_REMEMBERED = 5000  # texts
CITES = re.compile(r"\{cite(:\w+)?\}|(?<![\w.])@[\w][\w:-]*")
PLACES = re.compile(r"^[ \t]*(`{3,}|:{3,})\s*\{bibliography\}", re.M)
# A list of a page's own: a filter that asks for the works that this page cites.
OWN = re.compile(r"^[ \t]*(?:`{3,}|:{3,})\s*\{bibliography\}.*\n(?:[ \t]*:\w+:.*\n)*?[ \t]*:filter:.*\bdocname\b", re.M)
GLOSSARIES = {"en": "Glossary", "de": "Glossar", "fr": "Glossaire", "es": "Glosario", "nl": "Begrippenlijst"}
REFERENCES = {"en": "References", "de": "Literatur", "fr": "Références", "es": "Referencias", "nl": "Referenties"}
WORDS = {"en": "Bibliography", "de": "Literatur", "fr": "Bibliographie", "es": "Bibliografía", "nl": "Bibliografie"}


def bibliography_files(book: Book) -> tuple[str, ...]:
    """Return the bibliography files, relative to `chapters/`: those named in front matter, else all there are."""
    chapters = book.root / "chapters"
    named = [book.root / name for name in book.settings.bibliography_files]
    there = (Path(place, n) for place, _, names in os.walk(chapters) for n in names if n.endswith(".bib"))
    found = named or sorted(path for path in there if not _hidden(path.relative_to(chapters)))
    inside = [path for path in found if path.is_file() and path.resolve().is_relative_to(book.root.resolve())]
    return tuple(Path(path).relative_to(chapters).as_posix() for path in inside if path.is_relative_to(chapters))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def texts(book: Book) -> list[str]:
    """Return the text of every readable page."""
    readable = (page.path for page in (book.index, *book.chapters) if not page.problem)
    return [load(f"{book.root}/{path}", book.root)[0] for path in readable]


class Signs(NamedTuple):
    """What a page has to do with pages that nobody writes: does it cite, which terms does it explain, and has it a
    bibliography: `placed` one for the book, or `own` one for this page.
    """

    cites: bool
    placed: bool
    own: bool
    terms: tuple[str, ...] | None  # None: it has no glossary


@lru_cache(maxsize=MOST_REMEMBERED)
def signs_of(text: str) -> Signs:
    """Return what a page has to do with pages that nobody writes, worked out once for a text."""
    # plain words first: these patterns are slow over a whole book
    cites = ("@" in text or "{cite" in text) and CITES.search(text) is not None
    lists = len(PLACES.findall(text)) if "{bibliography}" in text else 0
    own = len(OWN.findall(text)) if lists else 0
    bodies = list(_glossaries(text))
    lines = [line for body in bodies for line in body if line[:1].strip() and not line.startswith((":", "%"))]
    return Signs(cites, lists > own, own > 0, tuple(line.split(" : ")[0].strip() for line in lines) if bodies else None)


def references(here: Desk, text: str, chapter: Chapter | None) -> str:
    """Return the list of works cited that ends a chapter, when the book wants one per chapter."""
    wanted = here.book.settings.bibliography == "chapter" or (chapter is not None and chapter.bibliography)
    if not wanted or chapter is None or not CITES.search(text) or PLACES.search(text):
        return ""
    title = REFERENCES.get(here.book.language.split("-")[0], REFERENCES["en"])
    return f"\n\n```{{rubric}} {title}\n```\n\n```{{bibliography}}\n:filter: docname in docnames\n```\n"


def lay_out(desk: Desk) -> None:
    """Write the generated pages beside the cache and enter them on the desk."""
    book = desk.book
    for page in (book.index, *book.chapters):
        if page.problem:
            name = f"notice-{page.slug.replace('/', '-')}"
            desk.notices[page.slug] = _write(desk, name, chapter_text(book.root, page))
    signs = [signs_of(text) for text in texts(book)]
    listed = terms(signs)
    if listed:
        name = "glossary" if "glossary" not in desk.pages else "glossary-of-the-book"
        title = GLOSSARIES.get(book.language.split("-")[0], GLOSSARIES["en"])
        entries = "\n".join(f"- {{term}}`{term}`" for term in listed)
        desk.generated[name] = _write(desk, name, f"# {title}\n\n{entries}\n")
    about = contributors_page.page(book)
    if about:
        name = contributors_page.PAGE if contributors_page.PAGE not in desk.pages else "contributors-of-the-book"
        desk.contributors = name
        desk.generated[name] = _write(desk, name, about)
    names = [page.slug for page in (book.index, *book.chapters) if not page.problem]
    citing = [name for name, one in zip(names, signs, strict=True) if one.cites and not one.own]
    if (
        citing
        and not any(one.placed for one in signs)
        and book.settings.bibliography == "book"
        and bibliography_files(book)
    ):
        title = WORDS.get(book.language.split("-")[0], WORDS["en"])
        name = "bibliography" if "bibliography" not in desk.pages else "bibliography-of-the-book"
        rest = (
            f":filter: {{{', '.join(map(json.dumps, citing))}}} & docnames\n" if any(one.own for one in signs) else ""
        )
        desk.generated[name] = _write(desk, name, f"# {title}\n\n```{{bibliography}}\n{rest}```\n")


GLOSSARY = re.compile(r"(`{3,}|:{3,})\{glossary\}")


def terms(signs: Iterable[Signs]) -> list[str]:
    """Return the terms that several pages explain, sorted; none when one page has them all, for that is the glossary."""
    found = [one.terms for one in signs if one.terms is not None]
    return sorted({term for listed in found for term in listed}, key=str.casefold) if len(found) > 1 else []


def _glossaries(text: str) -> Iterator[list[str]]:
    """Yield the lines of each glossary of a page; one that is not closed is none."""
    fence, body = "", list[str]()
    for line in text.split("\n") if "{glossary}" in text else ():
        if fence and line.rstrip(" \t") == fence:
            yield body
            fence, body = "", []
        elif fence:
            body.append(line)
        elif begun := GLOSSARY.match(line):
            fence, body = begun[1], []


def _write(desk: Desk, name: str, text: str) -> Path:
    path = desk.work / "pages" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
