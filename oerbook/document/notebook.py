"""Jupyter notebooks as pages: cells become MyST text, stored outputs are kept, nothing is run."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0b\x0c\x0e-\x1f]")
ATTACHMENT = re.compile(r"\]\(attachment:([^)\s]+)")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
BACKTICKS = re.compile(r"^\s*(`{3,})", re.M)


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
    language = language_of(notebook)
    blocks = []
    for place, cell in enumerate(cells_of(notebook)):
        kind = cell.get("cell_type")
        text = joined(cell.get("source", cell.get("input", "")))
        if kind == "code":
            blocks.append(_code(text, language, place, cell))
        elif kind == "heading":
            blocks.append("#" * int(cell.get("level", 1)) + " " + text)
        elif kind == "markdown":
            blocks.append(_attached(text, cell))
    body = "\n\n".join(blocks)
    return re.sub(r"\A---\n.*?\n---\n", "", body, count=1, flags=re.S)


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
