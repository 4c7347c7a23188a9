"""MediaWiki: dumps and Special:Export with their history, files of wikitext, and books of Wikibooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, SourceRecord
from oerbook.importers.reading.source_files import SourceFiles, open_beside, open_source
from oerbook.importers.web.chapters import convert_to_chapters
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.parse import decode
from oerbook.importers.web.pictures import PictureCollector, read_from
from oerbook.importers.wikitext.book_order import PageOrder, order_pages
from oerbook.importers.wikitext.convert import WikiConverter
from oerbook.importers.wikitext.dump import WikiDump, WikiPage, WikiRevision, content_pages, is_dump, read_dump
from oerbook.importers.wikitext.history import make_revisions
from oerbook.importers.wikitext.state import (
    CATEGORY_NAMES,
    FILE_NAMES,
    WikiContext,
    WikiState,
    normalize_title,
    wiki_url,
)

SUMMARY = "MediaWiki (dumps, Special:Export, wikitext, Wikibooks)"
WIKITEXT_MARKUP = re.compile(r"\[\[[^\[\]\n]+\]\]|\{\{[^{}]+\}\}|^==[^=].*?==\s*$|'''[^'\n]+'''|<ref[\s>/]|^\{\|", re.M)
TEXT_SUFFIXES = (".txt", ".wiki", ".mediawiki", ".wikitext", ".mw")
MIN_MARKUP_COUNT = 3
WIKIMEDIA = re.compile(
    r"https?://[\w.-]*(?:wikipedia|wikibooks|wikiversity|wikisource|wikinews|wikivoyage|wiktionary|wikiquote|wikimedia)\.org/"
)
SITE_LICENSE = "CC-BY-SA-4.0"  # https://foundation.wikimedia.org/wiki/Policy:Terms_of_Use#7._Licensing_of_Content
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".tif", ".tiff")


def recognizes(source: Path) -> bool:
    """Say whether a file is a dump or wikitext, or whether a folder holds such files."""
    if source.is_dir():
        return any(_is_wiki_file(path) for path in sorted(source.iterdir())[:50] if path.is_file())
    return _is_wiki_file(source)


def convert(source: Path, _options: ConversionOptions) -> ConvertedBook:
    """Read pages of a wiki. Raises OerbookError if there is none with text."""
    dump = _read_source(source)
    order = order_pages(content_pages(dump.pages))
    if not order.pages:
        raise OerbookError(f"{source.name} has no page with text", hint="Export the pages again.")
    files = _open_pictures(source)
    pages, states = _convert_pages(dump, order.pages, order.parts, files)
    collector = PictureCollector(read_from(files.read, lambda _page, url: url if url in files.sizes else ""))
    converted = convert_to_chapters(pages, collector)
    notes = [finding for state in states for finding in state.report()]
    bibliography = {key: entry for state in states for key, entry in state.bibliography.items()}
    license_ = SITE_LICENSE if WIKIMEDIA.match(dump.base_url) else ""
    return ConvertedBook(
        order.title or converted.chapters[0].title,
        converted.chapters,
        language=dump.language,
        license=license_,
        pictures=converted.pictures,
        bibliography="\n\n".join(bibliography.values()),
        sources=(_book_record(dump, order, license_),),
        findings=(*files.findings, *order.findings, *notes, *converted.findings),
        counts=converted.counts,
        words=converted.words,
    )


def _is_wiki_file(path: Path) -> bool:
    if is_dump(path):
        return True
    if path.suffix.lower() not in TEXT_SUFFIXES:
        return False
    try:
        with path.open("rb") as file:
            text = file.read(200_000).decode(errors="replace")
    except OSError:
        return False
    return len(WIKITEXT_MARKUP.findall(text)) >= MIN_MARKUP_COUNT and not re.match(
        r"\s*(?:<!doctype|<html|\\documentclass|---\n)", text, re.I
    )


def _read_source(source: Path) -> WikiDump:
    """Return the pages of a dump, or of files of wikitext by their names."""
    paths = [p for p in sorted(source.iterdir()) if p.is_file() and _is_wiki_file(p)] if source.is_dir() else [source]
    dumps = [read_dump(path) for path in paths if is_dump(path)]
    texts = [path for path in paths if not is_dump(path)]
    pages = tuple(page for dump in dumps for page in dump.pages)
    pages += tuple(
        WikiPage(_title_of(path), 0, (WikiRevision(0, "", "", "", False, decode(path.read_bytes())),)) for path in texts
    )
    first = dumps[0] if dumps else WikiDump("", "", "", {}, ())
    return replace(first, pages=pages, templates={k: v for dump in dumps for k, v in dump.templates.items()})


def _title_of(path: Path) -> str:
    return normalize_title(re.sub(r"[-_]+", " ", path.stem))


def _open_pictures(source: Path) -> SourceFiles:
    """Return the pictures beside the pages: those in the folder of a dump, or in its folder `images`."""
    if source.is_dir():
        return open_source(source)
    names = (
        [p.name for p in source.parent.glob("*") if p.suffix.lower() in PICTURE_SUFFIXES][:2000]
        if source.parent.is_dir()
        else []
    )
    names += [f"images/{p.name}" for p in (source.parent / "images").glob("*")][:2000]
    return open_beside(source, names)


def _convert_pages(
    dump: WikiDump, pages: Sequence[WikiPage], parts: Sequence[str], files: SourceFiles
) -> tuple[list[WebPage], list[WikiState]]:
    keys = {normalize_title(page.title): f"page:{page.title}" for page in pages}
    pictures = {normalize_title(PurePosixPath(name).name): name for name in files.sizes}
    result, states = [], []
    for page, part in zip(pages, parts, strict=True):
        context = WikiContext(
            page.title,
            dump.base_url,
            keys,
            pictures,
            FILE_NAMES | {dump.namespaces.get(6, "file").lower()},
            CATEGORY_NAMES | {dump.namespaces.get(14, "category").lower()},
            dump.templates,
        )
        converter = WikiConverter(context)
        body = converter.convert_page(page.text)
        title = page.title.rpartition("/")[2] if len(pages) > 1 else page.title
        license_ = SITE_LICENSE if WIKIMEDIA.match(dump.base_url) else ""
        revisions = make_revisions(page, dump.base_url) if len(page.revisions) > 1 else ()
        record = _record(dump, page, license_)
        result.append(WebPage(page.title, body, title, part, sources=(record,), revisions=revisions))
        states.append(converter.state)
    return result, states


def _record(dump: WikiDump, page: WikiPage, license_: str) -> SourceRecord:
    """Return where a page is from; the list of its authors is its history in the wiki."""
    last = next((r for r in reversed(page.revisions) if r.text is not None), None)
    address = wiki_url(dump.base_url, page.title)
    if address and last and last.identifier:
        query = f"title={address.removeprefix(dump.base_url)}&oldid={last.identifier}"
        address = f"{dump.base_url.replace('/wiki/', '/w/index.php')}?{query}"
    creators = (f"{dump.site} contributors",) if dump.site else ()
    revision = f"{last.identifier} ({last.timestamp[:10]})" if last and last.identifier else ""
    return SourceRecord(page.title, creators, address, license_, revision=revision)


def _book_record(dump: WikiDump, order: PageOrder, license_: str) -> SourceRecord:
    if len(order.pages) == 1:
        return _record(dump, order.pages[0], license_)
    creators = (f"{dump.site} contributors",) if dump.site else ()
    address = wiki_url(dump.base_url, order.title) if order.title else dump.base_url
    return SourceRecord(order.title or dump.site, creators, address, license_)
