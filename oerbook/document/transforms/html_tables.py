"""A table written in HTML (or stored by a notebook) as a docutils table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes

MOST_COLUMNS = 200


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), MOST_COLUMNS)) if value.isdigit() else 1


def _width(rows: list[Any]) -> int:
    """Return how many columns a table has, counting cells that hang down from rows above."""
    hanging: list[int] = []
    for row in rows:
        place = 0
        for cell in row:
            while place < len(hanging) and hanging[place] > 0:
                place += 1
            for _ in range(_span(cell, "colspan")):
                hanging += [0] * (place + 1 - len(hanging))
                hanging[place] = _span(cell, "rowspan")
                place += 1
        hanging = [max(0, depth - 1) for depth in hanging]
    return len(hanging)


def table(element: Any, fill: Callable[[Any], list[nodes.Node]]) -> nodes.table | None:
    """Return `<table>` as nodes, or None when it has no cells; `fill` turns a cell's contents into nodes."""
    rows = [row for row in element.iter("tr") if any(cell.tag in ("td", "th") for cell in row)]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    columns = _width(cells)
    if not columns or columns > MOST_COLUMNS:
        return None
    heads = 0
    while heads < len(rows) and _is_head(rows[heads], cells[heads]):
        heads += 1
    if heads == len(rows):
        heads = min(heads, 1) if len(rows) > 1 else 0
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in range(columns)), cols=columns)
    if heads:
        group += nodes.thead("", *(_row(row, fill) for row in cells[:heads]))
    group += nodes.tbody("", *(_row(row, fill) for row in cells[heads:]))
    found = nodes.table("", classes=["from-html"])
    caption = element.find("caption")
    if caption is not None:
        words = " ".join(caption.text_content().split())
        found += nodes.title(words, words)
    found += group
    return found


def _is_head(row: Any, cells: list[Any]) -> bool:
    return row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells)


def _row(cells: list[Any], fill: Callable[[Any], list[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry()
        if _span(cell, "colspan") > 1:
            entry["morecols"] = _span(cell, "colspan") - 1
        if _span(cell, "rowspan") > 1:
            entry["morerows"] = _span(cell, "rowspan") - 1
        entry += fill(cell)
        row += entry
    return row
