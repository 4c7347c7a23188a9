"""Jupyter notebooks as pages: cells become MyST text, stored outputs are kept, nothing is run."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any
from urllib.parse import unquote

from oerbook.source.lint_blocks import left_open

ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0b\x0c\x0e-\x1f]")
ATTACHMENT = re.compile(r"\]\(attachment:([^)\s]+)")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
BACKTICKS = re.compile(r"^\s*(`{3,})", re.M)
MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
BETWEEN = re.compile(r"[\s,:]*")
HEAD = 4  # lines that stand above the code of a cell


def joined(source: Any) -> str:
    """Return notebook text, which is stored as one string or a list of lines.

    >>> joined(["a\\n", "b"])
    'a\\nb'
    """
    if isinstance(source, list):
        return "".join(str(line) for line in source)
    return str(source) if source is not None else ""


def plain(text: str) -> str:
    """Return terminal output without its colours and control characters.

    >>> plain("\\x1b[31mred\\x1b[0m")
    'red'
    """
    return ANSI.sub("", text)


def language_of(notebook: dict[str, Any]) -> str:
    """Return the language of a notebook's code, `python` when it does not say."""
    metadata = notebook.get("metadata") or {}
    info = metadata.get("language_info") or {}
    kernel = metadata.get("kernelspec") or {}
    return str(info.get("name") or kernel.get("language") or "python")


def cells_of(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells of a notebook of format 4, or of format 3 (which keeps them in worksheets)."""
    cells = notebook.get("cells")
    if cells is None:
        cells = [cell for sheet in notebook.get("worksheets") or [] for cell in sheet.get("cells") or []]
    return [cell for cell in cells if isinstance(cell, dict)]


def to_markdown(notebook: dict[str, Any]) -> str:
    """Return a notebook as MyST Markdown; each code cell names its place so that its outputs can be found."""
    body = "\n\n".join(f"{block}\n{left_open(block)}" for _place, _lead, block in _blocks(notebook))
    return MATTER.sub(lambda match: "\n" * match[0].count("\n"), body, count=1)


def readable(text: str) -> tuple[str, frozenset[int]]:
    """Return a notebook's file as MyST Markdown as its cells have it, line for line as above, and where each cell begins.

    Nothing when its cells are not what cells are.
    """
    try:
        blocks = [block for _place, _lead, block in _blocks(json.loads(text))]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "", frozenset()
    begins = accumulate((block.count("\n") + 3 for block in blocks), initial=1)
    return "\n\n\n".join(blocks), frozenset(begins)


def _blocks(notebook: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    """Yield the cells that a page shows: the place of each, how many lines stand above its own, and its text."""
    language = language_of(notebook)
    for place, cell in enumerate(cells_of(notebook)):
        kind = cell.get("cell_type")
        text = joined(cell.get("source", cell.get("input", "")))
        if kind == "code":
            yield place, HEAD, _code(text, language, place, cell)
        elif kind == "heading":
            yield place, 0, "#" * int(cell.get("level", 1)) + " " + text
        elif kind == "markdown":
            yield place, 0, _attached(text, cell)


@functools.lru_cache(maxsize=64)
def spots(text: str) -> tuple[tuple[int, str], ...]:
    """Return for each line of a notebook's page where it comes from: the line of the file, and the cell in words.

    >>> spots('{"cells": [\\n{"cell_type": "markdown",\\n"source": ["# A\\\\n",\\n"b"]}]}')
    ((3, 'cell 1, line 1'), (4, 'cell 1, line 2'), (4, 'cell 1, line 2'), (4, 'cell 1, line 2'))
    """
    notebook = json.loads(text)
    rows = list(_rows(text)) if isinstance(notebook.get("cells"), list) else []
    found: list[tuple[int, str]] = []
    for place, lead, block in _blocks(notebook):
        own = rows[place] if place < len(rows) and rows[place] else [0]
        for n in range(block.count("\n") + 1):
            line = max(n - lead, 0)
            found.append((own[min(line, len(own) - 1)], f"cell {place + 1}, line {min(line, len(own) - 1) + 1}"))
        found += [found[-1]] * 2  # what closes the cell, and an empty line
    return tuple(found)


def _rows(text: str) -> Iterator[list[int]]:
    """Yield for each cell of a notebook's file the lines in it that hold those of its source."""
    cells = next(start for key, start, _value in _members(text, text.index("{")) if key == "cells")
    line, counted = 1, 0
    for _key, cell, _value in _members(text, cells):
        rows: list[int] = []
        for key, start, value in _members(text, cell) if text[cell] == "{" else ():
            if key != "source":
                continue
            parts = _members(text, start) if isinstance(value, list) else [("", start, value)]
            for _none, at, part in parts:
                line, counted = line + text.count("\n", counted, at), at
                rows += [line] * max(len(str(part).splitlines()), 1)
        yield rows


def _members(text: str, at: int) -> Iterator[tuple[str, int, Any]]:
    """Yield what a JSON object or list holds that begins at a place of a text: its name, where its value begins, the value."""
    read = json.JSONDecoder().raw_decode
    named, at = text[at] == "{", at + 1
    while True:
        key, at = "", _past(text, at)
        if text[at] in "]}":
            return
        if named:
            key, at = read(text, at)
            at = _past(text, at)
        value, end = read(text, at)
        yield key, at, value
        at = end


def _past(text: str, at: int) -> int:
    """Return the place behind blanks, commas and colons."""
    found = BETWEEN.match(text, at)
    return found.end() if found else at


def _code(text: str, language: str, place: int, cell: dict[str, Any]) -> str:
    longest = max((len(found) for found in BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    tags = [str(tag) for tag in (cell.get("metadata") or {}).get("tags") or []]
    return f"{fence}{{code-cell}} {language}\n:cell: {place}\n:tags: [{', '.join(tags)}]\n\n{text}\n{fence}"


def _attached(text: str, cell: dict[str, Any]) -> str:
    """Write the pictures that a cell carries into its text, in place of their names."""
    carried = cell.get("attachments")
    if not isinstance(carried, dict):
        return text

    def shown(match: re.Match[str]) -> str:
        found = carried.get(unquote(match[1]), carried.get(match[1]))
        forms: dict[str, Any] = found if isinstance(found, dict) else {}
        kinds = [kind for kind in PICTURES if forms.get(kind)]
        return f"](data:{kinds[0]};base64,{''.join(joined(forms[kinds[0]]).split())}" if kinds else match[0]

    return ATTACHMENT.sub(shown, text)


def outputs_of(notebook: dict[str, Any], place: int) -> list[dict[str, Any]]:
    """Return the stored outputs of a cell, oldest format to newest, as dictionaries."""
    cells = cells_of(notebook)
    if not 0 <= place < len(cells):
        return []
    return [output for output in cells[place].get("outputs") or [] if isinstance(output, dict)]
