"""Rules for quotations and bibliography entries."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block, Inline


def translate_block_quote(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a quotation with its attribution."""
    attributions = [child for child in node.children if isinstance(child, nodes.attribution)]
    content = page.blocks([child for child in node.children if child not in attributions])
    for attribution in attributions:
        content.append(pandoc_ast.para([*pandoc_ast.text_inlines("— "), *page.inlines(attribution.children)]))
    classes = [name for name in node.get("classes", ()) if name in ("epigraph", "highlights", "pull-quote")]
    if page.is_typst and "epigraph" in classes:
        call = pandoc_ast.raw_block("typst", "#oer-epigraph[")
        return page.with_ids(node, [call, *content, pandoc_ast.raw_block("typst", "]")])
    block: Block = {"t": "BlockQuote", "c": content}
    if page.target == "docx" and "epigraph" in classes:
        return page.with_ids(node, [pandoc_ast.div(content, "", [], custom_style="Epigraph")])
    return page.with_ids(node, [pandoc_ast.div([block], "", classes)] if classes and not page.is_typst else [block])


def translate_citation(page: PageTranslator, node: Any) -> list[Block]:
    """Translate an entry of a bibliography: its label, then the reference."""
    label, content = _label_and_content(page, node)
    if label is not None:
        mark = [pandoc_ast.span(pandoc_ast.text_inlines(f"[{label}]"), "", ["citation-label"]), {"t": "Space"}]
        content = _with_prefix(mark, content) or [pandoc_ast.para(mark), *content]
    if page.is_typst:
        content = [pandoc_ast.raw_block("typst", "#oer-citation["), *content, pandoc_ast.raw_block("typst", "]")]
    elif page.target == "epub":
        content = [pandoc_ast.div(content, "", ["citation"])]
    return page.with_ids(node, content)


def _label_and_content(page: PageTranslator, node: Any) -> tuple[str | None, list[Block]]:
    label = next((child for child in node.children if isinstance(child, nodes.label)), None)
    content = page.blocks([child for child in node.children if child is not label])
    return label.astext() if label is not None else None, content


def _with_prefix(prefix: list[Inline], content: list[Block]) -> list[Block]:
    """Prefix the first paragraph; return [] if the first block is no paragraph."""
    if not content or content[0]["t"] not in ("Para", "Plain"):
        return []
    return [{"t": "Para", "c": [*prefix, *content[0]["c"]]}, *content[1:]]
