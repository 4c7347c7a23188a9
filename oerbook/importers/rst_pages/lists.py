"""Convert lists: bullets, numbers, definitions, fields, options."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.importers.line_conversion.myst_blocks import trim_blank_lines
from oerbook.importers.rst_pages.context import RstContext
from oerbook.importers.rst_pages.escaping import code_span
from oerbook.importers.rst_pages.source_lines import (
    BULLET,
    ENUMERATOR,
    FIELD,
    OPTION,
    dedent,
    indent_of,
    indented_block,
)
from oerbook.importers.rst_pages.words import convert_words

ConvertLines = Callable[[Sequence[str], int], list[str]]


def read_list(lines: Sequence[str], index: int, number: int, convert: ConvertLines) -> tuple[int, list[str]] | None:
    """Return how many lines a list with marks takes and what it becomes, None if there is none at an index."""
    first = BULLET.match(lines[index]) or ENUMERATOR.match(lines[index])
    if first is None or not _begins_item(lines, index, first):
        return None
    result: list[str] = []
    position = index
    while position < len(lines):
        match = _next_item(lines, position, first)
        if match is None:
            break
        width = len(match[0]) if match["gap"].strip("\n") else len(match["mark"]) + 1
        end = max(
            indented_block(lines, position + 1, min(width, _item_indent(lines, position + 1, width))), position + 1
        )
        body = [lines[position][len(match[0]) :], *_cut(lines[position + 1 : end], width)]
        content = trim_blank_lines(convert(body, number + position - index)) or [""]
        result += _item(match, content)
        position = end
        blank = position
        while blank < len(lines) and not lines[blank].strip():
            blank += 1
        if blank < len(lines) and _next_item(lines, blank, first):
            result += [""] * min(blank - position, 1)
            position = blank
        else:
            break
    return position - index, result


def _item_indent(lines: Sequence[str], index: int, width: int) -> int:
    """Return the indentation of the text below a mark: as written, if it is less than that beside the mark."""
    following = next((line for line in lines[index : index + 1] if line.strip()), "")
    indent = indent_of(following)
    return indent if following and 0 < indent < width else width


def _cut(lines: Sequence[str], width: int) -> list[str]:
    return [line[min(width, indent_of(line)) :] if line.strip() else "" for line in lines]


def _begins_item(lines: Sequence[str], index: int, match: re.Match[str]) -> bool:
    """Say whether a line that looks like an item of a list is one: the next line is indented, blank, or an item."""
    if (
        "value" in match.groupdict()
        and match["value"] not in ("1", "#", "a", "A", "i", "I")
        and not match["value"].isdigit()
    ):
        return False
    if index + 1 >= len(lines) or not lines[index + 1].strip():
        return True
    following = lines[index + 1]
    return indent_of(following) > 0 or bool(BULLET.match(following) or ENUMERATOR.match(following))


def _next_item(lines: Sequence[str], index: int, first: re.Match[str]) -> re.Match[str] | None:
    pattern = BULLET if first.re is BULLET else ENUMERATOR
    match = pattern.match(lines[index])
    if match is None or (pattern is BULLET and match["mark"] != first["mark"]):
        return None
    if pattern is ENUMERATOR and (
        match["mark"][-1] != first["mark"][-1] or match["mark"][0:1] == "(" != first["mark"][0:1]
    ):
        return None
    return match


def _item(match: re.Match[str], content: Sequence[str]) -> list[str]:
    mark = match["mark"]
    if "value" in match.groupdict():
        mark = mark.replace("#", "1")
    else:
        mark = mark if mark in "-*+" else "-"
    pad = " " * (len(mark) + 1)
    first, *rest = content
    return [f"{mark} {first}".rstrip(), *(f"{pad}{line}" if line else "" for line in rest)]


def read_fields(
    lines: Sequence[str], index: int, number: int, tools: tuple[RstContext, ConvertLines]
) -> tuple[int, list[str]] | None:
    """Return how many lines a list of fields takes and what it becomes, None if there is none at an index."""
    context, convert = tools
    if not FIELD.match(lines[index]):
        return None
    result: list[str] = []
    position = index
    while position < len(lines) and (match := FIELD.match(lines[position])):
        end = max(indented_block(lines, position + 1), position + 1)
        line = number + position - index
        body = [match["rest"], *dedent(lines[position + 1 : end])]
        content = trim_blank_lines(convert(body, line)) or [""]
        name = convert_words(match["name"], line, context)
        result += [f":{name}: {content[0]}".rstrip(), *(f"  {text}" if text else "" for text in content[1:])]
        position = end
    return position - index, result


def read_definitions(
    lines: Sequence[str], index: int, number: int, tools: tuple[RstContext, ConvertLines]
) -> tuple[int, list[str]] | None:
    """Return how many lines a list of definitions takes and what it becomes, None if there is none at an index."""
    context, convert = tools
    result: list[str] = []
    position = index
    while position + 1 < len(lines) and _is_term(lines, position):
        end = indented_block(lines, position + 1)
        line = number + position - index
        term, *classifiers = re.split(r"\s+:\s+", lines[position].strip())
        words = convert_words(term, line, context)
        words += "".join(f" *{convert_words(kind, line, context)}*" for kind in classifiers)
        content = trim_blank_lines(convert(dedent(lines[position + 1 : end]), line + 1)) or [""]
        result += [words, f": {content[0]}".rstrip(), *(f"  {text}" if text else "" for text in content[1:]), ""]
        position = end
        while position < len(lines) and not lines[position].strip():
            position += 1
    while position > index and not lines[position - 1].strip():
        position -= 1
    return (position - index, result[:-1]) if result else None


def _is_term(lines: Sequence[str], index: int) -> bool:
    line, following = lines[index], lines[index + 1]
    return bool(line.strip()) and indent_of(line) == 0 and bool(following.strip()) and indent_of(following) > 0


def read_options(lines: Sequence[str], index: int, number: int, convert: ConvertLines) -> tuple[int, list[str]] | None:
    """Return how many lines a list of command-line options takes and what it becomes, None if there is none."""
    result: list[str] = []
    position = index
    while position < len(lines) and (match := OPTION.match(lines[position])):
        end = max(indented_block(lines, position + 1), position + 1)
        body = [match["rest"] or "", *dedent(lines[position + 1 : end])]
        if not any(text.strip() for text in body):
            break
        content = trim_blank_lines(convert(body, number + position - index)) or [""]
        result += [
            code_span(match["option"]),
            f": {content[0]}",
            *(f"  {text}" if text else "" for text in content[1:]),
            "",
        ]
        position = end
        while position < len(lines) and not lines[position].strip():
            position += 1
    while position > index and not lines[position - 1].strip():
        position -= 1
    return (position - index, result[:-1]) if result else None
