"""From a resolved page to pandoc blocks, for one target at a time.

For Typst the translator calls functions that the theme's template defines: `#oer-box(kind)[title][body]`,
`#oer-figure(kind: …, breakable: …)[body][caption]`, `#oer-image(file, alt: …, width: …, height: …, zoom: …)`,
`#oer-math(alt)[$…$]`, `#oer-equation(alt, number)[$ … $]`, `#oer-index-entry(level, term, label, …)`, `#oer-citation[…]`.
In EPUB the same things are divisions with the classes box and its kind, box-title, figure, caption, equation, eqno,
number, citation, citation-label, rubric, cell.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.blocks import blocks
from oerbook.document.context import Context, Page, Translation


def translate(doctree: nodes.document, context: Context) -> Translation:
    """Return a page as pandoc blocks for the context's target."""
    page = Page(context, footnotes=_footnotes(doctree))
    content = blocks(page, _notes_last(doctree))
    return Translation(content, tuple(page.findings))


def _footnotes(doctree: nodes.document) -> dict[str, nodes.footnote]:
    """Return the notes of a page by each of their ids."""
    return {identifier: note for note in doctree.findall(nodes.footnote) for identifier in note["ids"]}


def _notes_last(doctree: nodes.document) -> list[Any]:
    """Return a page's children with notes behind the text, so that it is known which were printed."""
    notes = [child for child in doctree.children if isinstance(child, nodes.footnote)]
    return [child for child in doctree.children if child not in notes] + notes
