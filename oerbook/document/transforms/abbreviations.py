"""Mark the abbreviations that front matter explains in the text of a page."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.context.line_numbers import ancestors

SKIPPED_NODES = (
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.raw,
    nodes.abbreviation,
    nodes.reference,
    nodes.title,
)


def mark_abbreviations(app: Sphinx, doctree: nodes.document) -> None:
    """Turn each whole word that is a defined abbreviation into an abbreviation node.

    Definitions of a page override those of the book; longer abbreviations win over shorter ones.
    """
    context = context_of(app)
    page = context.pages.get(app.env.current_document.docname)
    here = doctree.attributes.pop("abbreviations", {})  # from the text of the page
    defined = {**dict(context.book.abbreviations), **(dict(page.abbreviations) if page else {}), **here}
    explanations = {name: text for name, text in defined.items() if name.strip() and text.strip()}
    if not explanations:
        return
    longest_first = sorted(explanations, key=lambda name: (-len(name), name))
    pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
    for text in list(doctree.findall(nodes.Text)):
        parent: Any = text.parent
        if isinstance(parent, nodes.FixedTextElement) or any(isinstance(a, SKIPPED_NODES) for a in ancestors(text)):
            continue
        parts = pattern.split(text.astext())
        if len(parts) > 1:
            parent.replace(text, [_to_node(part, explanations) for part in parts if part])


def _to_node(part: str, explanations: dict[str, str]) -> nodes.Node:
    if part in explanations:
        return nodes.abbreviation("", part, explanation=explanations[part])
    return nodes.Text(part)
