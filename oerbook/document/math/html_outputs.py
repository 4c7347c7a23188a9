r"""Formulas in the HTML output of notebooks: $…$, $$…$$, \(…\) and \[…\], as MathJax reads them there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes

FORMULA_IN_HTML = re.compile(
    r"\$\$(?P<dollars>[^$]{1,2000}?)\$\$"
    r"|\\\[(?P<brackets>.{1,2000}?)\\\]"
    r"|\\\((?P<round>.{1,2000}?)\\\)"
    r"|(?<![\\$\w])\$(?P<inline>[^\s$](?:[^$\n]{0,500}?[^\s$\\])?)\$(?![\d$])",
    re.S,
)
NODES_WITHOUT_FORMULAS = (nodes.literal, nodes.literal_block, nodes.raw, nodes.math, nodes.math_block, nodes.comment)


def read_formulas_in_html_outputs(_app: Any, doctree: nodes.document) -> None:
    """Replace formulas in the text of outputs that were HTML."""
    for box in doctree.findall(nodes.container):
        if "cell_output" not in box.get("classes", ()):
            continue
        for text in list(box.findall(nodes.Text)):
            if FORMULA_IN_HTML.search(text) and not _is_verbatim(text):
                text.parent.replace(text, list(_split(text)))


def _is_verbatim(text: nodes.Text) -> bool:
    parent = text.parent
    while parent is not None:
        if isinstance(parent, NODES_WITHOUT_FORMULAS):
            return True
        parent = parent.parent
    return False


def _split(text: nodes.Text) -> Iterator[nodes.Node]:
    place = 0
    for match in FORMULA_IN_HTML.finditer(text):
        if match.start() > place:
            yield nodes.Text(text[place : match.start()])
        tex = next(group for group in match.groups() if group is not None).strip()
        display = match.lastgroup in ("dollars", "brackets")
        tex = f"\\displaystyle {tex}" if display and "\\begin" not in tex else tex
        formula = nodes.math(tex, tex)
        formula.source, formula.line = text.parent.source, text.parent.line
        yield formula
        place = match.end()
    if place < len(text):
        yield nodes.Text(text[place:])
