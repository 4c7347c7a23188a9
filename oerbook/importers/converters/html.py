"""Web pages: one HTML file, a folder or zip archive of them, exports of Google Docs and of MathJax pages."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, Person, SourceRecord
from oerbook.importers.reading.source_files import SourceFiles, open_beside, open_source
from oerbook.importers.web.chapters import convert_to_chapters
from oerbook.importers.web.elements import HEADINGS, classes_of, remove, text_of
from oerbook.importers.web.google_docs import is_google_docs, rewrite_google_docs
from oerbook.importers.web.links import unite_ids
from oerbook.importers.web.outline import split_at
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.parse import find_body, parse_page
from oerbook.importers.web.pictures import PictureCollector, read_from
from oerbook.importers.web.site_facts import SiteFacts, read_site_facts
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

SUMMARY = "HTML"
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
HTML_START = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
CONTENT_CLASSES = ("mt-content-container", "mw-parser-output", "entry-content", "post-content", "page-content")
CHROME_CLASSES = re.compile(
    r"^(?:nav(?:bar|igation)?|menu|breadcrumbs?|site-(?:header|footer|nav)|cookie.*|skip-link|toc|table-of-contents|mw-editsection|headerlink|share.*)$",
    re.I,
)
MIN_SPLIT_WORDS = 15_000


@dataclass(frozen=True, slots=True)
class _SitePage:
    name: str
    root: XmlElement
    body: XmlElement
    facts: SiteFacts


def recognizes(source: Path) -> bool:
    """Say whether a file is HTML, or a folder or zip archive holds HTML pages."""
    if source.is_file() and not zipfile.is_zipfile(source):
        try:
            with source.open("rb") as file:
                head = file.read(4000)
        except OSError:
            return False
        return bool(HTML_START.search(head)) or (source.suffix.lower() in HTML_SUFFIXES and b"<" in head)
    try:
        return bool(_page_names(open_source(source)))
    except OerbookError:
        return False


def convert(source: Path, _options: ConversionOptions) -> ConvertedBook:
    """Read web pages. Raises OerbookError if there is no text in them."""
    single = source.is_file() and not zipfile.is_zipfile(source)
    files = _open_page(source) if single else open_source(source)
    names = [source.name] if single else _page_names(files)
    findings: list[Finding] = [] if single else list(files.findings)
    read = [_read_page(name, files, findings) for name in names]
    if len(read) > 1:
        unite_ids([(page.name, page.body) for page in read])
    pages = [page for site_page in read for page in _to_pages(site_page, is_only=len(read) == 1)]
    collector = PictureCollector(read_from(files.read, files.resolve))
    converted = convert_to_chapters(pages, collector)
    first = read[0].facts
    license_ = next((page.facts.license for page in read if page.facts.license), "")
    authors = tuple(dict.fromkeys(name for page in read for name in page.facts.authors))
    title = first.title or converted.chapters[0].title
    record = SourceRecord(title, authors, first.url or source.name, license_, revision=first.date)
    return ConvertedBook(
        title,
        converted.chapters,
        language=first.language,
        license=license_,
        front={"authors": list(authors), "description": first.description},
        pictures=tuple(collector.pictures.values()),
        people=tuple(map(Person, authors)),
        sources=(record,),
        findings=(*findings, *converted.findings),
        counts=converted.counts,
        words=converted.words,
    )


def _open_page(source: Path) -> SourceFiles:
    root = parse_page(source.read_bytes(), source.name)
    urls = [element.get(key) or "" for key in ("src", "href", "data") for element in root.iter("img", "link", "object")]
    return open_beside(source, urls)


def _page_names(files: SourceFiles) -> list[str]:
    """Return the pages of a site: those that its first page links to in their order, then the others."""
    names = sorted(
        (name for name in files.sizes if name.lower().endswith(HTML_SUFFIXES)),
        key=lambda name: (name.count("/"), not re.search(r"(?:^|/)(?:index|home)\.\w+$", name), name),
    )
    if len(names) < 2:
        return names
    root = parse_page(files.read(names[0]), names[0])
    linked = [files.resolve(names[0], link.get("href") or "") for link in root.iter("a")]
    return list(dict.fromkeys([names[0], *(name for name in linked if name in names), *names]))


def _read_page(name: str, files: SourceFiles, findings: list[Finding]) -> _SitePage:
    root = parse_page(files.read(name), name)
    facts = read_site_facts(root)
    body = find_body(root)
    if is_google_docs(root):
        findings += rewrite_google_docs(body, name)
        return _SitePage(name, root, body, facts)
    content = _find_content(body)
    for header in body.xpath(".//header[@id='title-block-header']"):  # pandoc's, with what `facts` holds
        remove(header)
    for element in list(content.iter("nav", "header", "footer", "div", "ul", "a", "span")):
        is_chrome = element.tag in ("nav",) or any(CHROME_CLASSES.match(c) for c in classes_of(element))
        is_site_end = element.tag in ("header", "footer") and element.getparent() is body
        if (is_chrome or is_site_end) and not (element.tag == "header" and element.find(".//h1") is not None):
            words = text_of(element)
            if len(words.split()) > 3:
                message = f"the navigation of the site was left out: “{words[:80]}”"
                findings.append(
                    Finding("import-generated", message, Place(name, element.sourceline or 0), Severity.INFO)
                )
            if element is not content:
                remove(element)
    return _SitePage(name, root, content, facts)


def _find_content(body: XmlElement) -> XmlElement:
    """Return the element with the text of a page, without what its site puts around it."""
    for element in body.iter():
        if any(name in CONTENT_CLASSES for name in classes_of(element)) or element.get("role") == "main":
            return element
    mains = list(body.iter("main")) or list(body.iter("article"))
    return mains[0] if len(mains) == 1 and len(text_of(mains[0])) * 2 > len(text_of(body)) else body


def _to_pages(page: _SitePage, *, is_only: bool) -> list[WebPage]:
    """Return the chapters of a page: one, or if it is a whole book, one from each of its main headings on."""
    headings = [h for h in page.body.iter(*HEADINGS) if text_of(h)]
    first = [h for h in headings if h.tag == "h1"]
    words = len(text_of(page.body).split())
    if is_only and len(first) > 1:
        starts = first
    elif is_only and words > MIN_SPLIT_WORDS and sum(h.tag == "h2" for h in headings) > 1:
        starts = [h for h in headings if h.tag == "h2"]
    else:
        title = page.facts.title if not first else ""
        return [WebPage(page.name, page.body, title)]
    styles = "\n".join(element.text or "" for element in page.root.iter("style"))
    titles = ["", *(text_of(h) for h in starts)]
    bodies = split_at(page.body, starts)
    pages = [
        WebPage(page.name if not number else f"{page.name} ({title})", body, title, styles=styles)
        for number, (title, body) in enumerate(zip(titles, bodies, strict=True))
        if text_of(body)
    ]
    return pages if pages[0].title else [WebPage(page.name, pages[0].body, page.facts.title, styles=styles), *pages[1:]]
