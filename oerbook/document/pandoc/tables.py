"""Tables, with heads, row heads, widths and spans."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.pandoc import figures
from oerbook.document.pandoc.page_context import Block, Page
from oerbook.manuscript import pandoc_ast

ALIGN = {"text-left": "AlignLeft", "text-center": "AlignCenter", "text-right": "AlignRight"}


def table(page: Page, node: Any) -> list[Block]:
    """Return a table, with its number and caption if it has one."""
    groups = [child for child in node.children if isinstance(child, nodes.tgroup)]
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    made: list[Block] = [_table(page, node, group) for group in groups]
    if title is None:
        return _anchored(page, node, [_placed(page, grid) for grid in made])
    return figures.captioned(page, node, made, title.children, "table", breakable=True)


def _placed(page: Page, grid: Block) -> Block:
    return grid


def _anchored(page: Page, node: Any, content: list[Block]) -> list[Block]:
    from oerbook.document.pandoc.blocks import with_ids

    return with_ids(page, node, content)


def _table(page: Page, node: Any, group: Any) -> Block:
    specs = [child for child in group.children if isinstance(child, nodes.colspec)]
    stubs = sum(1 for spec in specs if spec.get("stub"))
    head = next((child for child in group.children if isinstance(child, nodes.thead)), None)
    body = next((child for child in group.children if isinstance(child, nodes.tbody)), None)
    columns = [[{"t": "AlignDefault"}, width] for width in _widths(node, specs)]
    rows = _regular([_row(page, row, 0) for row in head.children], len(specs)) if head is not None else []
    lines = _regular([_row(page, row, stubs) for row in body.children], len(specs)) if body is not None else []
    empty = pandoc_ast.attributes()
    bodies = [[empty, stubs, [], lines]]
    return {
        "t": "Table",
        "c": [pandoc_ast.attributes(), [None, []], columns, [empty, rows], bodies, [empty, []]],
    }


def _regular(rows: list[Any], columns: int) -> list[Any]:
    """Return rows that fill the grid: spans cut at its edge, missing cells added, for pandoc refuses ragged tables."""
    hanging = [0] * columns
    found = []
    for place, (attributes, cells) in enumerate(rows):
        kept, column, pending = [], 0, list(cells)
        while column < columns:
            if hanging[column]:
                column += 1
                continue
            room = next((n for n in range(column, columns) if hanging[n]), columns) - column
            cell: list[Any] = pending.pop(0) if pending else [pandoc_ast.attributes(), {"t": "AlignDefault"}, 1, 1, []]
            across, down = min(cell[3], room), min(cell[2], len(rows) - place)
            kept.append([cell[0], cell[1], down, across, cell[4]])
            hanging[column : column + across] = [down] * across
            column += across
        for cell in pending:
            kept[-1][4] = [*kept[-1][4], *cell[4]] if kept else cell[4]
        hanging = [max(0, depth - 1) for depth in hanging]
        found.append([attributes, kept])
    return found


def _widths(node: Any, specs: list[Any]) -> list[dict[str, Any]]:
    """Return the columns' shares of the line: those that the author gave, else as wide as their content."""
    widths = [spec.get("colwidth", 1) if isinstance(spec.get("colwidth", 1), int) else 1 for spec in specs]
    total = sum(widths)
    if "colwidths-given" not in node.get("classes", ()) or not total:
        return [{"t": "ColWidthDefault"} for _ in specs]
    return [{"t": "ColWidth", "c": round(width / total, 4)} for width in widths]


def _row(page: Page, row: Any, stubs: int) -> list[Any]:
    cells = []
    place = 0
    for entry in row.children:
        across = int(entry.get("morecols", 0)) + 1
        cells.append(_cell(page, entry, across, place < stubs))
        place += across
    return [pandoc_ast.attributes(), cells]


def _cell(page: Page, entry: Any, across: int, head: bool) -> list[Any]:
    from oerbook.document.pandoc.blocks import blocks

    content = blocks(page, entry.children)
    if len(content) == 1 and content[0]["t"] == "Para":
        content = [{"t": "Plain", "c": content[0]["c"]}]
    if head and page.target != "epub":
        content = [
            {"t": b["t"], "c": [pandoc_ast.inline("Strong", b["c"])]} if b["t"] in ("Plain", "Para") else b
            for b in content
        ]
    side = next((ALIGN[name] for name in entry.get("classes", ()) if name in ALIGN), "AlignDefault")
    return [pandoc_ast.attributes(), {"t": side}, int(entry.get("morerows", 0)) + 1, across, content]
