"""Join lines between Chinese and Japanese characters, where the end of a line in the source is no space."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# CJK punctuation, kana, bopomofo, ideographs, full-width forms; not Hangul, since Korean has spaces between words.
IDEOGRAPH_RANGES = (
    r"\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
LINE_END_BETWEEN_IDEOGRAPHS = re.compile(rf"(?<=[{IDEOGRAPH_RANGES}])[ \t]*\n[ \t]*(?=[{IDEOGRAPH_RANGES}])")
IDEOGRAPH_AT_LINE_END = re.compile(f"[{IDEOGRAPH_RANGES}]\n|\n[{IDEOGRAPH_RANGES}]")
VERBATIM_NODES = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.math_block, nodes.raw, nodes.image)


def join_ideographic_lines(_app: Sphinx, doctree: nodes.document) -> None:
    """Remove the ends of lines between ideographs from the text of a page."""
    if not IDEOGRAPH_AT_LINE_END.search(doctree.astext()):
        return
    for block in list(doctree.findall(nodes.TextElement)):
        if not isinstance(block, (nodes.Inline, *VERBATIM_NODES)):
            _join(block)


def _join(block: nodes.TextElement) -> None:
    """Remove line ends, also those beside inline elements: they are looked for in the text of the whole block."""
    texts = [text for text in block.findall(nodes.Text) if not _is_verbatim(text)]
    whole = "".join(text.astext() for text in texts)
    removed = {place for match in LINE_END_BETWEEN_IDEOGRAPHS.finditer(whole) for place in range(*match.span())}
    start = 0
    for text in texts if removed else ():
        old = text.astext()
        new = "".join(char for place, char in enumerate(old, start) if place not in removed)
        start += len(old)
        if new != old:
            _replace(text, new)


def _is_verbatim(text: nodes.Text) -> bool:
    node: Any = text.parent
    while node is not None and not isinstance(node, VERBATIM_NODES):
        node = node.parent
    return node is not None


def _replace(text: Any, content: str) -> None:
    replacement: Any = nodes.Text(content)
    replacement.line = getattr(text, "line", None)
    text.parent.replace(text, replacement)
