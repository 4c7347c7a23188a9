"""Write lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oerbook.importers.myst_writer.inlines import write_inlines
from oerbook.importers.myst_writer.state import PageState
from oerbook.importers.myst_writer.wrap import single_line
from oerbook.manuscript.pandoc_ast import Block, Inline

WriteBlocks = Callable[[PageState, Sequence[Block]], str]
TASK_MARKS = {"☐": "[ ]", "☒": "[x]", "☑": "[x]"}
ROMAN_NUMERALS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def write_bullet_list(state: PageState, block: Block, write_blocks: WriteBlocks) -> str:
    """Return a list with hyphens; boxes to tick become those of a task list."""
    items = []
    for item in block["c"]:
        mark = _task_mark(item)
        text = write_blocks(state, _without_mark(item) if mark else item)
        items.append(_indent(f"- {mark} " if mark else "- ", text, 2))
    return _join(items, block["c"])


def write_ordered_list(state: PageState, block: Block, write_blocks: WriteBlocks) -> str:
    """Return a numbered or lettered list with its first number."""
    (start, style, delimiter), contents = block["c"]
    items = []
    for number, item in enumerate(contents, start=start):
        marker = _marker(number, style["t"], delimiter["t"])
        items.append(_indent(f"{marker} ", write_blocks(state, item), len(marker) + 1))
    return _join(items, contents)


def write_definition_list(state: PageState, block: Block, write_blocks: WriteBlocks) -> str:
    """Return terms with their definitions."""
    entries = []
    for term, definitions in block["c"]:
        state.count_text(term)
        texts = [_indent(": ", write_blocks(state, definition), 2) for definition in definitions]
        entries.append("\n".join([single_line(write_inlines(state, term)), *texts]))
    return "\n\n".join(entries)


def _marker(number: int, style: str, delimiter: str) -> str:
    end = ")" if delimiter in ("OneParen", "TwoParens") else "."
    if style in ("LowerAlpha", "UpperAlpha") and 1 <= number <= 26:
        return f"{chr(ord('a' if style == 'LowerAlpha' else 'A') + number - 1)}{end}"
    if style in ("LowerRoman", "UpperRoman") and 1 <= number < 40:
        roman = _roman(number)
        return f"{roman if style == 'LowerRoman' else roman.upper()}{end}"
    return f"{number}{end}"


def _roman(number: int) -> str:
    """Return a small number in Roman numerals.

    >>> _roman(14), _roman(9)
    ('xiv', 'ix')
    """
    text = ""
    for value, letters in ROMAN_NUMERALS:
        while number >= value:
            text, number = text + letters, number - value
    return text


def _indent(marker: str, text: str, width: int) -> str:
    lines = text.split("\n")
    rest = [f"{' ' * width}{line}" if line else "" for line in lines[1:]]
    return "\n".join([f"{marker}{lines[0]}".rstrip() if not lines[0] else f"{marker}{lines[0]}", *rest])


def _join(items: Sequence[str], contents: Sequence[Sequence[Block]]) -> str:
    """Join items with blank lines between them if one of them holds paragraphs."""
    loose = any(block["t"] == "Para" for item in contents for block in item)
    return ("\n\n" if loose else "\n").join(items)


def _task_mark(item: Sequence[Block]) -> str:
    first = _first_inlines(item)
    return TASK_MARKS.get(str(first[0].get("c")), "") if len(first) > 1 and first[0]["t"] == "Str" else ""


def _first_inlines(item: Sequence[Block]) -> list[Inline]:
    return item[0]["c"] if item and item[0]["t"] in ("Para", "Plain") else []


def _without_mark(item: Sequence[Block]) -> list[Block]:
    return [{"t": item[0]["t"], "c": item[0]["c"][2:]}, *item[1:]]
