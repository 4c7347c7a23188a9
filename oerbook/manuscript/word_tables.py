"""Word tables that lay out boxes and numbered formulas, since Word has no other way to keep neighbours apart."""

from __future__ import annotations

from html import escape

from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block

BOX_STYLE, EQUATION_STYLE = "Box", "Equation"
NUMBER_COLUMN_WIDTH = (
    600  # of the width of a formula's line, in 50ths of a percent, for the number and for the room opposite
)
_TABLE = (
    '<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/>'
    '<w:tblLook w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
    "<w:tblGrid>{columns}</w:tblGrid><w:tr>"
)
_TABLE_END = "</w:tr></w:tbl>"
_CELL = '<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="pct"/><w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'


def wrap_in_box(content: list[Block]) -> list[Block]:
    """Return blocks in a table of one cell, which has the background and border of a box."""
    opening = _TABLE.format(style=BOX_STYLE, columns='<w:gridCol w:w="5000"/>')
    opening += '<w:tc><w:tcPr><w:tcW w:w="5000" w:type="pct"/></w:tcPr>'
    return [
        pandoc_ast.raw_block("openxml", opening),
        *content,
        pandoc_ast.raw_block("openxml", f"</w:tc>{_TABLE_END}"),
    ]


def numbered_equation(omml: str, number: str) -> Block:
    """Return a displayed formula in the middle of a line with its number at the end."""
    widths = (NUMBER_COLUMN_WIDTH, 5000 - 2 * NUMBER_COLUMN_WIDTH, NUMBER_COLUMN_WIDTH)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    paragraphs = (
        "<w:p/>",
        f"<w:p>{omml}</w:p>",
        f'<w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:t>{escape(number)}</w:t></w:r></w:p>',
    )
    cells = "".join(
        _CELL.format(width=width, content=content) for width, content in zip(widths, paragraphs, strict=True)
    )
    markup = _TABLE.format(style=EQUATION_STYLE, columns=columns) + cells + _TABLE_END
    return pandoc_ast.raw_block("openxml", markup)
