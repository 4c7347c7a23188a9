"""Pressbooks: an export of a book (WXR), with the pictures beside it if they were downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from oerbook.errors import OerbookError
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, Person, SourceRecord
from oerbook.importers.pressbooks_reading.facts import book_front, license_of, picture_record, plain
from oerbook.importers.pressbooks_reading.paragraphs import add_paragraphs
from oerbook.importers.pressbooks_reading.posts import SHOWN_STATES, Export, Post, read_export, read_names
from oerbook.importers.pressbooks_reading.shortcodes import ShortcodeState, convert_shortcodes
from oerbook.importers.reading.source_files import SourceFiles, open_beside, open_source
from oerbook.importers.web.chapters import convert_to_chapters
from oerbook.importers.web.elements import make
from oerbook.importers.web.links import unite_ids
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.parse import find_body, parse_html, parse_xml
from oerbook.importers.web.pictures import PictureCollector, PictureReader
from oerbook.licensing.adaptation import Permission, judge_adaptation
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement, Yaml

SUMMARY = "Pressbooks (WXR)"
WXR_MARK = b"wordpress.org/export/"
POST_PATH = re.compile(r"/(chapter|front-matter|back-matter|part)/([^/#?]+)/?$")
SIZE_SUFFIX = re.compile(r"-\d+x\d+(?=\.\w+$)|-scaled(?=\.\w+$)|-e\d{10,}(?=\.\w+$)")
MEDIA_FOLDERS = ("", "media/", "uploads/", "images/")
OUTER_KINDS = ("front-matter", "back-matter")


@dataclass(frozen=True, slots=True)
class _Place:
    """A post of the book and the title of its part."""

    post: Post
    part: str = ""


def recognizes(source: Path) -> bool:
    """Say whether a file, or one in a folder or archive, is an export of WordPress that holds a book."""
    try:
        _files, _name, data = _open(source, head_only=True)
    except (OerbookError, OSError):
        return False
    return WXR_MARK in data


def convert(source: Path, _options: ConversionOptions) -> ConvertedBook:
    """Read an export. Raises OerbookError if it is damaged or holds no chapters."""
    files, name, data = _open(source)
    export = read_export(parse_xml(data, name, recover=True))
    book_license = license_of(export.metadata, "pb_book_license")
    attachments = export.of_kind("attachment")
    pages, findings = _read_pages(export, book_license)
    _describe_pictures(pages, attachments)
    read = _picture_reader(_with_media(source, files, attachments))
    records = {_base_name(post.attachment_url): picture_record(post) for post in attachments}
    collector = PictureCollector(read, records)
    converted = convert_to_chapters(pages, collector)
    front = book_front(export)
    cover = export.metadata.fact("pb_cover_image") if export.metadata else ""
    found = read("", cover) if cover else None
    if found:
        front["cover"] = f"images/{collector.add(*found)}"
    title = (export.metadata.fact("pb_title") if export.metadata else "") or export.title
    return ConvertedBook(
        title,
        converted.chapters,
        language=export.metadata.fact("pb_language") if export.metadata else export.language,
        license=book_license,
        front=front,
        pictures=tuple(collector.pictures.values()),
        people=_people(export, front),
        sources=(SourceRecord(title, tuple(front.get("authors") or ()), export.site_url, book_license),),
        findings=(*findings, *converted.findings),
        counts=converted.counts,
        words=converted.words,
    )


def _read_pages(export: Export, book_license: str) -> tuple[list[WebPage], list[Finding]]:
    places, findings = _order_posts(export, book_license)
    pages = [_to_page(place, export, book_license, findings) for place in places]
    glossary = _glossary_page(export, findings)
    pages += [glossary] if glossary else []
    _link_pages(pages)
    unite_ids([(page.name, page.body) for page in pages])
    return pages, findings


def _describe_pictures(pages: Sequence[WebPage], attachments: Sequence[Post]) -> None:
    """Give pictures without a description the one of their attachment."""
    alt_by_name = {_base_name(post.attachment_url): post.fact("_wp_attachment_image_alt") for post in attachments}
    for page in pages:
        for image in page.body.iter("img"):
            if not image.get("alt"):
                image.set("alt", alt_by_name.get(_base_name(image.get("src") or ""), ""))


def _picture_reader(files: SourceFiles) -> PictureReader:
    """Return a reader that finds pictures by their names, with or without the size that WordPress adds."""
    by_name = {PurePosixPath(file).name.lower(): file for file in files.sizes}

    def read(_page: str, url: str) -> tuple[str, bytes] | None:
        file = by_name.get(_base_name(url)) or by_name.get(PurePosixPath(urlsplit(url).path).name.lower())
        return (_base_name(url), files.read(file)) if file else None

    return read


def _people(export: Export, front: dict[str, Yaml]) -> tuple[Person, ...]:
    names = [name for key in ("authors", "editors", "contributors") for name in front.get(key) or ()]
    known = {person.name: person for person in export.contributors.values()}
    return tuple(
        Person(name, website=known[name].website, biography=plain(known[name].biography))
        if name in known
        else Person(name)
        for name in dict.fromkeys(names)
    )


def _open(source: Path, *, head_only: bool = False) -> tuple[SourceFiles, str, bytes]:
    """Return the files of a source, the name of the export among them, and its bytes."""
    if source.is_file() and source.suffix.lower() not in (".zip",):
        with source.open("rb") as file:
            return open_beside(source, ()), source.name, file.read(4000 if head_only else -1)
    files = open_source(source)
    for name in sorted(files.sizes, key=lambda n: n.count("/")):
        if name.lower().endswith(".xml") and name.count("/") < 3:
            data = files.read(name)
            if WXR_MARK in data[:4000]:
                return files, name, data
    return files, "", b""


def _with_media(source: Path, files: SourceFiles, attachments: Sequence[Post]) -> SourceFiles:
    """Return the files with those beside a single export that are named like its attachments."""
    if source.is_dir() or source.suffix.lower() == ".zip":
        return files
    names = {PurePosixPath(unquote(urlsplit(post.attachment_url).path)).name for post in attachments}
    return open_beside(source, [f"{folder}{name}" for folder in MEDIA_FOLDERS for name in sorted(names)])


def _base_name(url: str) -> str:
    """Return the file name of a picture without the size that WordPress adds."""
    return SIZE_SUFFIX.sub("", PurePosixPath(unquote(urlsplit(url).path)).name).lower()


def _order_posts(export: Export, book_license: str) -> tuple[list[_Place], list[Finding]]:
    """Return the posts of the book in their order; drafts and what may not be adapted are left out with a finding."""
    parts = [p for p in export.of_kind("part") if export.of_kind("chapter", p.identifier) or p.text.strip()]
    named = [part for part in parts if export.of_kind("chapter", part.identifier)]
    listed = [_Place(post) for post in export.of_kind("front-matter")]
    known = set()
    for part in parts:
        title = plain(part.title) if len(named) > 1 else ""
        if part.text.strip():
            listed.append(_Place(part, title))
        for chapter in export.of_kind("chapter", part.identifier):
            known.add(chapter.identifier)
            listed.append(_Place(chapter, title))
    listed += [_Place(post) for post in export.of_kind("chapter") if post.identifier not in known]
    listed += [_Place(post) for post in export.of_kind("back-matter")]
    kept, findings = [], []
    for place in listed:
        finding = _reason_to_leave_out(place.post, book_license)
        if finding:
            findings.append(finding)
        else:
            kept.append(place)
    return kept, findings


def _reason_to_leave_out(post: Post, book_license: str) -> Finding | None:
    place = Place(f"{post.kind}/{post.slug}")
    if post.status not in SHOWN_STATES:
        message = f"“{plain(post.title)}” is a {post.status} and was left out"
        return Finding("import-page-unlisted", message, place, Severity.INFO, "Publish it and export the book again.")
    own = license_of(post, "pb_section_license")
    verdict = judge_adaptation(own, own) if own and own != book_license else None
    if verdict and verdict.permission is Permission.FORBIDDEN:
        message = f"“{plain(post.title)}” was left out: {verdict.reason}"
        hint = "Ask its authors for another license, or link to it."
        return Finding("import-license-refused", message, place, Severity.ERROR, hint)
    return None


def _to_page(place: _Place, export: Export, book_license: str, findings: list[Finding]) -> WebPage:
    post = place.post
    body = _convert_text(post, export, findings)
    own_license = license_of(post, "pb_section_license")
    authors = read_names(post, export, "pb_authors", "pb_section_author")
    front: dict[str, Yaml] = {"numbering": False} if post.kind in (*OUTER_KINDS, "part") else {}
    if own_license and own_license != book_license:
        front["license"] = own_license
    front |= {"authors": authors} if authors else {}
    front |= {"subtitle": plain(post.fact("pb_subtitle"))} if post.fact("pb_subtitle") else {}
    based_on = post.fact("pb_is_based_on")
    title = plain(post.title)
    records = (
        [SourceRecord(title, tuple(authors), post.link, own_license or book_license)] if own_license or authors else []
    )
    if based_on and based_on.rstrip("/") != post.link.rstrip("/"):
        records.append(SourceRecord(title, source=based_on, license=own_license or book_license))
    name = f"{post.kind}--{post.slug}"
    body.insert(0, make("h1", title))
    if body.text:
        body[0].tail, body.text = body.text, None
    return WebPage(name, body, title, place.part, post.slug, front=front, sources=tuple(records))


def _convert_text(post: Post, export: Export, findings: list[Finding]) -> XmlElement:
    """Return the text of a post as the body of a page."""
    glossary = {p.identifier: plain(p.title) for p in export.of_kind("glossary")}
    media = {p.identifier: p.attachment_url for p in export.of_kind("attachment")}
    state = ShortcodeState(f"{post.kind}/{post.slug}", export.site_url, glossary, media)
    html = add_paragraphs(convert_shortcodes(post.text, state))
    notes = "".join(
        f'<div class="note-text" data-note="s{number}">{add_paragraphs(note)}</div>'
        for number, note in enumerate(state.notes, start=1)
    )
    findings += state.findings
    return find_body(parse_html(f"<html><body>{html}{notes}</body></html>", post.slug))


def _glossary_page(export: Export, findings: list[Finding]) -> WebPage | None:
    entries = sorted(
        (p for p in export.of_kind("glossary") if p.status in SHOWN_STATES), key=lambda p: p.title.casefold()
    )
    if not entries:
        return None
    body = make("body")
    body.append(make("h1", "Glossary"))
    entry_list = make("dl", class_="glossary")
    for entry in entries:
        entry_list.append(make("dt", plain(entry.title)))
        meaning = make("dd")
        meaning.extend(list(_convert_text(entry, export, findings)))
        entry_list.append(meaning)
    body.append(entry_list)
    return WebPage("glossary--all", body, "Glossary", slug="glossary", front={"numbering": False})


def _link_pages(pages: Sequence[WebPage]) -> None:
    """Let links to posts of the book, on its present or former site, lead to their pages."""
    names = {page.name for page in pages}
    for link in _links(pages):
        parts = urlsplit(link.get("href") or "")
        match = POST_PATH.search(parts.path)
        if match and f"{match[1]}--{match[2]}" in names:
            link.set("href", f"{match[1]}--{match[2]}" + (f"#{parts.fragment}" if parts.fragment else ""))


def _links(pages: Sequence[WebPage]) -> Iterator[XmlElement]:
    for page in pages:
        yield from page.body.iter("a")
