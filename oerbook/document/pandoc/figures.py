"""Figures, captioned tables and listings: the thing, and a caption that begins with its number."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.pandoc.inlines import inlines
from oerbook.document.pandoc.page_context import Block, Page
from oerbook.manuscript import pandoc_ast


def number(page: Page, node: Any, kind: str) -> str:
    """Return "Fig. 1.2" for a numbered thing, in the words that HTML uses."""
    numbers = page.context.fignumbers.get(kind, {})
    found = next((numbers[identifier] for identifier in node.get("ids", ()) if identifier in numbers), None)
    if not found:
        return ""
    pattern = page.context.labels.get(kind, "%s")
    dotted = ".".join(map(str, found))
    return pattern % dotted if "%s" in pattern else pattern.replace("{number}", dotted)


def captioned(
    page: Page, node: Any, body: list[Block], caption: Any, kind: str, *, breakable: bool = False
) -> list[Block]:
    """Return a thing with its caption; its ids stand on the outside, where every format finds them."""
    from oerbook.document.pandoc.blocks import with_ids

    numbered = number(page, node, kind)
    words: list[dict[str, Any]] = []
    if numbered:
        words = [
            pandoc_ast.span([pandoc_ast.inline("Strong", pandoc_ast.words(numbered))], "", ["number"]),
            {"t": "Space"},
        ]
    words += inlines(page, caption)
    if not words:
        return with_ids(page, node, body)
    if page.typst:
        options = f"kind: {pandoc_ast.quoted(kind)}, breakable: {'true' if breakable else 'false'}"
        made = [
            pandoc_ast.raw_block("typst", f"#oer-figure({options})["),
            *body,
            pandoc_ast.raw_block("typst", "]["),
            pandoc_ast.para(words),
            pandoc_ast.raw_block("typst", "]"),
        ]
        return with_ids(page, node, made)
    if page.target == "docx":
        text = pandoc_ast.div([pandoc_ast.para(words)], "", ["caption"], custom_style="Caption")
    else:
        text = pandoc_ast.div([pandoc_ast.para(words)], "", ["caption"])
    shown = [text, *body] if kind in ("table", "code-block") else [*body, text]
    wrapped = [pandoc_ast.div(shown, "", ["figure", f"figure-{kind}"])] if page.target == "epub" else shown
    return with_ids(page, node, wrapped)


def figure(page: Page, node: Any) -> list[Block]:
    """Return a figure with caption and legend."""
    from oerbook.document.pandoc.blocks import blocks

    caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
    legend = [child for child in node.children if isinstance(child, nodes.legend)]
    body = blocks(page, [child for child in node.children if child is not caption and child not in legend])
    if legend and page.typst:
        after = blocks(page, legend)
        return [*captioned(page, node, body, caption.children if caption else [], "figure"), *after]
    if legend:
        body += []
    made = captioned(page, node, body, caption.children if caption else [], "figure")
    return made + blocks(page, legend)


def listing(page: Page, node: Any) -> list[Block]:
    """Return a captioned piece of code."""
    from oerbook.document.pandoc.blocks import blocks

    caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
    body = blocks(page, [child for child in node.children if child is not caption])
    return captioned(page, node, body, caption.children if caption else [], "code-block", breakable=True)
