"""What a section is made of, as far as figures may be moved in it: runs of blocks that belong together, and their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]

LISTS = ("BulletList", "OrderedList")
KINDS = {"CodeBlock": "code", "Header": "heading"} | dict.fromkeys(LISTS, "list")
FIGURE = re.compile(r'#oer-figure\(kind: "(figure", breakable: false|table", breakable: (true|false))\)\[$')


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of blocks that belongs together: first and last + 1, and its kind.

    The kinds are text (a paragraph of words), list, heading, code, equation, figure (one that may be moved) and other.
    """

    kind: str
    start: int
    end: int


def units(blocks: Sequence[Block]) -> list[Unit]:
    """Return the blocks of a section as runs; anchors belong to what follows them."""
    found: list[Unit] = []
    start = at = 0
    while at < len(blocks):
        raw = markup_of(blocks[at])
        if raw.startswith("#[#metadata(none)<") and at + 1 < len(blocks):
            at += 1
            continue
        end = at + 1
        if raw.endswith("[") and raw != "][":
            end = _closed(blocks, at)
        found.append(Unit(_kind(blocks, at), start, end))
        start = at = end
    return found


def markup_of(block: Block) -> str:
    """Return the markup of a raw block, nothing of any other."""
    return str(block["c"][1]) if block["t"] == "RawBlock" else ""


def _closed(blocks: Sequence[Block], at: int) -> int:
    depth = 0
    for place in range(at, len(blocks)):
        raw = markup_of(blocks[place])
        depth += (raw.endswith("[") and raw != "][") - (raw == "]")
        if depth == 0:
            return place + 1
    return len(blocks)


def _kind(blocks: Sequence[Block], at: int) -> str:
    block, raw = blocks[at], markup_of(blocks[at])
    if raw.startswith("#oer-equation("):
        return "equation"
    if FIGURE.match(raw):
        return "figure" if _numbered(blocks, at) else "other"
    if block["t"] in KINDS:
        return KINDS[str(block["t"])]
    return "text" if block["t"] == "Para" and _plain(block) else "other"


def _numbered(blocks: Sequence[Block], at: int) -> bool:
    """Say whether a figure's caption begins with its number: the text can call it wherever it stands."""
    inside = blocks[at : _closed(blocks, at)]
    caption = next((n for n, block in enumerate(inside) if markup_of(block) == "]["), 0)
    start = inside[caption + 1]["c"] if caption and inside[caption + 1]["t"] == "Para" else []
    return bool(start) and start[0]["t"] == "Span" and "number" in start[0]["c"][0][1]


def _plain(block: Block) -> bool:
    """Say whether a paragraph is nothing but words."""
    return not any(
        one["t"] == "Image" or (one["t"] == "RawInline" and "image" in str(one["c"][1])[:20]) for one in block["c"]
    )


def words_of(inlines: Any) -> str:
    """Return the letters of inlines; a formula or a link counts by what it is made of."""
    if isinstance(inlines, list):
        return "".join(map(words_of, inlines))
    if isinstance(inlines, dict):
        kind, content = inlines["t"], inlines.get("c", "")
        if kind in ("Space", "SoftBreak", "LineBreak"):
            return " "
        if kind == "Str":
            return str(content)
        if kind == "RawInline" and str(content[1]).startswith("#[#metadata"):  # an anchor, as an entry of the index has
            return ""
        if kind == "RawInline":
            return re.sub(r"^#[\w-]+\(.*?\)", "", str(content[1]), flags=re.S)[:40]
        if kind in ("Code", "Math"):
            return str(content[1])
        return (
            words_of([part for part in content if isinstance(part, list | dict)]) if isinstance(content, list) else ""
        )
    return ""
