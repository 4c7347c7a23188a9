"""Finish the tables of a DOCX: columns as wide as their content needs, and room between neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.markup.namespaces import WORD_NAMESPACE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LAYOUT_STYLES = ("Box", "Equation")
CHAR_TWIPS = 116  # of an average character of a table's type, in twentieths of a point
BOX_PADDING_TWIPS = 400  # left and right in a box
PADDING_TWIPS = 220  # left and right of a cell's text
MAX_WORD_CHARS = 28  # a longer word is an address or a name in code, which may be divided
BOOKMARK_TAGS = frozenset({f"{WORD_NAMESPACE}bookmarkStart", f"{WORD_NAMESPACE}bookmarkEnd"})


@dataclass(frozen=True, slots=True)
class ColumnNeeds:
    """The minimum and maximum width that a column can use, and the number of characters in it."""

    min_twips: int
    max_twips: int
    char_count: int


def fit_tables(root: Element, text_width: int, turned_width: int) -> None:
    """Fit the columns of all tables; separate neighbours and end cells as Word requires.

    `text_width` is the width of the text in twips, `turned_width` that on turned pages.
    """
    for table in list(root.iter(f"{WORD_NAMESPACE}tbl")):
        line_width = turned_width if _is_on_turned_page(table) else text_width
        if _style(table) in LAYOUT_STYLES:
            _set_grid(table, _scaled(_grid(table), line_width))
        elif table.find(f"{WORD_NAMESPACE}tblPr/{WORD_NAMESPACE}tblLayout") is None:
            _fit_columns(
                table, line_width - BOX_PADDING_TWIPS * sum(1 for _ in table.iterancestors(f"{WORD_NAMESPACE}tbl"))
            )
            _keep_rows_whole(table)
        for cell in table.iter(f"{WORD_NAMESPACE}tc"):
            _end_with_paragraph(cell)
        _separate(table)


def _is_on_turned_page(table: Element) -> bool:
    """Return whether the paragraph behind a table ends a section of turned pages."""
    following = table.getnext()
    size = (
        following.find(f"{WORD_NAMESPACE}pPr/{WORD_NAMESPACE}sectPr/{WORD_NAMESPACE}pgSz")
        if following is not None
        else None
    )
    return size is not None and size.get(f"{WORD_NAMESPACE}orient") == "landscape"


def _style(table: Element) -> str:
    style = table.find(f"{WORD_NAMESPACE}tblPr/{WORD_NAMESPACE}tblStyle")
    return str(style.get(f"{WORD_NAMESPACE}val")) if style is not None else ""


def _grid(table: Element) -> list[int]:
    return [
        int(column.get(f"{WORD_NAMESPACE}w") or 0)
        for column in table.iterfind(f"{WORD_NAMESPACE}tblGrid/{WORD_NAMESPACE}gridCol")
    ]


def _scaled(widths: Sequence[int], total: int) -> list[int]:
    return [width * total // max(sum(widths), 1) for width in widths]


def _set_grid(table: Element, widths: Sequence[int]) -> None:
    for column, width in zip(table.iterfind(f"{WORD_NAMESPACE}tblGrid/{WORD_NAMESPACE}gridCol"), widths, strict=False):
        column.set(f"{WORD_NAMESPACE}w", str(width))


def _fit_columns(table: Element, line_width: int) -> None:
    """Set the columns of a table to the widths that its content needs."""
    count = len(_grid(table))
    if not count:
        return
    widths = column_widths(_column_needs(table, count), line_width)
    _set_grid(table, widths)
    width = table.find(f"{WORD_NAMESPACE}tblPr/{WORD_NAMESPACE}tblW")
    if width is not None:
        width.set(f"{WORD_NAMESPACE}type", "dxa")
        width.set(f"{WORD_NAMESPACE}w", str(sum(widths)))
    for row in table.iterfind(f"{WORD_NAMESPACE}tr"):
        column = 0
        for cell in row.iterfind(f"{WORD_NAMESPACE}tc"):
            span = _span(cell)
            _set_cell_width(cell, sum(widths[column : column + span]))
            column += span


def _keep_rows_whole(table: Element) -> None:
    """Let no row be divided between two pages."""
    for row in table.iterfind(f"{WORD_NAMESPACE}tr"):
        properties = row.find(f"{WORD_NAMESPACE}trPr")
        if properties is None:
            properties = etree.Element(f"{WORD_NAMESPACE}trPr")
            row.insert(0, properties)
        properties.insert(0, etree.Element(f"{WORD_NAMESPACE}cantSplit"))


def _span(cell: Element) -> int:
    span = cell.find(f"{WORD_NAMESPACE}tcPr/{WORD_NAMESPACE}gridSpan")
    return int(span.get(f"{WORD_NAMESPACE}val") or 1) if span is not None else 1


def _set_cell_width(cell: Element, width: int) -> None:
    properties = cell.find(f"{WORD_NAMESPACE}tcPr")
    if properties is None:
        properties = etree.Element(f"{WORD_NAMESPACE}tcPr")
        cell.insert(0, properties)
    element = properties.find(f"{WORD_NAMESPACE}tcW")
    if element is None:
        element = etree.Element(f"{WORD_NAMESPACE}tcW")
        properties.insert(0, element)
    element.set(f"{WORD_NAMESPACE}w", str(width))
    element.set(f"{WORD_NAMESPACE}type", "dxa")


def _column_needs(table: Element, count: int) -> list[ColumnNeeds]:
    """Return what each column needs; a cell that spans several says nothing about one."""
    texts: list[list[str]] = [[] for _ in range(count)]
    for row in table.iterfind(f"{WORD_NAMESPACE}tr"):
        column = 0
        for cell in row.iterfind(f"{WORD_NAMESPACE}tc"):
            span = _span(cell)
            if span == 1 and column < count:
                texts[column] += ["".join(map(str, p.itertext())) for p in cell.iterfind(f"{WORD_NAMESPACE}p")]
            column += span
    return [_needs(lines) for lines in texts]


def _needs(lines: Sequence[str]) -> ColumnNeeds:
    words = [len(word) for line in lines for word in line.split()] or [1]
    longest = max((len(line.strip()) for line in lines), default=1)
    least = min(max(words), MAX_WORD_CHARS) * CHAR_TWIPS + PADDING_TWIPS
    area = max(sum(map(len, lines)), 1)
    return ColumnNeeds(least, max(longest * CHAR_TWIPS + PADDING_TWIPS, least), area)


def column_widths(needs: Sequence[ColumnNeeds], line_width: int) -> list[int]:
    """Return the widths of columns on a line of some width.

    A table that is narrower than the line stays so. Else the line is shared by how much stands in each column; none
    gets less than its longest word or more than it can use.
    """
    if sum(column.max_twips for column in needs) <= line_width:
        return [column.max_twips for column in needs]
    least = sum(column.min_twips for column in needs)
    if least >= line_width:
        return [column.min_twips * line_width // least for column in needs]
    low, high = 0.0, float(line_width)
    for _ in range(40):
        unit = (low + high) / 2
        if sum(_share(column, unit) for column in needs) > line_width:
            high = unit
        else:
            low = unit
    return [int(_share(column, low)) for column in needs]


def _share(column: ColumnNeeds, unit: float) -> float:
    return float(max(column.min_twips, min(unit * column.char_count**0.7, column.max_twips)))


def _end_with_paragraph(cell: Element) -> None:
    """Add a paragraph to a cell that ends with a table: Word rejects it otherwise."""
    last = next((child for child in reversed(cell) if child.tag not in BOOKMARK_TAGS), None)
    if last is None or last.tag != f"{WORD_NAMESPACE}p":
        cell.append(_spacer())


def _separate(table: Element) -> None:
    """Add a low paragraph behind a table, unless the cell ends there.

    It keeps the text away, and another table, which Word would join.
    """
    following = table.getnext()
    while following is not None and following.tag in BOOKMARK_TAGS:
        following = following.getnext()
    if following is None or following.tag == f"{WORD_NAMESPACE}sectPr":
        return
    if _style(table) != "Equation" or following.tag == f"{WORD_NAMESPACE}tbl":
        table.addnext(_spacer())


def _spacer() -> Element:
    paragraph = etree.Element(f"{WORD_NAMESPACE}p")
    etree.SubElement(etree.SubElement(paragraph, f"{WORD_NAMESPACE}pPr"), f"{WORD_NAMESPACE}pStyle").set(
        f"{WORD_NAMESPACE}val", "Spacer"
    )
    return paragraph
