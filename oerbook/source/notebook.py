"""Convert Jupyter notebooks to MyST Markdown without running code."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from urllib.parse import unquote

from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Json
from oerbook.source.lint_blocks import find_closing_fence
from oerbook.source.text import load_page_text

ATTACHMENT_LINK = re.compile(r"\]\(attachment:([^)\s]+)")
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
BACKTICK_FENCE = re.compile(r"^\s*(`{3,})", re.M)
FRONT_MATTER = re.compile(r"\A---\n[\w-]+[ \t]*:.*?\n---[ \t]*(?:\n|\Z)", re.S)
MARKDOWN_FORMATS = frozenset(["text/markdown", "markdown"])
JSON_SEPARATORS = re.compile(r"[\s,:]*")
CODE_CELL_HEADER_LINES = 4  # lines above the code of a cell in its directive

Notebook = dict[str, Json]  # a notebook file's JSON, formats 3 and 4
Cell = dict[str, Json]


def join_source(source: object) -> str:
    """Return notebook text as one string; it is stored as a string or a list of lines.

    >>> join_source(["a\\n", "b"])
    'a\\nb'
    """
    if isinstance(source, list):
        return "".join(str(line) for line in source)
    return str(source) if source is not None else ""


def code_language(notebook: Notebook) -> str:
    """Return the programming language of a notebook, `python` by default."""
    metadata = notebook.get("metadata") or {}
    info = metadata.get("language_info") or {}
    kernel = metadata.get("kernelspec") or {}
    return str(info.get("name") or kernel.get("language") or "python")


def notebook_cells(notebook: Notebook) -> list[Cell]:
    """Return the cells of a notebook of format 4 or 3 (which has worksheets)."""
    cells = notebook.get("cells")
    if cells is None:
        cells = [cell for sheet in notebook.get("worksheets") or [] for cell in sheet.get("cells") or []]
    return [cell for cell in cells if isinstance(cell, dict)]


def notebook_to_markdown(notebook: Notebook) -> str:
    """Return a notebook as MyST Markdown; code cells have the index of their outputs."""
    return "\n\n".join(f"{block}\n{find_closing_fence(block)}" for _index, _header, block in _blocks(notebook))


def has_front_matter(markdown: str) -> bool:
    """Return whether a notebook's Markdown starts with front matter; a rule at its start is none.

    >>> has_front_matter("---\\ntitle: Soil\\n---"), has_front_matter("---\\nWorms\\n---")
    (True, False)
    """
    return FRONT_MATTER.match(markdown) is not None


def cells_as_markdown(text: str) -> tuple[str, frozenset[int]]:
    """Return a notebook file's cells as Markdown, and the lines on which they start.

    The lines are the same as in `notebook_to_markdown`, but fences that a cell leaves open stay open. The result is
    empty if the file is not a valid notebook.
    """
    try:
        blocks = [block for _index, _header, block in _blocks(json.loads(text))]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "", frozenset()
    starts = accumulate((block.count("\n") + 3 for block in blocks), initial=1)
    return "\n\n\n".join(blocks), frozenset(starts)


def _blocks(notebook: Notebook) -> Iterator[tuple[int, int, str]]:
    """Yield index, number of added header lines, and Markdown of each visible cell."""
    language = code_language(notebook)
    for index, cell in enumerate(notebook_cells(notebook)):
        kind = cell.get("cell_type")
        text = join_source(cell.get("source", cell.get("input", "")))
        if kind == "code":
            yield index, CODE_CELL_HEADER_LINES, _code_block(text, language, index, cell)
        elif kind == "heading":
            level = cell.get("level")
            yield index, 0, "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1) + " " + text
        elif kind == "markdown" or (kind == "raw" and _is_raw_markdown(cell, text, index)):
            yield index, 0, _embed_attachments(text, cell)
        elif kind == "raw" and text.strip():
            yield index, CODE_CELL_HEADER_LINES, _raw_block(text, index, cell)


@functools.lru_cache(maxsize=64)
def line_positions_in_notebook(text: str) -> tuple[tuple[int, str], ...]:
    """Return for each line of a notebook's page its line in the file and in its cell.

    >>> line_positions_in_notebook('{"cells": [\\n{"cell_type": "markdown",\\n"source": ["# A\\\\n",\\n"b"]}]}')
    ((3, 'cell 1, line 1'), (4, 'cell 1, line 2'), (4, 'cell 1, line 2'), (4, 'cell 1, line 2'))
    """
    notebook = json.loads(text)
    rows = list(_source_lines(text)) if isinstance(notebook.get("cells"), list) else []
    positions: list[tuple[int, str]] = []
    for index, header, block in _blocks(notebook):
        file_lines = rows[index] if index < len(rows) and rows[index] else [0]
        for n in range(block.count("\n") + 1):
            line = min(max(n - header, 0), len(file_lines) - 1)
            positions.append((file_lines[line], f"cell {index + 1}, line {line + 1}"))
        positions += [positions[-1]] * 2  # the closing fence, and an empty line
    return tuple(positions)


def _source_lines(text: str) -> Iterator[list[int]]:
    """Yield for each cell of a notebook file the file lines of its source."""
    cells = next(start for key, start, _value in _members(text, text.index("{")) if key == "cells")
    line, counted_to = 1, 0
    for _key, cell, _value in _members(text, cells):
        rows: list[int] = []
        for key, start, value in _members(text, cell) if text[cell] == "{" else ():
            if key != "source":
                continue
            parts = _members(text, start) if isinstance(value, list) else [("", start, value)]
            for _key, at, part in parts:
                line, counted_to = line + text.count("\n", counted_to, at), at
                rows += [line] * max(len(str(part).splitlines()), 1)
        yield rows


def _members(text: str, at: int) -> Iterator[tuple[str, int, object]]:
    """Yield key, index and value of each member of the JSON object or list at `at`."""
    decode = json.JSONDecoder().raw_decode
    is_object, at = text[at] == "{", at + 1
    while True:
        key, at = "", _skip_separators(text, at)
        if text[at] in "]}":
            return
        if is_object:
            key, at = decode(text, at)
            at = _skip_separators(text, at)
        value, end = decode(text, at)
        yield key, at, value
        at = end


def _skip_separators(text: str, at: int) -> int:
    match = JSON_SEPARATORS.match(text, at)
    return match.end() if match else at


def _code_block(text: str, language: str, index: int, cell: Cell) -> str:
    fence = _fence_around(text)
    tags = [str(tag) for tag in (cell.get("metadata") or {}).get("tags") or []]
    return f"{fence}{{code-cell}} {language}\n:cell: {index}\n:tags: [{', '.join(tags)}]\n\n{text}\n{fence}"


def raw_cell_format(cell: Cell) -> str:
    """Return the media type of a raw cell, such as `text/html`, or "" for plain text."""
    metadata = cell.get("metadata") or {}
    return " ".join(str(metadata.get("raw_mimetype") or metadata.get("format") or "").lower().split())


def _is_raw_markdown(cell: Cell, text: str, index: int) -> bool:
    """Return whether a raw cell is Markdown, or front matter as Quarto keeps it in the first cell."""
    return raw_cell_format(cell) in MARKDOWN_FORMATS or (index == 0 and has_front_matter(text))


def _raw_block(text: str, index: int, cell: Cell) -> str:
    fence = _fence_around(text)
    return f"{fence}{{raw-cell}}\n:cell: {index}\n:raw_mimetype: {raw_cell_format(cell)}\n\n{text}\n{fence}"


def _fence_around(text: str) -> str:
    return "`" * (max((len(backticks) for backticks in BACKTICK_FENCE.findall(text)), default=2) + 1)


def _embed_attachments(text: str, cell: Cell) -> str:
    """Replace links to a cell's attached images with data URLs."""
    attachments = cell.get("attachments")
    if not isinstance(attachments, dict):
        return text

    def data_url(match: re.Match[str]) -> str:
        attachment = attachments.get(unquote(match[1]), attachments.get(match[1]))
        data: dict[str, Json] = attachment if isinstance(attachment, dict) else {}
        types = [image_type for image_type in IMAGE_TYPES if data.get(image_type)]
        return f"](data:{types[0]};base64,{''.join(join_source(data[types[0]]).split())}" if types else match[0]

    return ATTACHMENT_LINK.sub(data_url, text)


def cell_metadata(notebook: Notebook, cell_index: int) -> Cell:
    """Return the metadata of the cell at an index, {} if it has none."""
    cells = notebook_cells(notebook)
    metadata = cells[cell_index].get("metadata") if cell_index < len(cells) else None
    return metadata if isinstance(metadata, dict) else {}


def cell_outputs(notebook: Notebook, cell_index: int) -> list[dict[str, Json]]:
    """Return the stored outputs of the cell at an index, in any notebook format."""
    cells = notebook_cells(notebook)
    if not 0 <= cell_index < len(cells):
        return []
    return [output for output in cells[cell_index].get("outputs") or [] if isinstance(output, dict)]


def locate_in_cells(findings: Iterable[Finding], root: Path) -> list[Finding]:
    """Return findings, those in notebooks located by file line and cell.

    Notebooks are read as the text of their cells, so a finding's line is one of that text. Apply this once per finding.
    """
    return [replace(f, place=_cell_place(f.place, root)) if f.place.path.endswith(".ipynb") else f for f in findings]


def _cell_place(place: Place, root: Path) -> Place:
    text, problem = load_page_text(root / place.path, root)
    positions = line_positions_in_notebook(text) if place.line and not place.cell and not problem else ()
    return Place(place.path, *positions[min(place.line, len(positions)) - 1]) if positions else place
