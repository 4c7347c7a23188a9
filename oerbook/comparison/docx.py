"""Read back what a Word file shows."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from oerbook.comparison.words import split_comparable_words
from oerbook.markup.namespaces import MATH_NAMESPACE, WORD_NAMESPACE
from oerbook.model.content import FileContent

PICTURE_TAG = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
TEXT_PART_NAMES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
NOTE_REFERENCE_STYLES = frozenset(["FootnoteReference", "EndnoteReference"])  # styles of the number of a note
CONTENTS_STYLES = frozenset(["TOC1", "TOC2"])  # they repeat the headings
LAYOUT_TABLE_STYLES = frozenset(["Box", "Equation"])  # tables of one row that hold a box or a numbered formula
TABLE_TAGS = (f"{WORD_NAMESPACE}tbl", f"{WORD_NAMESPACE}tc")
LINE_NUMBER_STYLE = "LineNumber"
COUNTED_KINDS_IN_DOCX = ("formula", "image", "table", "cell", "note", "span", "line-number", "frame", "right-to-left")
SEPARATOR_NOTE_TYPES = frozenset(["separator", "continuationSeparator", "continuationNotice"])


def read_docx(path: Path) -> FileContent:
    """Return what a Word file shows, notes included. Raises zipfile.BadZipFile and etree.XMLSyntaxError."""
    words: Counter[str] = Counter()
    counts = Counter(dict.fromkeys(COUNTED_KINDS_IN_DOCX, 0))
    with zipfile.ZipFile(path) as archive:
        for part in TEXT_PART_NAMES:
            if part in archive.namelist():
                root = etree.fromstring(archive.read(part))
                for paragraph in root.iter(f"{WORD_NAMESPACE}p"):
                    if _style_name(paragraph.find(f"{WORD_NAMESPACE}pPr/{WORD_NAMESPACE}pStyle")) in CONTENTS_STYLES:
                        continue
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


def _style_name(style: etree._Element | None) -> str:
    return str(style.get(f"{WORD_NAMESPACE}val")) if style is not None else ""


def _features(root: etree._Element) -> Iterator[str]:
    """Yield what tables, code and formulas have: cells that span others, numbers of lines, frames."""
    for properties in root.iter(f"{WORD_NAMESPACE}tcPr"):
        merge = properties.find(f"{WORD_NAMESPACE}vMerge")
        starts_below = merge is not None and merge.get(f"{WORD_NAMESPACE}val") == "restart"
        if starts_below or properties.find(f"{WORD_NAMESPACE}gridSpan") is not None:
            yield "span"
    for style in root.iter(f"{WORD_NAMESPACE}rStyle"):
        if style.get(f"{WORD_NAMESPACE}val") == LINE_NUMBER_STYLE:
            yield "line-number"
    for _frame in root.iter(f"{MATH_NAMESPACE}borderBox"):
        yield "frame"
    for _direction in root.iter(f"{WORD_NAMESPACE}bidi"):
        yield "right-to-left"


def _count(root: etree._Element) -> Iterator[str]:
    yield from _features(root)
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
        elif node.tag in TABLE_TAGS:
            table = node if node.tag == TABLE_TAGS[0] else next(node.iterancestors(TABLE_TAGS[0]), node)
            style = table.find(f"{WORD_NAMESPACE}tblPr/{WORD_NAMESPACE}tblStyle")
            if _style_name(style) not in LAYOUT_TABLE_STYLES:
                yield "table" if node is table else "cell"
        elif node.get(f"{WORD_NAMESPACE}type") not in SEPARATOR_NOTE_TYPES:
            yield "note"
