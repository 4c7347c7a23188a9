"""Convert HTML tables of authors and notebooks to docutils tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes

MAX_COLUMNS = 200


def table_to_nodes(element: Any, fill: Callable[[Any], list[nodes.Node]]) -> nodes.table | None:
    """Return `<table>` as nodes, or None if it has no cells or over 200 columns.

    `fill` converts the contents of a cell.
    """
    rows = [row for row in element.iter("tr") if any(cell.tag in ("td", "th") for cell in row)]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    columns = _column_count(cells)
    if not columns or columns > MAX_COLUMNS:
        return None
    header_rows = _header_row_count(rows, cells)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in range(columns)), cols=columns)
    has_stub = _rows_have_heads(cells[header_rows:])
    if has_stub:
        group.children[0]["stub"] = 1  # type: ignore[index]
    if header_rows:
        group += nodes.thead("", *(_row(row, fill) for row in cells[:header_rows]))
    group += nodes.tbody("", *(_row(row, fill, mark_heads=not has_stub) for row in cells[header_rows:]))
    result = nodes.table("", classes=["from-html"])
    caption = element.find("caption")
    if caption is not None:
        result += _caption(fill(caption), " ".join(caption.text_content().split()))
    result += group
    return result


def _caption(content: list[nodes.Node], text: str) -> nodes.title:
    """Return a caption with its markup; one of several paragraphs is plain text."""
    paragraphs = [node for node in content if isinstance(node, nodes.paragraph)]
    if len(paragraphs) == len(content) == 1:
        return nodes.title("", "", *paragraphs[0].children)
    return nodes.title(text, text)


def _span(cell: Any, attribute: str) -> int:
    """Return the value of `colspan` or `rowspan`, between 1 and 200."""
    value = (cell.get(attribute) or "1").strip()
    return max(1, min(int(value), MAX_COLUMNS)) if value.isdigit() else 1


def _column_count(rows: list[list[Any]]) -> int:
    """Return the number of columns, counting cells that span down from rows above."""
    remaining: list[int] = []  # by column: rows that the cell in it still spans
    for row in rows:
        column = 0
        for cell in row:
            while column < len(remaining) and remaining[column] > 0:
                column += 1
            for _ in range(_span(cell, "colspan")):
                remaining += [0] * (column + 1 - len(remaining))
                remaining[column] = _span(cell, "rowspan")
                column += 1
        remaining = [max(0, rows_left - 1) for rows_left in remaining]
    return len(remaining)


def _header_row_count(rows: list[Any], cells: list[list[Any]]) -> int:
    """Return the number of header rows, leaving at least one row for the body."""
    count = 0
    while count < len(rows) and _is_header(rows[count], cells[count]):
        count += 1
    if count == len(rows):
        return min(count, 1) if len(rows) > 1 else 0
    return count


def _is_header(row: Any, cells: list[Any]) -> bool:
    return row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells)


def _rows_have_heads(rows: list[list[Any]]) -> bool:
    """Return whether the first column of the body holds `<th>` only."""
    covered, heads = 0, []
    for row in rows:
        if covered:
            covered -= 1
        elif row:
            heads.append(row[0].tag == "th")
            covered = _span(row[0], "rowspan") - 1
    return bool(heads) and all(heads)


def _row(cells: list[Any], fill: Callable[[Any], list[nodes.Node]], *, mark_heads: bool = False) -> nodes.row:
    """Return a row; with `mark_heads`, its `<th>` cells are heads although their column is none."""
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry()
        if mark_heads and cell.tag == "th":
            entry["head"] = True
        if _span(cell, "colspan") > 1:
            entry["morecols"] = _span(cell, "colspan") - 1
        if _span(cell, "rowspan") > 1:
            entry["morerows"] = _span(cell, "rowspan") - 1
        entry += fill(cell)
        row += entry
    return row
