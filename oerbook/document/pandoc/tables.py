"""Rules for tables: header rows and columns, widths, alignment and spans."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.pandoc import figures
from oerbook.document.pandoc.figures import Caption
from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block

ALIGNMENT_BY_CLASS = {"text-left": "AlignLeft", "text-center": "AlignCenter", "text-right": "AlignRight"}


LANDSCAPE_CLASS = "landscape"
LANDSCAPE_DOCX = '<w:p><w:pPr><w:sectPr><w:pgSz w:orient="landscape"/></w:sectPr></w:pPr></w:p>'
PORTRAIT_DOCX = '<w:p><w:pPr><w:sectPr><w:pgSz w:orient="portrait"/></w:sectPr></w:pPr></w:p>'


def translate_table(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a table, with its number and caption if it has one, on a page of its own if it asks for that."""
    blocks = _numbered_table(page, node)
    # A page cannot begin in a box, a list or a cell.
    if LANDSCAPE_CLASS not in node.get("classes", ()) or not isinstance(node.parent, nodes.section):
        return blocks
    if page.is_typst:
        return _turned(blocks)
    if page.target == "docx":  # `formats.docx.page_setup` completes the two sections
        return [
            pandoc_ast.raw_block("openxml", PORTRAIT_DOCX),
            *blocks,
            pandoc_ast.raw_block("openxml", LANDSCAPE_DOCX),
        ]
    return blocks


def _turned(blocks: list[Block]) -> list[Block]:
    """Return blocks in a call that turns the page; one with the call of a figure, which so cannot float."""
    count = next((number for number, block in enumerate(blocks) if block["t"] != "RawBlock"), 0)
    head = "".join(block["c"][1] for block in blocks[:count])
    return [
        pandoc_ast.raw_block("typst", f"#oer-landscape[{head}"),
        *blocks[count:],
        pandoc_ast.raw_block("typst", "]"),
    ]


def _numbered_table(page: PageTranslator, node: Any) -> list[Block]:
    groups = [child for child in node.children if isinstance(child, nodes.tgroup)]
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    tables: list[Block] = [_table(page, node, group) for group in groups]
    if title is None:
        return page.with_ids(node, tables)
    return figures.with_caption(page, node, tables, Caption(title.children, "table", breakable=True))


def _table(page: PageTranslator, node: Any, group: Any) -> Block:
    """Return pandoc's Table: attributes, caption, column specs, head, bodies, foot."""
    specs = [child for child in group.children if isinstance(child, nodes.colspec)]
    stubs = sum(1 for spec in specs if spec.get("stub"))
    head = next((child for child in group.children if isinstance(child, nodes.thead)), None)
    body = next((child for child in group.children if isinstance(child, nodes.tbody)), None)
    columns = [[{"t": "AlignDefault"}, width] for width in _widths(node, specs)]
    head_rows = _rows(page, head, 0, len(specs))
    body_rows = _rows(page, body, stubs, len(specs))
    empty = pandoc_ast.attributes()
    bodies = [[empty, stubs, [], body_rows]]
    return {
        "t": "Table",
        "c": [pandoc_ast.attributes(), [None, []], columns, [empty, head_rows], bodies, [empty, []]],
    }


def _widths(node: Any, specs: list[Any]) -> list[dict[str, Any]]:
    """Return the author's column widths as shares of the line, or pandoc's default."""
    widths = [spec.get("colwidth", 1) if isinstance(spec.get("colwidth", 1), int) else 1 for spec in specs]
    total = sum(widths)
    if "colwidths-given" not in node.get("classes", ()) or not total:
        return [{"t": "ColWidthDefault"} for _ in specs]
    return [{"t": "ColWidth", "c": round(width / total, 4)} for width in widths]


def _rows(page: PageTranslator, part: Any, stubs: int, columns: int) -> list[Any]:
    if part is None:
        return []
    return _fill_grid([_row(page, row) for row in part.children], columns, 0 if page.target == "epub" else stubs)


def _fill_grid(rows: list[Any], columns: int, bold: int) -> list[Any]:
    """Cut spans at the edge and add missing cells: pandoc rejects ragged tables.

    The first `bold` columns are heads, which pandoc marks in HTML only.
    """
    spanned = [0] * columns  # by column, the rows that a cell from above still covers
    result = []
    for row_index, (attributes, cells) in enumerate(rows):
        row, column, pending = [], 0, list(cells)
        while column < columns:
            if spanned[column]:
                column += 1
                continue
            room = next((n for n in range(column, columns) if spanned[n]), columns) - column
            cell: list[Any] = pending.pop(0) if pending else [pandoc_ast.attributes(), {"t": "AlignDefault"}, 1, 1, []]
            colspan, rowspan = min(cell[3], room), min(cell[2], len(rows) - row_index)
            content = [_bold(block) for block in cell[4]] if column < bold else cell[4]
            row.append([cell[0], cell[1], rowspan, colspan, content])
            spanned[column : column + colspan] = [rowspan] * colspan
            column += colspan
        for cell in pending:  # no room: the content moves to the last cell
            row[-1][4] = [*row[-1][4], *cell[4]] if row else cell[4]
        spanned = [max(0, depth - 1) for depth in spanned]
        result.append([attributes, row])
    return result


def _row(page: PageTranslator, row: Any) -> list[Any]:
    return [pandoc_ast.attributes(), [_cell(page, entry) for entry in row.children]]


def _cell(page: PageTranslator, entry: Any) -> list[Any]:
    content = page.blocks(entry.children)
    if len(content) == 1 and content[0]["t"] == "Para":
        content = [{"t": "Plain", "c": content[0]["c"]}]
    if entry.get("head"):
        content = [_bold(block) for block in content]
    alignment = next(
        (ALIGNMENT_BY_CLASS[name] for name in entry.get("classes", ()) if name in ALIGNMENT_BY_CLASS), "AlignDefault"
    )
    rowspan, colspan = int(entry.get("morerows", 0)) + 1, int(entry.get("morecols", 0)) + 1
    return [pandoc_ast.attributes(), {"t": alignment}, rowspan, colspan, content]


def _bold(block: Block) -> Block:
    if block["t"] not in ("Plain", "Para"):
        return block
    return {"t": block["t"], "c": [pandoc_ast.inline("Strong", block["c"])]}
