"""Words of others: quotations, works cited, and notes that nothing refers to."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.pandoc.inlines import inlines
from oerbook.document.pandoc.page_context import Block, Page
from oerbook.manuscript import pandoc_ast


def _blocks(page: Page, children: Any) -> list[Block]:
    from oerbook.document.pandoc.blocks import blocks

    return blocks(page, children)


def _anchored(page: Page, node: Any, content: list[Block]) -> list[Block]:
    from oerbook.document.pandoc.blocks import with_ids

    return with_ids(page, node, content)


def quote(page: Page, node: Any) -> list[Block]:
    """Return a quotation, with who said it."""
    source = [child for child in node.children if isinstance(child, nodes.attribution)]
    content = _blocks(page, [child for child in node.children if child not in source])
    for attribution in source:
        content.append(pandoc_ast.para([*pandoc_ast.words("— "), *inlines(page, attribution.children)]))
    special = [name for name in node.get("classes", ()) if name in ("epigraph", "highlights", "pull-quote")]
    quoted: Block = {"t": "BlockQuote", "c": content}
    return _anchored(page, node, [pandoc_ast.div([quoted], "", special)] if special and not page.typst else [quoted])


def citation(page: Page, node: Any) -> list[Block]:
    """Return an entry of a bibliography: its label, then the work."""
    label = next((child for child in node.children if isinstance(child, nodes.label)), None)
    rest = _blocks(page, [child for child in node.children if child is not label])
    if label is not None:
        mark = [pandoc_ast.span(pandoc_ast.words(f"[{label.astext()}]"), "", ["citation-label"]), {"t": "Space"}]
        if rest and rest[0]["t"] in ("Para", "Plain"):
            rest[0] = {"t": "Para", "c": [*mark, *rest[0]["c"]]}
        else:
            rest.insert(0, pandoc_ast.para(mark))
    entry = [pandoc_ast.div(rest, "", ["citation"])] if page.target == "epub" else rest
    if page.typst:
        entry = [pandoc_ast.raw_block("typst", "#oer-citation["), *rest, pandoc_ast.raw_block("typst", "]")]
    return _anchored(page, node, entry)


def footnote(page: Page, node: Any) -> list[Block]:
    """Return a footnote where it stands, if nothing in the text refers to it; else it was printed there."""
    if any(identifier in page.noted for identifier in node["ids"]):
        return []
    label = next((child for child in node.children if isinstance(child, nodes.label)), None)
    rest = _blocks(page, [child for child in node.children if child is not label])
    mark = pandoc_ast.words(f"[{label.astext()}] ") if label is not None else []
    if rest and rest[0]["t"] in ("Para", "Plain"):
        rest[0] = {"t": "Para", "c": [*mark, *rest[0]["c"]]}
    return _anchored(page, node, rest)
