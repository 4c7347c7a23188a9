"""EPUB 2 and 3: chapters by the table of contents, notes in their places, pictures, facts and license."""

from __future__ import annotations

import zipfile
from pathlib import Path

from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, Person, SourceRecord
from oerbook.importers.epub_reading.book_facts import people_of, title_page_front_matter
from oerbook.importers.epub_reading.chapters import read_pages
from oerbook.importers.epub_reading.package import CONTAINER_FILE, read_package
from oerbook.importers.reading.source_files import open_source
from oerbook.importers.web.chapters import convert_to_chapters
from oerbook.importers.web.pictures import PictureCollector, read_from
from oerbook.importers.web.rights import find_license_in

SUMMARY = "EPUB"


def recognizes(source: Path) -> bool:
    """Say whether a zip archive, or a folder that one was unpacked to, has a container of EPUB."""
    if source.is_dir():
        return (source / CONTAINER_FILE).is_file()
    try:
        with zipfile.ZipFile(source) as archive:
            return CONTAINER_FILE in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def convert(source: Path, _options: ConversionOptions) -> ConvertedBook:
    """Read an EPUB. Raises OerbookError if it is damaged or copy-protected."""
    files = open_source(source)
    package = read_package(files)
    pages, notices, findings = read_pages(package, files)
    collector = PictureCollector(read_from(files.read, files.resolve))
    converted = convert_to_chapters(pages, collector)
    license_ = find_license_in(*package.rights, *notices)
    people = people_of(package)
    front = title_page_front_matter(package, people)
    if package.cover:
        front["cover"] = f"images/{collector.add(package.cover, files.read(package.cover))}"
    record = SourceRecord(
        title=package.title,
        creators=people.get("authors", ()),
        source=package.facts.get("source")
        or (f"ISBN {package.facts['isbn']}" if package.facts.get("isbn") else source.name),
        license=license_,
        revision=package.facts.get("date", "")[:10],
    )
    return ConvertedBook(
        package.title or source.stem,
        converted.chapters,
        language=package.language,
        license=license_,
        front=front,
        pictures=tuple(collector.pictures.values()),
        people=tuple(Person(name) for names in people.values() for name in names),
        sources=(record,),
        findings=(*files.findings, *findings, *converted.findings),
        counts=converted.counts,
        words=converted.words,
    )
