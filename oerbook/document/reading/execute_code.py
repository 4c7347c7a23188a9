"""Run a page's code if the book sets `execute: true`, and cache the outputs."""

from __future__ import annotations

import re
from typing import Any

from oerbook.document.context.build_context import BuildContext
from oerbook.document.reading.cell_options import split_options_from_code
from oerbook.document.reading.notebook_cells import cell_tags
from oerbook.errors import OerbookError
from oerbook.model.findings import Severity
from oerbook.source import notebook
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.text.myst_scan import find_fenced_blocks
from oerbook.tools import jupyter

KERNEL_NAME = re.compile(r"^kernelspec:\s*\n(?:[ \t]+.*\n)*?[ \t]+name:[ \t]*([\w.-]+)", re.M)
TAGS_OF_SKIPPED_CELLS = {"skip-execution", "remove-cell-and-skip"}

CellOutputs = list[list[dict[str, Any]]]  # by cell, in nbformat's form


def run_markdown(context: BuildContext, docname: str, text: str, source: str) -> CellOutputs | None:
    """Return the outputs of each code cell of a Markdown page, in order.

    `text` is the page as it is parsed, `source` the file with its front matter, which may name a kernel.
    Returns None when the page has no code cell, or when the code cannot be run (reported as `code-not-run`).
    """
    cells = [
        split_options_from_code("\n".join(block.content))
        for block in find_fenced_blocks(text)
        if block.name == "code-cell"
    ]
    codes = ["" if cell_tags(options) & TAGS_OF_SKIPPED_CELLS else code for options, code in cells]
    kernel = KERNEL_NAME.search(source)
    return _run(context, docname, codes, kernel[1] if kernel else "python3") if codes else None


def run_notebook(context: BuildContext, docname: str, stored: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with fresh outputs, or as it is when its code cannot be run."""
    cells = notebook.notebook_cells(stored)
    codes = [
        notebook.join_source(c.get("source", c.get("input"))) if c.get("cell_type") == "code" else "" for c in cells
    ]
    kernel = str(((stored.get("metadata") or {}).get("kernelspec") or {}).get("name") or "python3")
    outputs = _run(context, docname, codes, kernel)
    if outputs is None:
        return stored
    fresh = [
        {**cell, "outputs": cell_outputs} if cell.get("cell_type") == "code" else cell
        for cell, cell_outputs in zip(cells, outputs, strict=True)
    ]
    return {**stored, "cells": fresh}


def _run(context: BuildContext, docname: str, codes: list[str], kernel: str) -> CellOutputs | None:
    """Return the outputs of cells, cached or fresh, and report errors in the code."""
    cache = Cache(context.cache_dir)
    key = make_cache_key("run", kernel, *codes)
    outputs: CellOutputs | None = cache.get_json("executed", key)
    if outputs is None:
        try:
            outputs = jupyter.run_cells(codes, kernel, context.absolute_path(docname).parent)
        except OerbookError as error:
            context.report_problem(docname, "code-not-run", error.message, severity=Severity.ERROR, hint=error.hint)
            return None
        cache.put_json("executed", key, outputs)
    for output in (output for cell in outputs for output in cell if output.get("output_type") == "error"):
        message = f"a code cell fails: {output.get('ename')}: {output.get('evalue')}"
        hint = "Fix the cell; the page shows its error."
        context.report_problem(docname, "code-fails", message.splitlines()[0][:200], severity=Severity.ERROR, hint=hint)
    return outputs
