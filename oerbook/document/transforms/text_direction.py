"""Mark text whose writing direction differs from that of its page."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.context.languages import (
    DIRECTIONS,
    RTL_LETTER,
    differing_language,
    language_direction,
    passage_direction,
)

TEXT_NODES = (nodes.paragraph, nodes.title, nodes.term, nodes.rubric, nodes.caption, nodes.attribution, nodes.line)
BLOCK_GROUP_NODES = (
    nodes.block_quote,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.line_block,
    nodes.table,
)


def mark_direction(app: Sphinx, doctree: nodes.document) -> None:
    """Add a direction class to passages whose direction differs from the page's."""
    context = context_of(app)
    chapter = context.pages.get(app.env.current_document.docname)
    page_direction = language_direction(differing_language(context.book, chapter) or context.book.language)
    if page_direction == "rtl" or RTL_LETTER.search(doctree.astext()):
        _mark_children(doctree, page_direction)


def _mark_children(node: nodes.Element, page_direction: str) -> None:
    for child in node.children:
        if not isinstance(child, nodes.Element) or set(DIRECTIONS) & set(child.get("classes", ())):
            continue
        if isinstance(child, (*TEXT_NODES, *BLOCK_GROUP_NODES)):
            texts = (text.astext() for text in _text_nodes(child))
            directions = {direction for text in texts if (direction := passage_direction(text, page_direction))}
            if directions and page_direction not in directions:
                child["classes"].append(*directions)
                continue
        if not isinstance(child, TEXT_NODES):
            _mark_children(child, page_direction)


def _text_nodes(node: nodes.Element) -> Iterator[nodes.Node]:
    return node.findall(lambda child: isinstance(child, TEXT_NODES))
