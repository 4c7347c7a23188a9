"""Formulas in titles, captions and terms: shown as formulas, and as plain text where only text can stand.

Links, lists of contents, the search and the browser's title bar take the text of a title; without this they would show
TeX. The text of such a node is plain; its attribute `tex` holds the formula.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import clean_astext

from oerbook.document.context.build_context import context_of
from oerbook.document.math.macros import macros_of
from oerbook.formulas.from_tex import read_formulas
from oerbook.formulas.writers.plain import write_plain_text

TITLE_LIKE_NODES = (nodes.title, nodes.subtitle, nodes.caption, nodes.term, nodes.rubric)


def tex_of(node: Any) -> str:
    """Return the TeX of a formula node."""
    return str(node.get("tex", "") or node.astext())


class PlainFormulasInTitles(SphinxTransform):
    """Makes the text of formulas in titles plain, before Sphinx and MyST take the titles as texts of links."""

    default_priority = 800

    def apply(self, **_kwargs: Any) -> None:
        """Change the titles of the page that is read."""
        titles = self.document.findall(lambda node: isinstance(node, TITLE_LIKE_NODES))
        formulas = [node for title in titles for node in title.findall(nodes.math)]
        if not formulas:
            return
        docname = self.env.current_document.docname
        macros = dict(macros_of(context_of(self.app), docname))
        parsed = read_formulas([(node.astext(), False) for node in formulas], macros)
        for node, formula in zip(formulas, parsed, strict=True):
            if formula.tree is not None:
                node["tex"] = node.astext()
                node.children = []
                node += nodes.Text(" ".join(write_plain_text(formula.tree).split()))
        _update_slugs(self.env, docname, self.document)


def _update_slugs(env: Any, docname: str, doctree: nodes.document) -> None:
    slugs = env.metadata[docname].get("myst_slugs", {})
    for slug, (line, identifier, _text) in list(slugs.items()):
        title = _title_of(doctree, identifier)
        if title is not None:
            slugs[slug] = (line, identifier, clean_astext(title))


def _title_of(doctree: nodes.document, identifier: str) -> nodes.Element | None:
    """Return the title with a formula of the node that has an id, None where there is none."""
    node = doctree.ids.get(identifier)
    title = next((child for child in node.children if isinstance(child, TITLE_LIKE_NODES)), None) if node else None
    return title if title is not None and any("tex" in math for math in title.findall(nodes.math)) else None
