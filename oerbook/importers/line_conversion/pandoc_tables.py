"""Convert the tables that only pandoc reads: simple tables, multi-line tables and grid tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from oerbook.importers.line_conversion.myst_blocks import directive_lines

RULER = re.compile(r"^ *-{2,}(?: +-{2,})* *$")
LONG_RULER = re.compile(r"^ *-{4,} *$")
GRID_RULER = re.compile(r"^ *\+(?:[-=:]+\+)+ *$")
CAPTION = re.compile(r"^(?:Table)?:[ \t]+(?P<words>\S.*)$")


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table: whether its first row is a heading, and the lines of each cell."""

    has_header: bool
    rows: tuple[tuple[tuple[str, ...], ...], ...]


def read_grid_table(lines: Sequence[str]) -> TextTable | None:
    """Return a grid table without spanning cells, None if the lines are no such table."""
    if len(lines) < 3 or not GRID_RULER.match(lines[0]) or not GRID_RULER.match(lines[-1]):
        return None
    edges = [index for index, char in enumerate(lines[0]) if char == "+"]
    rows: list[tuple[tuple[str, ...], ...]] = []
    cells: list[list[str]] = [[] for _ in edges[1:]]
    has_header = False
    for line in lines[1:]:
        if GRID_RULER.match(line):
            if [index for index, char in enumerate(line) if char == "+"] != edges:
                return None
            rows.append(tuple(tuple(_trim(cell)) for cell in cells))
            cells = [[] for _ in edges[1:]]
            has_header = has_header or ("=" in line and len(rows) == 1)
        elif any(line[index : index + 1] != "|" for index in edges):
            return None
        else:
            for cell, start, end in zip(cells, edges, edges[1:], strict=False):
                cell.append(line[start + 1 : end].rstrip().removeprefix(" "))
    return TextTable(has_header, tuple(rows))


def _trim(lines: Sequence[str]) -> list[str]:
    text = "\n".join(lines).strip("\n")
    return text.split("\n") if text.strip() else [""]


def read_simple_table(lines: Sequence[str]) -> TextTable | None:
    """Return a simple table of pandoc: a line of words, one of hyphens for each column, then rows."""
    index = next((number for number, line in enumerate(lines[:2]) if RULER.match(line)), None)
    if index is None or len(re.findall(r"-{2,}", lines[index])) < 2:
        return None
    spans = [match.span() for match in re.finditer(r"-{2,}", lines[index])]
    body = list(lines[index + 1 :])
    if body and RULER.match(body[-1]):
        body = body[:-1]
    header = [_cut(lines[0], spans)] if index == 1 else []
    return TextTable(bool(header), (*header, *(_cut(line, spans) for line in body))) if body else None


def read_multiline_table(lines: Sequence[str]) -> TextTable | None:
    """Return a multi-line table of pandoc: between two lines of hyphens, rows with blank lines between them."""
    if len(lines) < 4 or not LONG_RULER.match(lines[0]) or not RULER.match(lines[-1]):
        return None
    index = next((n for n, line in enumerate(lines[1:-1], start=1) if RULER.match(line)), None)
    if index is None:
        return None
    spans = [match.span() for match in re.finditer(r"-{2,}", lines[index])]
    rows: list[tuple[tuple[str, ...], ...]] = []
    for group in _groups(lines[1:index]) + _groups(lines[index + 1 : -1]):
        cut = [_cut(line, spans) for line in group]
        rows.append(tuple((" ".join(row[column][0] for row in cut).strip(),) for column in range(len(spans))))
    return TextTable(index > 1, tuple(rows))


def _groups(lines: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a line; words belong to the column under whose hyphens they begin."""
    starts = [start for start, _end in spans]
    ends = [*starts[1:], len(line) + 1]
    edges = []
    for end in ends[:-1]:  # words may begin before the hyphens if they are aligned right
        edge = end
        while 0 < edge < len(line) and line[edge - 1] != " " and edge > 0:
            edge -= 1
        edges.append(edge)
    cuts = [0, *edges, len(line)]
    return tuple((line[a:b].strip(),) for a, b in pairwise(cuts))


def table_lines(table: TextTable, caption: str, label: str) -> list[str]:
    """Return a table between vertical lines if all cells are single lines, else a list table."""
    if all(len(cell) == 1 for row in table.rows for cell in row) and table.has_header:
        rows = [_pipe_row(row) for row in table.rows]
        lines = [rows[0], "|" + "---|" * len(table.rows[0]), *rows[1:]]
        if not caption and not label:
            return lines
        return directive_lines("table", caption, {"name": label}, lines)
    content: list[str] = []
    for row in table.rows:
        for number, cell in enumerate(row):
            first, *rest = cell
            content.append(f"{'* -' if number == 0 else '  -'} {first}".rstrip())
            content += [f"    {line}".rstrip() for line in rest]
    options = {"name": label, "header-rows": "1" if table.has_header else ""}
    return directive_lines("list-table", caption, options, content)


def _pipe_row(row: Sequence[tuple[str, ...]]) -> str:
    return "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell[0]) for cell in row) + " |"
