"""Split a section into runs of blocks, between which figures may be moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.untyped import Json

LIST_ELEMENT_TYPES = ("BulletList", "OrderedList")
RUN_KINDS = {"CodeBlock": "code", "Header": "heading"} | dict.fromkeys(LIST_ELEMENT_TYPES, "list")
FIGURE_CALL = re.compile(r'#oer-figure\(kind: "(figure", breakable: false|table", breakable: (true|false))\)\[$')


@dataclass(frozen=True, slots=True)
class BlockRun:
    """A run of blocks: its kind, first index and last index + 1.

    The kinds are text (a paragraph of words only), list, heading, code, equation, figure (which may be moved) and
    other.
    """

    kind: str
    start: int
    end: int


def split_runs(blocks: Sequence[Block]) -> list[BlockRun]:
    """Return the runs of a section; link targets belong to the block after them."""
    runs: list[BlockRun] = []
    start = index = 0
    while index < len(blocks):
        raw = markup_of_raw_block(blocks[index])
        if raw.startswith("#[#metadata(none)<") and index + 1 < len(blocks):
            index += 1
            continue
        end = _closing_index(blocks, index) if raw.endswith("[") and raw != "][" else index + 1
        runs.append(BlockRun(_kind(blocks, index), start, end))
        start = index = end
    return runs


def markup_of_raw_block(block: Block) -> str:
    """Return the markup of a raw block, "" for other blocks."""
    return str(block["c"][1]) if block["t"] == "RawBlock" else ""


def _closing_index(blocks: Sequence[Block], start: int) -> int:
    """Return the index after the block that closes a raw block's bracket."""
    depth = 0
    for index in range(start, len(blocks)):
        raw = markup_of_raw_block(blocks[index])
        depth += (raw.endswith("[") and raw != "][") - (raw == "]")
        if depth == 0:
            return index + 1
    return len(blocks)


def _kind(blocks: Sequence[Block], index: int) -> str:
    block, raw = blocks[index], markup_of_raw_block(blocks[index])
    if raw.startswith("#oer-equation("):
        return "equation"
    if FIGURE_CALL.match(raw):
        return "figure" if _has_number(blocks, index) else "other"
    if block["t"] in RUN_KINDS:
        return RUN_KINDS[str(block["t"])]
    return "text" if block["t"] == "Para" and _has_no_image(block) else "other"


def _has_number(blocks: Sequence[Block], index: int) -> bool:
    """Return whether a figure's caption begins with its number.

    If so, the text can refer to it anywhere.
    """
    inside = blocks[index : _closing_index(blocks, index)]
    caption = next((n for n, block in enumerate(inside) if markup_of_raw_block(block) == "]["), 0)
    inlines = inside[caption + 1]["c"] if caption and inside[caption + 1]["t"] == "Para" else []
    return bool(inlines) and inlines[0]["t"] == "Span" and "number" in inlines[0]["c"][0][1]


def _has_no_image(block: Block) -> bool:
    return not any(
        inline["t"] == "Image" or (inline["t"] == "RawInline" and "image" in str(inline["c"][1])[:20])
        for inline in block["c"]
    )


def plain_text(inlines: Json) -> str:
    """Return the plain text of inlines, to estimate their length.

    Formulas and links count by their source.
    """
    if isinstance(inlines, list):
        return "".join(map(plain_text, inlines))
    if not isinstance(inlines, dict):
        return ""
    kind, content = inlines["t"], inlines.get("c", "")
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind == "Str":
        return str(content)
    if kind == "RawInline" and str(content[1]).startswith("#[#metadata"):  # a link target, as of an index entry
        return ""
    if kind == "RawInline":
        return re.sub(r"^#[\w-]+\(.*?\)", "", str(content[1]), flags=re.S)[:40]
    if kind in ("Code", "Math"):
        return str(content[1])
    return plain_text([part for part in content if isinstance(part, list | dict)]) if isinstance(content, list) else ""
