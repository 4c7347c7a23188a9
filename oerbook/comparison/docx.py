"""Read back what a Word file shows."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from oerbook.comparison.words import split_words
from oerbook.model.content import ShownContent

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
PART_NAMES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
NOTE_MARKS = frozenset(["FootnoteReference", "EndnoteReference"])  # styles of the number of a note
SEPARATOR_NOTE_TYPES = frozenset(["separator", "continuationSeparator", "continuationNotice"])


def read_docx(path: Path) -> ShownContent:
    """Return what a Word file shows, notes included. Raises zipfile.BadZipFile and etree.XMLSyntaxError."""
    words: Counter[str] = Counter()
    counts = Counter(dict.fromkeys(("formula", "image", "table", "cell", "note"), 0))
    with zipfile.ZipFile(path) as archive:
        for part in PART_NAMES:
            if part in archive.namelist():
                root = etree.fromstring(archive.read(part))
                for paragraph in root.iter(f"{W}p"):
                    words.update(split_words("".join(_text(paragraph))))
                counts.update(_count(root))
    return ShownContent(words, counts)


def _text(paragraph: etree._Element) -> Iterator[str]:
    for run in paragraph.iter(f"{W}r"):
        style = run.find(f"{W}rPr/{W}rStyle")
        if style is not None and style.get(f"{W}val") in NOTE_MARKS:
            yield " "
            continue
        for node in run.iter(f"{W}t", f"{W}br", f"{W}tab", f"{W}cr", f"{W}noBreakHyphen"):
            yield (node.text or "") if node.tag == f"{W}t" else " "


def _count(root: etree._Element) -> Iterator[str]:
    for node in root.iter(f"{M}oMath", PICTURE, f"{W}tbl", f"{W}tc", f"{W}footnote", f"{W}endnote"):
        if node.tag == f"{M}oMath":
            yield "formula"
        elif node.tag == PICTURE:
            yield "image"
        elif node.tag == f"{W}tbl":
            yield "table"
        elif node.tag == f"{W}tc":
            yield "cell"
        elif node.get(f"{W}type") not in SEPARATOR_NOTE_TYPES:
            yield "note"
