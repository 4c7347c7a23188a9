"""Rules for figures and listings, and captions with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docutils import nodes

from oerbook.document.media.media_node import MediaNode
from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block, Inline


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption's nodes, the kind of its block in numfig, and whether it may break."""

    children: Sequence[nodes.Node]
    kind: str  # figure, table or code-block
    breakable: bool = False


def number_label(page: PageTranslator, node: Any, kind: str) -> str:
    """Return "Fig. 1.2" for a numbered node, as in HTML, else ""."""
    numbers = page.context.figure_numbers.get(kind, {})
    parts = next((numbers[identifier] for identifier in node.get("ids", ()) if identifier in numbers), None)
    if not parts:
        return ""
    pattern = page.context.number_formats.get(kind, "%s")
    dotted = ".".join(map(str, parts))
    label = pattern % dotted if "%s" in pattern else pattern.replace("{number}", dotted)
    return label.replace(" ", "\N{NO-BREAK SPACE}")


def with_caption(page: PageTranslator, node: Any, body: list[Block], caption: Caption) -> list[Block]:
    """Return blocks with their caption; the ids are outermost, for links."""
    inlines = _caption_inlines(page, node, caption)
    if not inlines:
        return page.with_ids(node, body)
    if page.is_typst:
        options = (
            f"kind: {pandoc_ast.typst_string(caption.kind)}, breakable: {'true' if caption.breakable else 'false'}"
        )
        call = [
            pandoc_ast.raw_block("typst", f"#oer-figure({options})["),
            *body,
            pandoc_ast.raw_block("typst", "]["),
            pandoc_ast.para(inlines),
            pandoc_ast.raw_block("typst", "]"),
        ]
        return page.with_ids(node, call)
    style = {"custom_style": "Caption"} if page.target == "docx" else {}
    text = pandoc_ast.div([pandoc_ast.para(inlines)], "", ["caption"], **style)
    content = [text, *body] if caption.kind in ("table", "code-block") else [*body, text]
    if page.target == "epub":
        content = [pandoc_ast.div(content, "", ["figure", f"figure-{caption.kind}"])]
    return page.with_ids(node, content)


def _caption_inlines(page: PageTranslator, node: Any, caption: Caption) -> list[Inline]:
    label = number_label(page, node, caption.kind)
    numbered = (
        [pandoc_ast.span([pandoc_ast.inline("Strong", pandoc_ast.text_inlines(label))], "", ["number"]), {"t": "Space"}]
        if label
        else []
    )
    return numbered + page.inlines(caption.children)


def translate_figure(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a figure with its caption; the legend follows it."""
    caption = _caption(node)
    legend = [child for child in node.children if isinstance(child, nodes.legend)]
    body = page.blocks([child for child in node.children if child is not caption and child not in legend])
    children = caption.children if caption else []
    is_text = any(isinstance(child, MediaNode) for child in node.children)  # stays where it is, with its transcript
    if page.is_typst:  # a note that caption and legend refer to is printed in the legend
        after = page.blocks(legend)
        return [*with_caption(page, node, body, Caption(children, "figure", breakable=is_text)), *after]
    return with_caption(page, node, body, Caption(children, "figure")) + page.blocks(legend)


def translate_listing(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a code block with a caption."""
    caption = _caption(node)
    body = page.blocks([child for child in node.children if child is not caption])
    return with_caption(page, node, body, Caption(caption.children if caption else [], "code-block", breakable=True))


def _caption(node: Any) -> Any:
    return next((child for child in node.children if isinstance(child, nodes.caption)), None)
