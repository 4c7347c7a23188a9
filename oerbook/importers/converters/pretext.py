"""PreTeXt: a book from its main file or its folder."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, Person, SourceRecord
from oerbook.importers.pretext_reading.assemble import ROOT_TAGS, find_root, read_book, read_facts
from oerbook.importers.pretext_reading.convert import begin_chapter, convert_chapter
from oerbook.importers.pretext_reading.names import TITLE_BY_DIVISION
from oerbook.importers.reading.source_files import SourceFiles, open_source
from oerbook.importers.web.chapters import convert_to_chapters
from oerbook.importers.web.elements import text_of
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.pictures import PictureCollector, read_from
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement, Yaml

SUMMARY = "PreTeXt"
ROOT_MARK = re.compile(rf"<(?:{'|'.join(ROOT_TAGS)})[\s>]".encode())
FRONT_PAGES = ("preface", "acknowledgement", "dedication", "foreword", "biography")
BACK_PAGES = ("appendix", "references", "glossary", "colophon")
GENERATED = ("solutions", "index", "index-part", "notation-list")
PICTURE_SUFFIXES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf")
WORDS_BY_TAG = {
    "li": "the list item",
    "p": "the paragraph",
    "paragraphs": "the paragraph",
    "task": "the task",
    "hint": "the hint",
}
HEAD_BYTES = 20_000


def recognizes(source: Path) -> bool:
    """Say whether a file begins a PreTeXt book, or whether a folder or archive holds one."""
    try:
        if source.is_file() and not zipfile.is_zipfile(source):
            with source.open("rb") as file:
                return bool(ROOT_MARK.search(file.read(HEAD_BYTES)))
        files = open_source(source)
        names = [n for n in files.sizes if n.endswith((".ptx", ".xml")) and n.count("/") < 4][:300]
        return any(ROOT_MARK.search(files.read(name)[:HEAD_BYTES]) for name in names)
    except (OerbookError, OSError):
        return False


def convert(source: Path, _options: ConversionOptions) -> ConvertedBook:
    """Read a book. Raises OerbookError if it has no main file or is not well-formed."""
    if source.is_file() and not zipfile.is_zipfile(source):
        files, name = open_source(source.parent), source.name
    else:
        files = open_source(source)
        name = find_root(files)
    if not name:
        raise OerbookError(f"{source.name} holds no PreTeXt book", hint="Name the main file of the book.")
    root, findings = read_book(files, name)
    facts = read_facts(root)
    pages, reports = _convert_chapters(root, name, _picture_finder(files))
    if not pages:
        raise OerbookError(f"{name} has no chapters", hint="Name the main file of the book.")
    collector = PictureCollector(read_from(files.read, lambda _page, url: url if url in files.sizes else ""))
    converted = convert_to_chapters(pages, collector)
    front: dict[str, Yaml] = {
        "subtitle": facts.subtitle,
        "authors": list(facts.authors),
        "editors": list(facts.editors),
        "math": facts.macros,
    }
    return ConvertedBook(
        facts.title or source.stem,
        converted.chapters,
        language=facts.language,
        license=facts.license,
        front={**front, "copyright": facts.copyright},
        pictures=converted.pictures,
        people=tuple(map(Person, (*facts.authors, *facts.editors))),
        sources=(SourceRecord(facts.title, facts.authors, facts.website or source.name, facts.license),),
        findings=(*files.findings, *findings, *reports, *converted.findings),
        counts=converted.counts,
        words=converted.words,
    )


def _convert_chapters(
    root: XmlElement, name: str, find_picture: Callable[[str], str]
) -> tuple[list[WebPage], list[Finding]]:
    kinds = dict(_kinds(root))
    pages: list[WebPage] = []
    findings: list[Finding] = []
    for number, (chapter, part) in enumerate(_chapters(root)):
        if chapter.tag in GENERATED:
            message = f"the {chapter.tag} was left out, because the book makes its own"
            findings.append(Finding("import-generated", message, Place(name), Severity.INFO))
            continue
        state = begin_chapter(find_picture, kinds, f"c{number}")
        body = convert_chapter(chapter, state)
        file = next((e.get("file") for e in (chapter, *chapter.iterancestors()) if e.get("file")), name)
        title = chapter.find("title")
        word = TITLE_BY_DIVISION.get(str(chapter.tag), str(chapter.tag).capitalize())
        heading = text_of(title) if title is not None else word
        front: dict[str, Yaml] = {"numbering": False} if chapter.tag in (*FRONT_PAGES, *BACK_PAGES) else {}
        pages.append(WebPage(f"{file}#{chapter.get('id') or number}", body, heading, part, front=front))
        findings += state.findings
    return pages, findings


def _chapters(root: XmlElement) -> Iterator[tuple[XmlElement, str]]:
    """Yield the chapters with the title of their part, and the pages of the front and the back of the book."""
    book = next(iter(root.iter("book", "article")), root)
    if book.tag == "article":
        yield book, ""
        return
    for element in book:
        if element.tag == "frontmatter":
            yield from ((child, "") for child in element if child.tag in FRONT_PAGES)
        elif element.tag == "chapter":
            yield element, ""
        elif element.tag == "part":
            title = element.find("title")
            yield from ((child, text_of(title) if title is not None else "") for child in element.iter("chapter"))
        elif element.tag in ("backmatter", "appendix"):
            children = element if element.tag == "backmatter" else [element]
            yield from ((child, "") for child in children if child.tag in (*BACK_PAGES, *GENERATED))


def _kinds(root: XmlElement) -> Iterator[tuple[str, str]]:
    """Yield what each element with an id is; "=words" for one that has no number of its own."""
    works = 0
    for element in root.iter():
        works = 0 if element.tag == "references" else works + (element.tag == "biblio")
        identifier = element.get("id")
        if identifier:
            yield identifier, f"=[{works}]" if element.tag == "biblio" else _kind(element)


def _kind(element: XmlElement) -> str:
    tag = str(element.tag)
    name = element.find("personname")
    if name is not None:
        return f"={text_of(name)}"
    has_caption = element.find("caption") is not None or element.find("title") is not None
    is_shown = tag != "figure" or element.find(".//image") is not None or element.find(".//tabular") is not None
    if tag in ("figure", "table", "listing") and not (has_caption and is_shown):
        return f"=the {tag}"
    return f"={WORDS_BY_TAG[tag]}" if tag in WORDS_BY_TAG else tag


def _picture_finder(files: SourceFiles) -> Callable[[str], str]:
    """Return a function that finds the file of a picture by its path, or of a stored drawing by its name."""
    by_stem: dict[str, str] = {}
    for suffix in reversed(PICTURE_SUFFIXES):
        for name in files.sizes:
            if name.lower().endswith(suffix):
                by_stem[posixpath.splitext(posixpath.basename(name))[0].lower()] = name

    def find(source: str) -> str:
        if not source:
            return ""
        ends = [name for name in files.sizes if name == source or name.endswith(f"/{source}")]
        return ends[0] if ends else by_stem.get(posixpath.splitext(posixpath.basename(source))[0].lower(), "")

    return find
