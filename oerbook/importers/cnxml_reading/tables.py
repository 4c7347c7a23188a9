"""Convert CALS tables, whose cells span columns by name and rows by number, into HTML tables."""

from __future__ import annotations

from collections.abc import Callable

from oerbook.importers.web.elements import append_content, make
from oerbook.model.untyped import XmlElement

Content = list[str | XmlElement]


def convert_table(element: XmlElement, convert_cell: Callable[[XmlElement], Content], caption: Content) -> XmlElement:
    """Return a table; `convert_cell` converts the content of an entry."""
    table = make("table")
    if any(not isinstance(piece, str) or piece.strip() for piece in caption):
        table.append(append_content(make("caption"), caption))
    for group in element.iter("tgroup", "entrytbl"):
        columns = _column_numbers(group)
        for part in group:
            if part.tag not in ("thead", "tbody", "tfoot"):
                continue
            holder = make(str(part.tag) if part.tag != "tfoot" else "tbody")
            for row in part.findall("row"):
                holder.append(_convert_row(row, columns, convert_cell, is_head=part.tag == "thead"))
            if len(holder):
                table.append(holder)
    return table


def _column_numbers(group: XmlElement) -> dict[str, int]:
    """Return the number of each column by its name."""
    numbers: dict[str, int] = {}
    number = 0
    for spec in group.findall("colspec"):
        given = spec.get("colnum") or ""
        number = int(given) if given.isdigit() else number + 1
        numbers[spec.get("colname") or f"c{number}"] = number
    return numbers


def _convert_row(
    row: XmlElement, columns: dict[str, int], convert_cell: Callable[[XmlElement], Content], *, is_head: bool
) -> XmlElement:
    result = make("tr")
    for entry in row.findall("entry"):
        cell = append_content(make("th" if is_head else "td"), convert_cell(entry))
        first, last = columns.get(entry.get("namest") or "", 0), columns.get(entry.get("nameend") or "", 0)
        if first and last > first:
            cell.set("colspan", str(last - first + 1))
        rows = entry.get("morerows") or ""
        if rows.isdigit() and int(rows):
            cell.set("rowspan", str(int(rows) + 1))
        result.append(cell)
    return result
