"""Running a page's code, when the book says `execute: true`; outputs are kept by content, so a page runs once."""

from __future__ import annotations

import re
from typing import Any

from oerbook.document.context.build_context import Desk
from oerbook.errors import OerbookError
from oerbook.model.findings import Severity
from oerbook.source import notebook
from oerbook.storage.cache import Shelf, digest
from oerbook.tools import jupyter

CELL = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|:{3,})\{code-cell\}[^\n]*\n(?P<body>.*?)^(?P=indent)(?P=fence)[ \t]*$",
    re.M | re.S,
)
KERNEL = re.compile(r"^kernelspec:\s*\n(?:[ \t]+.*\n)*?[ \t]+name:[ \t]*([\w.-]+)", re.M)
SKIPPED = {"skip-execution", "remove-cell-and-skip"}


def run_text(here: Desk, docname: str, text: str, source: str) -> list[list[dict[str, Any]]] | None:
    """Return the outputs of each code cell of a Markdown page, in order; None when nothing was run."""
    from oerbook.document.reading.notebook_cells import split, tags_of

    codes = []
    for match in CELL.finditer(text):
        options, code = split(match["body"])
        codes.append("" if tags_of(options) & SKIPPED else code)
    kernel = KERNEL.search(source)
    return _run(here, docname, codes, kernel[1] if kernel else "python3") if codes else None


def run_notebook(here: Desk, docname: str, stored: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with the outputs that its cells give now."""
    cells = notebook.cells_of(stored)
    codes = [notebook.joined(c.get("source", c.get("input"))) if c.get("cell_type") == "code" else "" for c in cells]
    kernel = str(((stored.get("metadata") or {}).get("kernelspec") or {}).get("name") or "python3")
    outputs = _run(here, docname, codes, kernel)
    if outputs is None:
        return stored
    fresh = [
        {**cell, "outputs": out} if cell.get("cell_type") == "code" else cell
        for cell, out in zip(cells, outputs, strict=True)
    ]
    return {**stored, "cells": fresh}


def _run(here: Desk, docname: str, codes: list[str], kernel: str) -> list[list[dict[str, Any]]] | None:
    shelf = Shelf(here.work)
    key = digest("run", kernel, *codes)
    outputs: list[list[dict[str, Any]]] | None = shelf.get_json("executed", key)
    if outputs is None:
        try:
            outputs = jupyter.run(codes, kernel, here.file(docname).parent)
        except OerbookError as error:
            here.say(docname, "code-not-run", error.message, severity=Severity.ERROR, hint=error.hint)
            return None
        shelf.put_json("executed", key, outputs)
    failed = [out for cell in outputs for out in cell if out.get("output_type") == "error"]
    for out in failed:
        words = f"a code cell fails: {out.get('ename')}: {out.get('evalue')}"
        hint = "Mend the cell; its message is shown on the page."
        here.say(docname, "code-fails", words.splitlines()[0][:200], severity=Severity.ERROR, hint=hint)
    return outputs
