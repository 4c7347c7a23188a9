"""Convert grid tables, also with spanning cells, and simple tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from oerbook.importers.line_conversion.pandoc_tables import TextTable, read_grid_table, table_lines
from oerbook.importers.rst_pages.source_lines import GRID_TOP, SIMPLE_TOP, dedent

ConvertLines = Callable[[Sequence[str], int], list[str]]


def read_table(lines: Sequence[str], index: int, number: int, convert: ConvertLines) -> tuple[int, list[str]] | None:
    """Return how many lines a table takes and what it becomes, None if there is none at an index."""
    if GRID_TOP.match(lines[index]):
        end = next((n for n in range(index, len(lines)) if not lines[n].startswith(("+", "|"))), len(lines))
        return end - index, _grid(lines[index:end], number, convert)
    if SIMPLE_TOP.match(lines[index]):
        end = _simple_end(lines, index)
        return end - index, _simple(lines[index:end], number, convert)
    return None


def _grid(lines: Sequence[str], number: int, convert: ConvertLines) -> list[str]:
    table = read_grid_table([line.rstrip() for line in lines])
    if table is None:
        return ["```{eval-rst}", *lines, "```"]
    return table_lines(_converted(table, number, convert), "", "")


def _converted(table: TextTable, number: int, convert: ConvertLines) -> TextTable:
    """Return a table with the contents of its cells as MyST."""
    rows = tuple(tuple(tuple(_cell(cell, number, convert)) for cell in row) for row in table.rows)
    return TextTable(table.has_header, rows)


def _cell(cell: Sequence[str], number: int, convert: ConvertLines) -> list[str]:
    lines = convert(dedent(cell), number)
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    is_paragraph = all(line.strip() and not re.match(r"[-*+>`:|]|\d+[.)]\s", line) for line in lines)
    return [" ".join(lines)] if is_paragraph else lines or [""]


def _simple_end(lines: Sequence[str], index: int) -> int:
    """Return the index after a simple table: its third or, without a heading, its second line of equals signs."""
    rulers = []
    for number in range(index, len(lines)):
        if re.match(r"^=+(?: +=+)*\s*$", lines[number]):
            rulers.append(number)
            is_last = number + 1 >= len(lines) or not lines[number + 1].strip()
            if len(rulers) > 1 and is_last:
                return number + 1
    return rulers[-1] + 1


def _simple(lines: Sequence[str], number: int, convert: ConvertLines) -> list[str]:
    spans = [match.span() for match in re.finditer(r"=+", lines[0])]
    edges = [start for start, _end in spans]
    rulers = [n for n, line in enumerate(lines) if re.match(r"^=+(?: +=+)*\s*$", line)]
    body = [(n, line) for n, line in enumerate(lines) if n not in rulers and not re.match(r"^-+(?: +-+)*\s*$", line)]
    has_header = len(rulers) > 2
    rows: list[list[list[str]]] = []
    for _index, line in body:
        cells = [line[a:b].rstrip() for a, b in pairwise([*edges, max(len(line), edges[-1]) + 1])]
        if cells[0].strip() or not rows or not line.strip():
            if line.strip():
                rows.append([[cell] for cell in cells])
        else:
            for old, cell in zip(rows[-1], cells, strict=True):
                if cell.strip() or old:
                    old.append(cell)
    table = TextTable(has_header, tuple(tuple(tuple(_trim(cell)) for cell in row) for row in rows))
    return table_lines(_converted(table, number, convert), "", "") if rows else list(lines)


def _trim(cell: Sequence[str]) -> list[str]:
    lines = list(cell)
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    first = lines[0].strip()
    return ["" if first == "\\" else first, *dedent(lines[1:])] if len(lines) > 1 else ["" if first == "\\" else first]
