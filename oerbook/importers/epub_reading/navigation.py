"""Read the table of contents of an EPUB, and tell which pages are chapters, which belong to the front of the book."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oerbook.importers.epub_reading.package import Package
from oerbook.importers.reading.source_files import SourceFiles
from oerbook.importers.web.elements import text_of
from oerbook.importers.web.parse import parse_page, parse_xml
from oerbook.model.untyped import XmlElement

CHAPTER_TITLE = re.compile(r"(?:chapter|kapitel|chapitre|cap[ií]tulo|hoofdstuk)\b|\d{1,2}(?:[.:)]|\s)\s*(?!\d)\S", re.I)


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the table of contents: its title, the file and fragment it leads to, and the entries below."""

    title: str
    file: str
    fragment: str = ""
    children: tuple[NavEntry, ...] = ()


def read_navigation(package: Package, files: SourceFiles) -> list[NavEntry]:
    """Return the entries of the navigation document of EPUB 3, or of the NCX of EPUB 2."""
    if package.nav:
        name = package.files[package.nav].name
        root = parse_page(files.read(name), name)
        navs = [nav for nav in root.iter("nav") if "toc" in (nav.get("epub-type") or "")] or list(root.iter("nav"))
        entries = [
            entry for nav in navs[:1] for child in nav if child.tag == "ol" for entry in _read_list(child, name, files)
        ]
        if entries:
            return entries
    if package.ncx:
        name = package.files[package.ncx].name
        root = parse_xml(files.read(name), name, recover=True)
        return [entry for nav_map in root.iter("navMap") for entry in _read_points(nav_map, name, files)]
    return []


def read_landmarks(package: Package, files: SourceFiles) -> dict[str, str]:
    """Return what pages are by their file names: cover, titlepage, toc, copyright-page …"""
    kinds = {files.resolve(f"{package.folder}/x", href): kind for kind, href in package.guide}
    if package.nav:
        name = package.files[package.nav].name
        for nav in parse_page(files.read(name), name).iter("nav"):
            if "landmarks" in (nav.get("epub-type") or ""):
                for link in nav.iter("a"):
                    kinds[files.resolve(name, link.get("href") or "")] = link.get("epub-type") or ""
    return {name: kind for name, kind in kinds.items() if name and kind not in ("bodymatter", "text", "start")}


def _read_list(items: XmlElement, name: str, files: SourceFiles) -> Iterator[NavEntry]:
    for item in items:
        if item.tag != "li":
            continue
        link = next((e for e in item if e.tag in ("a", "span")), None)
        if link is None:
            link = next((e for child in item if child.tag != "ol" for e in child.iter("a", "span")), None)
        below = tuple(entry for child in item if child.tag == "ol" for entry in _read_list(child, name, files))
        href = link.get("href") or "" if link is not None else ""
        entry = NavEntry(
            text_of(link) if link is not None else "", files.resolve(name, href), href.partition("#")[2], below
        )
        yield entry


def _read_points(parent: XmlElement, name: str, files: SourceFiles) -> Iterator[NavEntry]:
    for point in parent:
        if point.tag != "navPoint":
            continue
        label, content = point.find("navLabel"), point.find("content")
        href = content.get("src") or "" if content is not None else ""
        title = text_of(label) if label is not None else ""
        below = tuple(_read_points(point, name, files))
        yield NavEntry(title, files.resolve(name, href), href.partition("#")[2], below)


@dataclass(frozen=True, slots=True)
class ChapterStart:
    """Where a chapter begins: file, fragment ("" for the top of the file), its title, and the part it belongs to."""

    file: str
    fragment: str
    title: str
    part: str = ""


def find_chapter_starts(entries: Sequence[NavEntry], spine: Sequence[str]) -> list[ChapterStart]:
    """Return the chapters that the table of contents names.

    An entry with entries below it in other files is a part; its own page, if it has text, is read as a chapter of it.
    One entry around all others is the book itself.
    """
    while len(entries) == 1 and len(_files_below(entries[0]) - {entries[0].file}) > 1:
        top = entries[0]
        own = [replace(top, children=())] if top.file else []
        entries = [*own, *top.children]
    starts: list[ChapterStart] = []
    for entry in entries:
        others = _files_below(entry) - {entry.file}
        deep = any(child.children for child in entry.children)
        if others and (len(entry.children) > 1 or deep) and not _is_chapter(entry):
            if entry.file:
                starts.append(ChapterStart(entry.file, entry.fragment, entry.title, entry.title))
            starts += [ChapterStart(child.file, child.fragment, child.title, entry.title) for child in entry.children]
        else:
            starts.append(ChapterStart(entry.file, entry.fragment, entry.title))
    in_spine = set(spine)
    unique: dict[tuple[str, str], ChapterStart] = {}
    for start in starts:
        if start.file in in_spine:
            unique.setdefault((start.file, start.fragment), start)
    return list(unique.values())


def _is_chapter(entry: NavEntry) -> bool:
    """Say whether an entry is a chapter whose sections have files of their own."""
    return bool(CHAPTER_TITLE.match(entry.title)) and not any(CHAPTER_TITLE.match(e.title) for e in entry.children)


def _files_below(entry: NavEntry) -> set[str]:
    return {file for child in entry.children for file in (child.file, *_files_below(child)) if file}
