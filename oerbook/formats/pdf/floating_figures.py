"""Let Typst float numbered figures and small tables to the top or foot of a page, so that none leaves a gap before it.

A figure has a number by which the text refers to it. Those without one, and those that a colon announces, stay where
they are. On the first page of a section nothing floats to the top, where the title is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from oerbook.formats.pdf.block_runs import markup_of_raw_block, plain_text, split_runs
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block

FIGURE_CALL = re.compile(r'#oer-figure\(kind: "(?:figure", breakable: false|table", breakable: (?:true|false))\)\[$')
COLONS = (":", "：")
MAX_TABLE_ROWS, MAX_TABLE_CHARS = 10, 800  # of a table that floats: a float that is higher than a page is cut off
CHARS_PER_LINE = 70
FIRST_PAGE_LINES = 60  # a page has about 40: the estimate is rough
FIGURE_LINES = 14


def float_figures(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a section, with a placement for each figure that may float."""
    result, lines, announced = list(blocks), 0, False
    for start, end in split_runs(blocks):
        run = blocks[start:end]
        call = next((index for index in range(start, end) if FIGURE_CALL.match(markup_of_raw_block(blocks[index]))), -1)
        if call >= 0 and not announced and _has_number(run) and _is_small(run):
            placement = "bottom" if lines < FIRST_PAGE_LINES else "auto"
            markup = markup_of_raw_block(blocks[call]).replace(")[", f", placement: {placement})[")
            targets = blocks[start:call]  # in the figure, so that links lead to it
            result[start : call + 1] = [pandoc_ast.raw_block("typst", markup), *targets]
        text = plain_text(run[-1].get("c"))
        announced = run[-1]["t"] in ("Para", "Plain") and text.rstrip().endswith(COLONS)
        lines += FIGURE_LINES if call >= 0 else _lines(text)
    return result


def _has_number(run: Sequence[Block]) -> bool:
    """Return whether the caption of a figure begins with its number."""
    caption = next((n for n, block in enumerate(run) if markup_of_raw_block(block) == "]["), 0)
    inlines = run[caption + 1]["c"] if caption and run[caption + 1]["t"] == "Para" else []
    return bool(inlines) and inlines[0]["t"] == "Span" and "number" in inlines[0]["c"][0][1]


def _is_small(run: Sequence[Block]) -> bool:
    """Return whether a figure has no table, or one that is surely lower than a page."""
    tables = [block["c"] for block in run if block["t"] == "Table"]
    rows = sum(len(body[3]) for table in tables for body in table[4])
    return rows <= MAX_TABLE_ROWS and sum(len(plain_text(table)) for table in tables) <= MAX_TABLE_CHARS


def _lines(text: str) -> int:
    """Return the estimated number of lines of a text; Chinese characters are twice as wide as letters."""
    width = len(text) + sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return width // CHARS_PER_LINE + 1
