"""Split a section into runs of blocks that belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.untyped import Json

LIST_ELEMENT_TYPES = ("BulletList", "OrderedList")


def split_runs(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the first index of each run and its last + 1; link targets belong to the block after them."""
    runs: list[tuple[int, int]] = []
    start = index = 0
    while index < len(blocks):
        raw = markup_of_raw_block(blocks[index])
        if raw.startswith("#[#metadata(none)<") and index + 1 < len(blocks):
            index += 1
            continue
        end = _closing_index(blocks, index) if raw.endswith("[") and raw != "][" else index + 1
        runs.append((start, end))
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
