"""Abbreviations that front matter explains, marked wherever they stand in the text."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import ancestors

LEFT_ALONE = (
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.raw,
    nodes.abbreviation,
    nodes.reference,
    nodes.title,
)


def explain(app: Sphinx, doctree: nodes.document) -> None:
    """Give every whole word that is a known abbreviation its explanation."""
    here = desk()
    page = here.pages.get(app.env.current_document.docname)
    known = {**dict(here.book.abbreviations), **(dict(page.abbreviations) if page else {})}
    known = {name: words for name, words in known.items() if name.strip() and words.strip()}
    if not known:
        return
    longest_first = sorted(known, key=lambda name: (-len(name), name))
    pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
    for text in list(doctree.findall(nodes.Text)):
        parent: Any = text.parent
        if isinstance(parent, nodes.FixedTextElement) or any(isinstance(a, LEFT_ALONE) for a in ancestors(text)):
            continue
        pieces = pattern.split(text.astext())
        if len(pieces) > 1:
            made = [_piece(piece, known) for piece in pieces if piece]
            parent.replace(text, made)


def _piece(piece: str, known: dict[str, str]) -> nodes.Node:
    return nodes.abbreviation("", piece, explanation=known[piece]) if piece in known else nodes.Text(piece)
