"""Keep a paragraph on the page of the formula, list or code that it introduces, and a chapter's last lines together.

Typst keeps a whole block with the next one (`sticky`), which would move a long paragraph as a whole. Instead, the last
line of the paragraph is made as much deeper as what follows needs at least, and the same height is taken back before
what follows. Typst keeps the last two lines of a paragraph together, so two lines go with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.formats.pdf.block_runs import LIST_ELEMENT_TYPES, markup_of_raw_block, plain_text
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block

LINE_EM = 1.35  # from one line to the next
LIST_EM = 2.9  # the gap above a list and its first two lines
CODE_EM = 5.0  # the frame around code and its first three lines, or the head of a box and two lines
FORMULA_EM, ROW_EM = 3.6, 1.7  # a formula with the gap above it, and each further row of it
MAX_FORMULA_EM = 18.0  # a formula that is higher may be parted from the text before it
ROW_END = re.compile(r"; (?!& )|\\\n")  # in a matrix, or between lines of equations
CHARS_PER_LINE = 75
MIN_LAST_LINES = 5  # of a chapter on its last page


def keep_lead_ins(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks in which paragraphs stay with what they introduce."""
    result: list[Block] = []
    for index, block in enumerate(blocks):
        height = _least_height(blocks, index) if block["t"] in ("Para", "Plain") else 0.0
        result += _keep(block, height) if height else [_inside(block)]
    return result


def keep_lines_on_last_page(blocks: Sequence[Block]) -> list[Block]:
    """Return a chapter whose last page has at least a few lines.

    A low block at the end keeps with two lines of the paragraph before it; a paragraph of some lines is not divided.
    """
    end = next(
        (n for n in range(len(blocks), 0, -1) if markup_of_raw_block(blocks[n - 1]) != "]"), 0
    )  # boxes close there
    if not end:
        return list(blocks)
    before, last, after = list(blocks[: end - 1]), blocks[end - 1], list(blocks[end:])
    follows_text = bool(before) and before[-1]["t"] == "Para"
    height = _low_height(last)
    if height and follows_text:
        return [*before[:-1], *_keep(before[-1], height), last, *after]
    if last["t"] == "Para" and not height and _lines(last) < 2 * MIN_LAST_LINES:
        call = f"#oer-whole({'true' if follows_text else 'false'})["
        return [*before, pandoc_ast.raw_block("typst", call), last, pandoc_ast.raw_block("typst", "]"), *after]
    return list(blocks)


def _lines(paragraph: Block) -> int:
    return len(plain_text(paragraph["c"])) // CHARS_PER_LINE + 1


def _low_height(block: Block) -> float:
    """Return the estimated height in em of a block of a few lines, 0 for others."""
    if block["t"] == "Para":
        lines = _lines(block)
        return lines * LINE_EM if lines < MIN_LAST_LINES else 0.0
    if block["t"] == "CodeBlock":
        lines = str(block["c"][1]).count("\n") + 1
        return lines * 1.2 + 2.6 if lines < MIN_LAST_LINES else 0.0
    return 0.0


def _least_height(blocks: Sequence[Block], index: int) -> float:
    """Return the height in em that what follows a paragraph needs on its page, 0 if it may be parted from it."""
    after = next(
        (block for block in blocks[index + 1 :] if not markup_of_raw_block(block).startswith("#[#metadata")), None
    )
    if after is None:
        return 0.0
    if markup_of_raw_block(after).startswith("#oer-equation("):
        rows = len(ROW_END.findall(markup_of_raw_block(after).rpartition(")[$")[2]))
        height = FORMULA_EM + rows * ROW_EM
        return height if height <= MAX_FORMULA_EM else 0.0
    announces = plain_text(blocks[index]["c"]).rstrip().endswith((":", "："))
    if not announces:
        return 0.0
    if markup_of_raw_block(after).startswith("#oer-box("):
        return CODE_EM
    return LIST_EM if after["t"] in LIST_ELEMENT_TYPES else CODE_EM if after["t"] == "CodeBlock" else 0.0


def _keep(paragraph: Block, height: float) -> list[Block]:
    depth = f"{height:.4g}em"
    box = pandoc_ast.raw_inline("typst", f"#sym.wj;#box(width: 0pt, height: {depth}, baseline: {depth});")
    return [{**paragraph, "c": [*paragraph["c"], box]}, pandoc_ast.raw_block("typst", f"#v(-{depth})")]


def _inside(block: Block) -> Block:
    """Return a list, quotation or division in which paragraphs keep with what they lead into."""
    kind, content = block["t"], block.get("c") or []
    if kind == "BulletList":
        return {**block, "c": [keep_lead_ins(item) for item in content]}
    if kind == "OrderedList":
        return {**block, "c": [content[0], [keep_lead_ins(item) for item in content[1]]]}
    if kind == "BlockQuote":
        return {**block, "c": keep_lead_ins(content)}
    if kind == "Div":
        return {**block, "c": [content[0], keep_lead_ins(content[1])]}
    return block
