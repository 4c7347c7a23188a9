"""Tidy pandoc's inlines before they are written: join neighbors, move spaces out of emphasis, drop what is empty."""

from __future__ import annotations

from collections.abc import Sequence

from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.model.untyped import Json

STYLES = ("Emph", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Underline")
SPACES = ("Space", "SoftBreak")


def normalize_blocks(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with tidy inlines, without empty paragraphs."""
    return [block for block in (_normalize(block) for block in blocks) if not _is_empty(block)]


def normalize_inlines(inlines: Sequence[Inline]) -> list[Inline]:
    """Return inlines without empty or doubled styles.

    >>> normalize_inlines([{"t": "Emph", "c": [{"t": "Str", "c": "a"}, {"t": "Space"}]}, {"t": "Str", "c": "b"}])
    [{'t': 'Emph', 'c': [{'t': 'Str', 'c': 'a'}]}, {'t': 'Space'}, {'t': 'Str', 'c': 'b'}]
    """
    result: list[Inline] = []
    for inline in _join_neighbors([_normalize(inline) for inline in inlines]):
        if inline["t"] in STYLES:
            leading, inner, trailing = _split_spaces(inline["c"])
            inner = _without_style(inner, inline["t"])
            result += [*leading, *([{"t": inline["t"], "c": inner}] if inner else []), *trailing]
        else:
            result.append(inline)
    return _join_text(result)


def _normalize(value: Json) -> Json:
    """Return a value of pandoc's tree with tidy lists of inlines."""
    if isinstance(value, dict):
        return {key: _normalize(content) for key, content in value.items()}
    if isinstance(value, list):
        if any(isinstance(item, dict) and item.get("t") in (*STYLES, "Str", "Space") for item in value):
            return normalize_inlines(value)
        return [_normalize(item) for item in value]
    return value


def _join_neighbors(inlines: Sequence[Inline]) -> list[Inline]:
    """Join styles of the same kind that follow each other, also with a space between them."""
    result: list[Inline] = []
    for inline in inlines:
        kind = inline["t"]
        if kind in STYLES:
            spaces: list[Inline] = []
            while result and result[-1]["t"] in SPACES:
                spaces.insert(0, result.pop())
            if result and result[-1]["t"] == kind and (not spaces or kind in ("Emph", "Strong")):
                result[-1] = {"t": kind, "c": [*result[-1]["c"], *spaces, *inline["c"]]}
                continue
            result += spaces
        result.append(inline)
    return result


def _split_spaces(inlines: list[Inline]) -> tuple[list[Inline], list[Inline], list[Inline]]:
    start, end = 0, len(inlines)
    while start < end and inlines[start]["t"] in (*SPACES, "LineBreak"):
        start += 1
    while end > start and inlines[end - 1]["t"] in (*SPACES, "LineBreak"):
        end -= 1
    return inlines[:start], inlines[start:end], inlines[end:]


def _without_style(inlines: list[Inline], kind: str) -> list[Inline]:
    """Return inlines without a style inside the same style."""
    result: list[Inline] = []
    for inline in inlines:
        result += inline["c"] if inline["t"] == kind else [inline]
    return result


def _join_text(inlines: list[Inline]) -> list[Inline]:
    """Join strings that follow each other, and drop doubled spaces."""
    result: list[Inline] = []
    for inline in inlines:
        if inline["t"] == "Str" and result and result[-1]["t"] == "Str":
            result[-1] = {"t": "Str", "c": result[-1]["c"] + inline["c"]}
        elif not (inline["t"] in SPACES and result and result[-1]["t"] in (*SPACES, "LineBreak")):
            result.append(inline)
    return result


def _is_empty(block: Block) -> bool:
    kind = block.get("t")
    if kind in ("Para", "Plain"):
        return all(inline["t"] in (*SPACES, "LineBreak") for inline in block["c"])
    return False
