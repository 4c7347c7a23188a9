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
from sphinx import addnodes

from oerbook.document.pandoc.blocks import blocks
from oerbook.document.pandoc.page_context import Block, Context, Page, Translation

AT_THE_FOOT = ("typst", "docx")  # where notes stand on the page that refers to them
QUIET = nodes.comment | nodes.target | nodes.substitution_definition | addnodes.index | addnodes.highlightlang


def translate(doctree: nodes.document, context: Context) -> Translation:
    """Return a page as pandoc blocks for the context's target."""
    page = Page(context, footnotes=_footnotes(doctree))
    if context.target in AT_THE_FOOT:
        page.unheaded = _emptied(doctree)
    content = blocks(page, _notes_last(doctree))
    return Translation(_without_idle_rules(content) if page.typst else content, tuple(page.findings))


def _emptied(doctree: nodes.document) -> nodes.section | None:
    """Return the last section if it held nothing but notes that the text refers to, which are printed there."""
    section = next(reversed(list(doctree.findall(nodes.section))), None)
    called = {reference.get("refid") for reference in doctree.findall(nodes.footnote_reference)}
    notes = list(doctree.findall(nodes.footnote))
    if section is None or section.parent is doctree or not notes:
        return None
    filled = any(not isinstance(node, nodes.title | QUIET) for node in section.children)
    return None if filled or any(called.isdisjoint(note["ids"]) for note in notes) else section


def _without_idle_rules(content: list[Block]) -> list[Block]:
    """Return blocks without the rules that part nothing: what follows is a heading, which parts by itself, or the end."""
    kept, idle = [], True
    for block in reversed(content):
        if not (idle and block["t"] == "HorizontalRule"):
            kept.append(block)
        idle = block["t"] in ("Header", "HorizontalRule") or (idle and _is_place(block))
    return kept[::-1]


def _footnotes(doctree: nodes.document) -> dict[str, nodes.footnote]:
    """Return the notes of a page by each of their ids."""
    return {identifier: note for note in doctree.findall(nodes.footnote) for identifier in note["ids"]}


def _notes_last(doctree: nodes.document) -> list[Any]:
    """Return a page's children with notes behind the text, so that it is known which were printed."""
    notes = [child for child in doctree.children if isinstance(child, nodes.footnote)]
    return [child for child in doctree.children if child not in notes] + notes


def _is_place(block: Block) -> bool:
    """Say whether a block is nothing but a place to link to."""
    return block["t"] == "RawBlock" or (block["t"] == "Div" and not block["c"][1])
