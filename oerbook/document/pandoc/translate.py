"""Translate a resolved page to pandoc blocks for one target.

For Typst the rules call functions that the theme's template defines: `#oer-box(kind)[title][body]`,
`#oer-figure(kind: …, breakable: …)[body][caption]`, `#oer-image(file, alt: …, width: …, height: …, zoom: …)`,
`#oer-math(alt)[$…$]`, `#oer-equation(alt, number)[$ … $]`, `#oer-index-entry(level, term, label, …)`,
`#oer-citation[…]`, `#oer-media(code: file, alt: …)[…]`, `#oer-landscape[…]`. In EPUB the same
constructs are divs with the classes box and its kind, box-title, figure, caption, equation, eqno, number, citation,
citation-label, rubric, cell, media, media-line.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from oerbook.document.pandoc import notes
from oerbook.document.pandoc.blocks import BLOCK_RULES
from oerbook.document.pandoc.inlines import INLINE_RULES
from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.document.pandoc.translation_context import TranslatedPage, TranslationContext
from oerbook.manuscript.pandoc_ast import Block

TARGETS_WITH_FOOTNOTES = ("typst", "docx")  # targets that print a note at the foot of the page that refers to it
INVISIBLE_NODES = nodes.comment | nodes.target | nodes.substitution_definition | addnodes.index | addnodes.highlightlang


def translate(doctree: nodes.document, context: TranslationContext) -> TranslatedPage:
    """Translate a page to pandoc blocks for the context's target."""
    page = PageTranslator(context, BLOCK_RULES, INLINE_RULES, _footnotes(doctree), notes.note_references(doctree))
    if context.target in TARGETS_WITH_FOOTNOTES:
        page.untitled_section = _notes_section(doctree)
    footnotes = _footnotes_of(doctree)
    content = page.blocks([child for child in doctree.children if child not in footnotes])
    content += notes.notes_section(page, page.blocks(footnotes))  # last: by then the printed ones are known
    return TranslatedPage(_without_redundant_rules(content) if page.is_typst else content, tuple(page.findings))


def _notes_section(doctree: nodes.document) -> nodes.section | None:
    """Return the last section if it has nothing but footnotes that are referred to."""
    section = next(reversed(list(doctree.findall(nodes.section))), None)
    referenced = {reference.get("refid") for reference in doctree.findall(nodes.footnote_reference)}
    footnotes = list(doctree.findall(nodes.footnote))
    if section is None or section.parent is doctree or not footnotes:
        return None
    has_content = any(not isinstance(node, nodes.title | INVISIBLE_NODES) for node in section.children)
    titles = section.findall(nodes.title)
    has_note = any(True for title in titles for _note in title.findall(nodes.footnote_reference))
    return None if has_content or has_note or any(referenced.isdisjoint(note["ids"]) for note in footnotes) else section


def _without_redundant_rules(content: list[Block]) -> list[Block]:
    """Drop horizontal rules at the end and before headings, which need none."""
    result, redundant = [], True
    for block in reversed(content):
        if not (redundant and block["t"] == "HorizontalRule"):
            result.append(block)
        redundant = block["t"] in ("Header", "HorizontalRule") or (redundant and _is_link_target(block))
    return result[::-1]


def _is_link_target(block: Block) -> bool:
    return block["t"] == "RawBlock" or (block["t"] == "Div" and not block["c"][1])


def _footnotes(doctree: nodes.document) -> dict[str, nodes.footnote]:
    """Return the footnotes of a page, under each of their ids."""
    return {identifier: note for note in doctree.findall(nodes.footnote) for identifier in note["ids"]}


def _footnotes_of(doctree: nodes.document) -> list[nodes.Node]:
    return [child for child in doctree.children if isinstance(child, nodes.footnote)]
