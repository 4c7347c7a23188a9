"""Books of Project Gutenberg as plain text or HTML; header and license become the record of the source."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, Person, SourceRecord
from oerbook.importers.gutenberg_reading.header import (
    GutenbergFacts,
    is_gutenberg,
    read_facts,
    remove_producer,
    split_text,
)
from oerbook.importers.gutenberg_reading.plain_text import read_chapters
from oerbook.importers.reading.source_files import SourceFiles, open_beside, open_source
from oerbook.importers.web.chapters import convert_to_chapters
from oerbook.importers.web.elements import classes_of, remove, text_of
from oerbook.importers.web.outline import split_at
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.parse import decode, find_body, parse_page
from oerbook.importers.web.pictures import PictureCollector, read_from
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

SUMMARY = "Project Gutenberg (text, HTML)"
HEAD_BYTES = 60_000
BOOK_URL = "https://www.gutenberg.org/ebooks/"
HTML_MARK = re.compile(r"<(?:!doctype html|html|head)", re.I)
BOILERPLATE = re.compile(r"^pg-(?:header|footer|boilerplate|machine-header)$|^pgheader$|^pgfooter$")
BLOCK_TAG = re.compile(r"</?(?:p|div|section|pre|body|h\d|br)\b[^>]*>", re.I)
MIN_CHAPTERS = 2


def recognizes(source: Path) -> bool:
    """Say whether a file, or one in a folder or archive, has the marks of Project Gutenberg."""
    try:
        return _find_text(source, HEAD_BYTES) is not None
    except (OerbookError, OSError):
        return False


def convert(source: Path, _options: ConversionOptions) -> ConvertedBook:
    """Read a book of Project Gutenberg. Raises OerbookError if there is none."""
    found = _find_text(source, -1)
    if found is None:
        raise OerbookError(f"{source.name} holds no book of Project Gutenberg", hint="Download it again.")
    name, data = found
    files: SourceFiles | None
    text = decode(data)
    if HTML_MARK.search(text[:2000]):
        facts, pages, files = _read_html(source, name, data)
    else:
        facts, pages, files = _read_text(name, text)
    collector = PictureCollector(read_from(files.read, files.resolve) if files else lambda _page, _url: None)
    converted = convert_to_chapters(pages, collector)
    license_ = "" if facts.is_copyrighted else "CC-PDM-1.0"
    address = f"{BOOK_URL}{facts.number}" if facts.number else "https://www.gutenberg.org/"
    record = SourceRecord(facts.title, facts.authors, address, license_, revision=facts.released)
    front = {"authors": facts.authors, "editors": facts.editors, "contributors": facts.contributors}
    return ConvertedBook(
        facts.title or source.stem,
        converted.chapters,
        language=facts.language,
        license=license_,
        front={key: list(names) for key, names in front.items() if names},
        pictures=converted.pictures,
        people=tuple(Person(person) for names in front.values() for person in names),
        sources=(record,),
        findings=(*_report_header(facts, name), *converted.findings),
        counts=converted.counts,
        words=converted.words,
    )


def _report_header(facts: GutenbergFacts, name: str) -> list[Finding]:
    findings = []
    made = f"; it names {facts.fields['produced by']}" if facts.fields.get("produced by") else ""
    message = f"the header and the license of Project Gutenberg were left out{made}"
    findings.append(Finding("import-generated", message, Place(name), Severity.INFO))
    if not facts.is_copyrighted:
        message = "the book is in the public domain in the United States; elsewhere its author's copyright may last"
        hint = "Check the year in which author and translator died, before you publish it in another country."
        findings.append(Finding("import-guessed", message, Place(name), Severity.WARNING, hint))
    return findings


def _find_text(source: Path, size: int) -> tuple[str, bytes] | None:
    """Return the name and the first bytes of the book's file: HTML before plain text."""
    if source.is_file() and not zipfile.is_zipfile(source):
        with source.open("rb") as file:
            data = file.read(size)
        return (source.name, data) if is_gutenberg(_plain(data)) else None
    files = open_source(source)
    names = [n for n in files.sizes if re.search(r"\.(html?|txt)$", n, re.I) and n.count("/") < 3]
    for name in sorted(names, key=lambda n: (n.lower().endswith(".txt"), n))[:20]:
        data = files.read(name)
        if is_gutenberg(_plain(data[:HEAD_BYTES])):
            return name, data
    return None


def _plain(data: bytes) -> str:
    text = decode(data)
    return re.sub(r"<[^>]*>", "", BLOCK_TAG.sub("\n", text)) if HTML_MARK.search(text[:2000]) else text


def _read_text(name: str, text: str) -> tuple[GutenbergFacts, list[WebPage], SourceFiles | None]:
    header, body, _license = split_text(text)
    facts = read_facts(header, body)
    first_line = header.count("\n")
    chapters = read_chapters(remove_producer(body), facts.title)
    pages = [
        WebPage(f"{name}:{first_line + chapter.line}", chapter.body, chapter.title, front=_front_of(chapter.title))
        for chapter in chapters
    ]
    return facts, pages, None


def _read_html(source: Path, name: str, data: bytes) -> tuple[GutenbergFacts, list[WebPage], SourceFiles]:
    root = parse_page(data, name)
    body = find_body(root)
    header, text, _license = split_text("\n".join(_lines(body)))
    facts = read_facts(header, text)
    _remove_boilerplate(body)
    styles = "\n".join(element.text or "" for element in root.iter("style"))
    if source.is_file() and not zipfile.is_zipfile(source):
        files = open_beside(source, [e.get("src") or "" for e in body.iter("img")])
    else:
        files = open_source(source)
    pages = [
        WebPage(
            name if number == 0 else f"{name}#{number}",
            piece,
            title or facts.title,
            styles=styles,
            front=_front_of(title),
        )
        for number, (title, piece) in enumerate(_split_chapters(body))
        if text_of(piece) or piece.find(".//img") is not None
    ]
    return facts, pages, files


def _front_of(title: str) -> dict[str, bool]:
    is_outer = re.match(r"(?:preface|foreword|dedication|to the reader|index|appendix|glossary|notes\b)", title, re.I)
    return {"numbering": False} if is_outer else {}


def _lines(body: XmlElement) -> list[str]:
    """Return the text of a page with a line for each block."""
    from oerbook.importers.web.elements import iterate_text

    return [" ".join(line.split()) for line in "".join(iterate_text(body)).split("\n")]


def _remove_boilerplate(body: XmlElement) -> None:
    """Remove what Project Gutenberg put around a book: marked sections, or what stands outside START and END."""
    marked = [
        e for e in body.iter() if BOILERPLATE.match(e.get("id") or "") or any(map(BOILERPLATE.match, classes_of(e)))
    ]
    for element in marked:
        if element is not body and element.getparent() is not None:
            remove(element)
    blocks = [
        e for e in body.iter("p", "pre", "div", "h1", "h2", "h3") if not any(c.tag in ("p", "pre", "div") for c in e)
    ]
    start = next((e for e in blocks if re.search(r"\*\*\* ?START OF (?:THE|THIS) PROJECT", text_of(e), re.I)), None)
    end = next(
        (
            e
            for e in blocks
            if re.search(r"\*\*\* ?END OF (?:THE|THIS) PROJECT|^End of (?:the )?Project Gutenberg", text_of(e), re.I)
        ),
        None,
    )
    order = {element: index for index, element in enumerate(body.iter())}
    for element in blocks:
        before = start is not None and order[element] <= order[start]
        after = end is not None and order[element] >= order[end]
        if before or after:
            remove(element)


def _split_chapters(body: XmlElement) -> list[tuple[str, XmlElement]]:
    """Return titles and bodies: from each heading of the second level on, or the first if there are several."""
    headings = {level: [h for h in body.iter(f"h{level}") if text_of(h)] for level in (1, 2, 3)}
    starts: Sequence[XmlElement] = next((found for found in headings.values() if len(found) >= MIN_CHAPTERS), [])
    if not starts:
        return [("", body)]
    pieces = split_at(body, starts)
    return [("", pieces[0]), *((text_of(h), piece) for h, piece in zip(starts, pieces[1:], strict=True))]
