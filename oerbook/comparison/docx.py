"""Read back what a Word file shows."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from oerbook.comparison.words import split_comparable_words
from oerbook.model.content import FileContent

WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH_NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PICTURE_TAG = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
TEXT_PART_NAMES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
NOTE_REFERENCE_STYLES = frozenset(["FootnoteReference", "EndnoteReference"])  # styles of the number of a note
SEPARATOR_NOTE_TYPES = frozenset(["separator", "continuationSeparator", "continuationNotice"])


def read_docx(path: Path) -> FileContent:
    """Return what a Word file shows, notes included. Raises zipfile.BadZipFile and etree.XMLSyntaxError."""
    words: Counter[str] = Counter()
    counts = Counter(dict.fromkeys(("formula", "image", "table", "cell", "note"), 0))
    with zipfile.ZipFile(path) as archive:
        for part in TEXT_PART_NAMES:
            if part in archive.namelist():
                root = etree.fromstring(archive.read(part))
                for paragraph in root.iter(f"{WORD_NAMESPACE}p"):
                    words.update(split_comparable_words("".join(_text(paragraph))))
                counts.update(_count(root))
    return FileContent(words, counts)


def _text(paragraph: etree._Element) -> Iterator[str]:
    for run in paragraph.iter(f"{WORD_NAMESPACE}r", f"{MATH_NAMESPACE}oMath"):
        if run.tag == f"{MATH_NAMESPACE}oMath":
            yield " "
            continue
        style = run.find(f"{WORD_NAMESPACE}rPr/{WORD_NAMESPACE}rStyle")
        if style is not None and style.get(f"{WORD_NAMESPACE}val") in NOTE_REFERENCE_STYLES:
            yield " "
            continue
        raised = run.find(f"{WORD_NAMESPACE}rPr/{WORD_NAMESPACE}vertAlign") is not None
        if raised:
            yield " "
        for node in run.iter(
            f"{WORD_NAMESPACE}t",
            f"{WORD_NAMESPACE}br",
            f"{WORD_NAMESPACE}tab",
            f"{WORD_NAMESPACE}cr",
            f"{WORD_NAMESPACE}noBreakHyphen",
        ):
            yield (node.text or "") if node.tag == f"{WORD_NAMESPACE}t" else " "
        if raised:
            yield " "


def _count(root: etree._Element) -> Iterator[str]:
    for node in root.iter(
        f"{MATH_NAMESPACE}oMath",
        PICTURE_TAG,
        f"{WORD_NAMESPACE}tbl",
        f"{WORD_NAMESPACE}tc",
        f"{WORD_NAMESPACE}footnote",
        f"{WORD_NAMESPACE}endnote",
    ):
        if node.tag == f"{MATH_NAMESPACE}oMath":
            yield "formula"
        elif node.tag == PICTURE_TAG:
            yield "image"
        elif node.tag == f"{WORD_NAMESPACE}tbl":
            yield "table"
        elif node.tag == f"{WORD_NAMESPACE}tc":
            yield "cell"
        elif node.get(f"{WORD_NAMESPACE}type") not in SEPARATOR_NOTE_TYPES:
            yield "note"
