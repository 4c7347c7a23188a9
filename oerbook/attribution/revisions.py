"""Decode revisions of pages and notebooks."""

from __future__ import annotations

import json

MAX_PAGE_BYTES = 2_000_000  # bytes of Markdown; larger files count as empty, as in `source.text`


def decode_revision(data: bytes, path: str) -> str:
    """Return a revision's Markdown, or a notebook's Markdown cells.

    Files that are too large count as empty.
    """
    if len(data) > MAX_PAGE_BYTES and not path.endswith(".ipynb"):
        return ""
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return notebook_markdown(text) if path.endswith(".ipynb") else text


def notebook_markdown(text: str) -> str:
    """Return the Markdown cells of a notebook, "" if it is not valid."""
    try:
        data = json.loads(text)
        cells = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
        sources = [cell.get("source", "") for cell in cells if cell.get("cell_type") in ("markdown", "heading")]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return ""
    return "\n\n".join("".join(source) if isinstance(source, list) else str(source) for source in sources)
