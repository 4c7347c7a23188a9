"""Line numbers and marked lines of a code block, as attributes of pandoc's block."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from oerbook.manuscript.pandoc_ast import Block

FIRST_LINE = "data-first-line"
MARKED_LINES = "data-marked-lines"


@dataclass(frozen=True, slots=True)
class CodeLines:
    """The number of a code block's first line (None: no numbers), and the places of its marked lines, from 1."""

    first: int | None
    marked: tuple[int, ...]


def add_code_lines(block: Block, first: int | None, marked: Collection[int]) -> Block:
    """Return a code block with numbers and marks.

    >>> from oerbook.manuscript.pandoc_ast import code_block
    >>> code_lines(add_code_lines(code_block("a"), 98, {2, 1}))
    CodeLines(first=98, marked=(1, 2))
    """
    (identifier, classes, pairs), text = block["c"]
    numbers = [[FIRST_LINE, str(first)]] if first is not None else []
    marks = [[MARKED_LINES, " ".join(map(str, sorted(marked)))]] if marked else []
    return {"t": "CodeBlock", "c": [[identifier, classes, [*pairs, *numbers, *marks]], text]}


def code_lines(block: Block) -> CodeLines | None:
    """Return the numbers and marks of a code block, None if it has neither."""
    return parse_code_lines(dict(block["c"][0][2]))


def parse_code_lines(attributes: dict[str, str]) -> CodeLines | None:
    """Return the numbers and marks that attributes say, None if there are none."""
    if not {FIRST_LINE, MARKED_LINES} & attributes.keys():
        return None
    first = attributes.get(FIRST_LINE, "")
    return CodeLines(int(first) if first else None, tuple(map(int, attributes.get(MARKED_LINES, "").split())))
