"""Tables of formulas in Typst: matrices, cases, arrays with rules, aligned equations."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

from oerbook.model.untyped import MathmlNode

WriteRow = Callable[[Sequence[MathmlNode]], str]


def write_table(node: MathmlNode, write_row: WriteRow) -> str:
    """Return a table: rows of equations close together, cells by their alignment, rules where cells have them."""
    rows = [list(row) for row in node if row.tag == "mtr"]
    if not rows:
        return ""
    columns = max(map(len, rows))
    equations = is_rows_of_equations(node) or "math-rows" in node.get("class", "")
    cells = [[_cell(row[n], node, write_row) if n < len(row) else '""' for n in range(columns)] for row in rows]
    body = "; ".join(", ".join(row) for row in cells)
    gaps = "column-gap: #0em, row-gap: #0.5em" if equations else _gaps(rows)
    by_column = [[row[n] for row in rows if n < len(row)] for n in range(columns)]
    across, down = _ruled_rows(rows, "top", "bottom"), _ruled_rows(by_column, "left", "right")
    framed = {0, len(rows)} <= across and {0, columns} <= down
    if framed:
        across, down = across - {0, len(rows)}, down - {0, columns}
    table = f"mat(delim: #none, {gaps}{_rules(across, down)}, {body})"
    if framed:
        return f"#std.box(stroke: 0.5pt, inset: 0.3em, baseline: 0.3em)[$display({table})$];"
    aligned = any("math-left" in cell.get("class", "") for row in rows for cell in row)
    return table if equations or aligned else f"#h(0.14em);{table}#h(0.14em);"  # room inside the fences


def _gaps(rows: list[list[MathmlNode]]) -> str:
    tight = any("math-wide-left" in cell.get("class", "") for row in rows for cell in row)
    return f"column-gap: #{'0em' if tight else '1em'}, row-gap: #0.4em"


def _cell(cell: MathmlNode, table: MathmlNode, write_row: WriteRow) -> str:
    """Return a cell; Typst aligns columns of a matrix by the sign &."""
    nodes = list(cell)
    body = write_row(nodes)
    classes = cell.get("class", "").split()
    if nodes and nodes[0].get("form") == "infix":
        body = f'class("normal", "") {body}'
    elif nodes and nodes[0].tag == "mo" and nodes[0].text in ("+", "−", "-", "±", "∓"):
        body = write_row([_unary(nodes[0]), *nodes[1:]])
    if table.get("displaystyle") == "true" and nodes:
        body = f"display({body})"
    if "math-wide-left" in classes:
        body = f"#h(1em);{body}"
    return f"{body}&" if "math-right" in classes else f"&{body}" if "math-left" in classes else body


def _unary(node: MathmlNode) -> MathmlNode:
    """Return an operator that belongs to what follows it, as at the head of a cell."""
    made = copy.deepcopy(node)
    made.set("lspace", "0")
    made.set("rspace", "0")
    return made


def _rules(across: set[int], down: set[int]) -> str:
    """Return the argument that draws rules between rows and columns."""
    found = [
        f"{name}: ({', '.join(map(str, sorted(places)))},)"
        for name, places in (("hline", across), ("vline", down))
        if places
    ]
    return f", augment: #({', '.join(found)}, stroke: 0.5pt)" if found else ""


def _ruled_rows(rows: Sequence[Sequence[MathmlNode]], before: str, after: str) -> set[int]:
    """Return before which rows a rule runs; the number of rows means below the last."""

    def is_ruled(cells: Sequence[MathmlNode], side: str) -> bool:
        return bool(cells) and all(f"math-line-{side}" in cell.get("class", "") for cell in cells)

    return {n + 1 for n, cells in enumerate(rows) if is_ruled(cells, after)} | {
        n for n, cells in enumerate(rows) if is_ruled(cells, before)
    }


def is_rows_of_equations(table: MathmlNode) -> bool:
    """Return whether a table is rows of equations, which may be lines of their own."""
    cells = [cell.get("class", "").split() for row in table for cell in row]
    return table.get("displaystyle") == "true" and all(
        "math-right" in cell or "math-left" in cell or len(table[0]) == 1 for cell in cells
    )


def write_equations(table: MathmlNode, write_row: WriteRow) -> str:
    """Return rows of equations as Typst's own lines, between which a page may break."""
    lines = []
    for row in table:
        parts = []
        for cell in row:
            gap = "#h(1em);" if "math-wide-left" in cell.get("class", "") else ""
            parts.append(gap + (write_row(list(cell)) if len(cell) else ""))
        lines.append(" & ".join(parts))
    return " \\\n".join(lines)
