"""Split the blocks of a document into chapters at its headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oerbook.importers.conversion.plain_text import plain_text
from oerbook.manuscript.pandoc_ast import Block

TOP_SECTION_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document below a heading: its title, the heading's id, and its blocks with sections from level 2."""

    title: str
    identifier: str
    blocks: tuple[Block, ...]


def split_at_headings(blocks: Sequence[Block], level: int = 1) -> tuple[tuple[Block, ...], list[Section]]:
    """Return the blocks before the first heading of a level, and a section for each heading of it or a higher one."""
    groups: list[tuple[Block | None, list[Block]]] = [(None, [])]
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] <= level and plain_text(block["c"][2]):
            groups.append((block, []))
        else:
            groups[-1][1].append(block)
    sections = [
        Section(plain_text(heading["c"][2]), heading["c"][1][0], tuple(even_levels(inner)))
        for heading, inner in groups[1:]
        if heading is not None
    ]
    return tuple(groups[0][1]), sections


def chapter_level(blocks: Sequence[Block]) -> int:
    """Return the level of the headings that begin chapters: the highest one there is, 0 without headings."""
    return min((block["c"][0] for block in blocks if block["t"] == "Header"), default=0)


def even_levels(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks whose headings begin at level 2 and go down one level at a time."""
    result: list[Block] = []
    open_levels: list[int] = []  # levels in the source of the headings that the next one may be below
    for block in blocks:
        if block["t"] != "Header":
            result.append(block)
            continue
        level, attributes, content = block["c"]
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        result.append({"t": "Header", "c": [len(open_levels) + TOP_SECTION_LEVEL - 1, attributes, content]})
    return result
