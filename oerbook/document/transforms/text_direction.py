"""Mark text whose writing direction differs from that of its page."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import desk
from oerbook.document.context.languages import RIGHT, WAYS, language_of, runs, way_of

TEXTS = (nodes.paragraph, nodes.title, nodes.term, nodes.rubric, nodes.caption, nodes.attribution, nodes.line)
WHOLE = (
    nodes.block_quote,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.line_block,
    nodes.table,
)


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Add a direction class to passages whose direction differs from the page's."""
    context = desk()
    chapter = context.pages.get(app.env.current_document.docname)
    page_direction = way_of(language_of(context.book, chapter) or context.book.language)
    if page_direction == "rtl" or RIGHT.search(doctree.astext()):
        _mark_children(doctree, page_direction)


def _mark_children(node: nodes.Element, page_direction: str) -> None:
    for child in node.children:
        if not isinstance(child, nodes.Element) or set(WAYS) & set(child.get("classes", ())):
            continue
        if isinstance(child, (*TEXTS, *WHOLE)):
            directions = {direction for text in _text_nodes(child) if (direction := runs(text.astext()))}
            if directions and page_direction not in directions:
                child["classes"].append(*directions)
                continue
        if not isinstance(child, TEXTS):
            _mark_children(child, page_direction)


def _text_nodes(node: nodes.Element) -> Iterator[nodes.Node]:
    return node.findall(lambda child: isinstance(child, TEXTS))
