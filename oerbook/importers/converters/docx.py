"""Word documents."""

from __future__ import annotations

import zipfile
from pathlib import Path

from oerbook.importers.conversion.pictures import name_pictures
from oerbook.importers.conversion.plain_text import plain_text
from oerbook.importers.conversion.rename_images import rename_images
from oerbook.importers.conversion.split_chapters import chapter_level, split_at_headings
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, ConvertedChapter
from oerbook.tools.pandoc_reader import read_document

SUMMARY = "Word (.docx)"


def recognizes(source: Path) -> bool:
    """Say whether a file is a Word document."""
    try:
        with zipfile.ZipFile(source) as archive:
            return "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def convert(source: Path, options: ConversionOptions) -> ConvertedBook:
    """Read a Word document: one chapter for each heading of the first level."""
    document = read_document(source.read_bytes(), "docx+styles+citations", ["--track-changes=accept"])
    pictures = name_pictures(document.media, source.stem)
    blocks = rename_images(document.blocks, pictures.paths)
    level = chapter_level(blocks)
    preface, sections = split_at_headings(blocks, level) if level else (tuple(blocks), [])
    title = plain_text(document.metadata.get("title", {}).get("c", [])) or source.stem
    chapters = [ConvertedChapter(s.title, blocks=s.blocks, key=s.identifier, source_file=source.name) for s in sections]
    if preface:
        chapters.insert(0, ConvertedChapter(title, blocks=preface, source_file=source.name))
    return ConvertedBook(title, tuple(chapters), license=options.license, pictures=pictures.pictures)
