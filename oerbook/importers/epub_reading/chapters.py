"""Put the files of an EPUB together as the chapters that its table of contents names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oerbook.errors import OerbookError
from oerbook.importers.epub_reading.navigation import (
    ChapterStart,
    find_chapter_starts,
    read_landmarks,
    read_navigation,
)
from oerbook.importers.epub_reading.package import Package
from oerbook.importers.reading.source_files import SourceFiles
from oerbook.importers.web.elements import HEADINGS, epub_types_of, make, text_of
from oerbook.importers.web.links import unite_ids
from oerbook.importers.web.outline import split_at
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.parse import find_body, parse_page
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

# Pages that the book makes itself.
LEFT_OUT = {
    "cover": "the cover",
    "toc": "the table of contents",
    "landmarks": "the list of landmarks",
    "page-list": "the list of pages",
    "loi": "the list of illustrations",
    "lot": "the list of tables",
    "titlepage": "the title page",
    "title-page": "the title page",
    "halftitlepage": "the half title",
    "halftitle": "the half title",
}
NOTICE_TYPES = frozenset(["copyright-page", "copyright", "imprint", "other-credits", "colophon"])
_FRONT_TYPES = (
    "dedication epigraph foreword preface preamble acknowledgments acknowledgements introduction prologue "
    "frontmatter abstract contributors errata other-credits seriespage "
)
FRONT_TYPES = frozenset([*_FRONT_TYPES.split(), *NOTICE_TYPES])
_BACK_TYPES = "appendix afterword epilogue bibliography glossary index colophon conclusion backmatter answers "
BACK_TYPES = frozenset(_BACK_TYPES.split())
PAGE_TYPES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
COPYRIGHT_TITLE = re.compile(r"copyright|imprint|impressum|license|licence|colophon|legal", re.I)
MAX_COVER_WORDS = 30
MAX_TITLE_PAGE_WORDS = 120


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    body: XmlElement
    kinds: frozenset[str]
    sheets: str


def read_pages(package: Package, files: SourceFiles) -> tuple[list[WebPage], list[str], list[Finding]]:
    """Return the chapters, the texts that may state a license, and findings.

    A file that the table of contents does not name continues the chapter before it.
    """
    entries = read_navigation(package, files)
    landmarks = read_landmarks(package, files)
    read, findings = _read_files(package, files, landmarks)
    notices = [text_of(file.body) for file in read if file.kinds & NOTICE_TYPES or COPYRIGHT_TITLE.search(file.name)]
    notices += [text_of(file.body)[:20_000] for file in read[:4]]
    starts = find_chapter_starts(entries, [file.name for file in read])
    kept: list[_File] = []
    for file in read:
        reason = _reason_to_leave_out(file, starts)
        if reason:
            words = len(text_of(file.body).split())
            message = f"{reason} ({words} words) was left out, because the book makes its own"
            findings.append(Finding("import-generated", message, Place(file.name), Severity.INFO))
        else:
            kept.append(file)
    unite_ids([(file.name, file.body) for file in kept])
    return _assemble(kept, starts), notices, findings


def _read_files(
    package: Package, files: SourceFiles, landmarks: Mapping[str, str]
) -> tuple[list[_File], list[Finding]]:
    read, findings = [], []
    for key in dict.fromkeys(package.spine):
        file = package.files[key]
        if file.media_type not in PAGE_TYPES and not re.search(r"\.x?html?$", file.name, re.I):
            if file.media_type.startswith("image/"):
                body = make("body")
                body.append(make("img", src=file.name.rpartition("/")[2], alt=""))
                read.append(_File(file.name, body, frozenset(), ""))
            continue
        try:
            root = parse_page(files.read(file.name), file.name)
        except OerbookError as error:
            findings.append(Finding("import-unreadable", error.message, Place(file.name), Severity.ERROR, error.hint))
            continue
        body = find_body(root)
        kinds = epub_types_of(body) | ({landmarks[file.name]} if file.name in landmarks else set())
        for child in list(body)[:2]:
            kinds |= epub_types_of(child)
        if key == package.nav:
            kinds.add("toc")
        read.append(_File(file.name, body, frozenset(kinds), _read_sheets(root, file.name, files)))
    return read, findings


def _read_sheets(root: XmlElement, name: str, files: SourceFiles) -> str:
    sheets = []
    for link in root.iter("link"):
        sheet = files.resolve(name, link.get("href") or "")
        if "stylesheet" in (link.get("rel") or "") and sheet:
            try:
                sheets.append(files.read(sheet).decode(errors="replace"))
            except OerbookError:
                continue
    return "\n".join(sheets)


def _reason_to_leave_out(file: _File, starts: Sequence[ChapterStart]) -> str:
    words = len(text_of(file.body).split())
    stem = file.name.rpartition("/")[2].partition(".")[0].lower()
    is_named = any(start.file == file.name for start in starts)
    for kind, what in LEFT_OUT.items():
        is_kind = kind in file.kinds or (stem.strip("_0123456789-") == kind)
        limit = MAX_COVER_WORDS if "cover" in kind else MAX_TITLE_PAGE_WORDS if "title" in kind else 100_000
        if is_kind and words <= limit:
            return what
    if not words and not is_named and file.body.find(".//img") is None and file.body.find(".//svg") is None:
        return "an empty page"
    return ""


def _assemble(files: Sequence[_File], starts: Sequence[ChapterStart]) -> list[WebPage]:
    """Return one page for each chapter: from its start to the next one."""
    pages: list[WebPage] = []
    for number, file in enumerate(files, start=1):
        own = [start for start in starts if start.file == file.name]
        pieces = _split(file, own, number)
        for start, body in pieces:
            if start is None and pages and not own and not file.kinds & (FRONT_TYPES | BACK_TYPES):
                _append(pages[-1], body)
            elif text_of(body) or body.find(".//img") is not None or body.find(".//math") is not None:
                pages.append(_to_page(file, start, body))
    return pages


def _split(file: _File, own: Sequence[ChapterStart], number: int) -> list[tuple[ChapterStart | None, XmlElement]]:
    """Return the pieces of a file, each with the chapter that starts with it (None: none does)."""
    by_id = {element.get("id"): element for element in file.body.iter() if element.get("id")}
    order = {element: index for index, element in enumerate(file.body.iter())}
    inside = [(s, by_id.get(f"f{number}_{s.fragment}")) for s in own if s.fragment]
    marks = sorted(((order[e], s, e) for s, e in inside if e is not None), key=lambda item: item[0])
    first = next((start for start in own if not start.fragment), None)
    if first is None and len(own) == 1:
        return [(own[0], file.body)]
    if not marks:
        return [(first, file.body)]
    bodies = split_at(file.body, [element for _index, _start, element in marks])
    pieces: list[tuple[ChapterStart | None, XmlElement]] = [(first, bodies[0])] if text_of(bodies[0]) else []
    return [*pieces, *((start, body) for (_index, start, _e), body in zip(marks, bodies[1:], strict=True))]


def _to_page(file: _File, start: ChapterStart | None, body: XmlElement) -> WebPage:
    heading = next(body.iter(*HEADINGS), None)
    title = start.title if start else (text_of(heading) if heading is not None else "")
    kinds = _kinds_at_start(body) or file.kinds
    front = {"numbering": False} if kinds & (FRONT_TYPES | BACK_TYPES | NOTICE_TYPES) else {}
    name = f"{file.name}#{start.fragment}" if start and start.fragment else file.name
    return WebPage(name, body, title, start.part if start else "", styles=file.sheets, front=front)


def _kinds_at_start(body: XmlElement) -> set[str]:
    """Return what the elements around the first words of a piece are."""
    kinds: set[str] = set()
    current = body
    while current is not None:
        kinds |= epub_types_of(current)
        if (current.text or "").strip() or current.tag in HEADINGS:
            break
        current = next((child for child in current if text_of(child)), None)
    return kinds - {"bodymatter"}


def _append(page: WebPage, body: XmlElement) -> None:
    """Add the content of a file to the chapter that it continues."""
    section = make("div")
    section.text = body.text
    section.extend(list(body))
    page.body.append(section)
