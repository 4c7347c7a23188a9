"""Which way words run: chapters and passages from right to left in a book from left to right, and the reverse."""

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
    """Mark the passages of a page that run the other way than the page does."""
    here = desk()
    base = way_of(language_of(here.book, here.pages.get(app.env.current_document.docname)) or here.book.language)
    if base == "rtl" or RIGHT.search(doctree.astext()):
        _mark(doctree, base)


def _mark(node: nodes.Element, base: str) -> None:
    for child in node.children:
        if not isinstance(child, nodes.Element) or set(WAYS) & set(child.get("classes", ())):
            continue
        if isinstance(child, (*TEXTS, *WHOLE)):
            ways = {way for one in _texts(child) if (way := runs(one.astext()))}
            if ways and base not in ways:
                child["classes"].append(*ways)
                continue
        if not isinstance(child, TEXTS):
            _mark(child, base)


def _texts(node: nodes.Element) -> Iterator[nodes.Node]:
    return node.findall(lambda one: isinstance(one, TEXTS))
