"""Rules for footnotes: each format shows the number that the web page shows, and a way back.

In the PDF and the DOCX, the first reference carries the note, which is printed at the foot of its page. In the EPUB,
the notes of a chapter stand at its end.
"""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes

from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block, Inline


def translate_footnote_reference(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a reference; a mark directly behind another is parted from it by a comma."""
    note = page.footnotes.get(node.get("refid", ""))
    siblings = node.parent.children if node.parent is not None else []
    index = next((n for n, sibling in enumerate(siblings) if sibling is node), 0)
    follows = index and isinstance(siblings[index - 1], nodes.footnote_reference)
    comma = [_superscript(",")] if follows else []
    if note is None:
        return [*comma, _superscript(node.astext())]
    if page.target == "epub":
        return [*comma, _epub_reference(page, node)]
    return [*comma, *_note_at_reference(page, node, note)]


def translate_footnote(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a footnote, unless it was printed at the reference to it."""
    if any(identifier in page.printed_note_ids for identifier in node["ids"]):
        return []
    label, content = _label_and_content(page, node)
    if page.target == "epub" and page.note_references.keys() & set(node["ids"]):
        return _epub_note(page, node, label, content)
    mark = pandoc_ast.text_inlines(f"[{label}] ") if label else []
    return page.with_ids(node, _with_prefix(mark, content))


def _superscript(text: str) -> Inline:
    return pandoc_ast.inline("Superscript", pandoc_ast.text_inlines(text))


def _note_at_reference(page: PageTranslator, node: Any, note: Any) -> list[Inline]:
    """Return the note at its first reference, and links to that at later ones."""
    number, anchor = node.astext(), page.anchor(node["refid"])
    if node["refid"] in page.printed_note_ids:
        return [pandoc_ast.link([_superscript(number)], f"#{anchor}")]
    page.printed_note_ids |= set(note["ids"])
    if page.target == "docx" and page.inner_notes is not None:
        page.inner_notes.append(note)
        return [pandoc_ast.span([], anchor), _superscript(number)]
    body = _body(page, note)
    content: list[Inline] = [{"t": "Note", "c": body or [pandoc_ast.para([])]}]
    if page.is_typst:
        before = [pandoc_ast.raw_inline("typst", pandoc_ast.typst_label(anchor))]
        if number.isdecimal():
            before.append(pandoc_ast.raw_inline("typst", f"#counter(footnote).update({int(number) - 1});"))
        return [*before, *content]
    mark = f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference" /></w:rPr><w:t>{html.escape(number)}</w:t></w:r>'
    return [pandoc_ast.span([], anchor), *content, pandoc_ast.raw_inline("openxml", mark)]


def _body(page: PageTranslator, note: Any) -> list[Block]:
    """Return the text of a note; in Word a note has no notes, so those follow in it."""
    if page.target != "docx":
        return _label_and_content(page, note)[1]
    page.inner_notes = []
    _label, body = _label_and_content(page, note)
    while page.inner_notes:
        label, content = _label_and_content(page, page.inner_notes.pop(0))
        body += _with_prefix([_superscript(label), {"t": "Space"}], content)
    page.inner_notes = None
    return body


def _epub_reference(page: PageTranslator, node: Any) -> Inline:
    own = f' id="{page.anchor(node["ids"][0])}"' if node["ids"] else ""
    target = page.anchor(node["refid"])
    attributes = f'href="#{target}" class="footnote-ref" epub:type="noteref" role="doc-noteref"'
    return pandoc_ast.raw_inline("html", f"<a{own} {attributes}>{html.escape(node.astext())}</a>")


def _epub_note(page: PageTranslator, node: Any, label: str, content: list[Block]) -> list[Block]:
    """Return a note with its number, which links back to the first reference, and links to the others."""
    references = next(page.note_references[name] for name in node["ids"] if name in page.note_references)
    back = [_back_link(page, reference, label or "↩") for reference in references[:1]]
    more = [_back_link(page, reference, "↩") for reference in references[1:]]
    prefix = [*back, {"t": "Space"}]
    for link in more:
        prefix += [link, {"t": "Space"}]
    attributes = 'epub:type="footnote" role="doc-footnote"'
    opening = f'<aside id="{page.anchor(node["ids"][0])}" {attributes}>'
    return [
        pandoc_ast.raw_block("html", opening),
        *_with_prefix(prefix, content),
        pandoc_ast.raw_block("html", "</aside>"),
    ]


def _back_link(page: PageTranslator, reference: str, text: str) -> Inline:
    target = page.anchor(reference)
    return pandoc_ast.raw_inline("html", f'<a href="#{target}" class="footnote-back" role="doc-backlink">{text}</a>')


def notes_section(page: PageTranslator, notes: list[Block]) -> list[Block]:
    """Return the notes at the end of a chapter of the EPUB in a section."""
    if page.target != "epub" or not notes or not page.note_references:
        return notes
    opening = '<section class="footnotes" epub:type="footnotes"><hr />'
    return [pandoc_ast.raw_block("html", opening), *notes, pandoc_ast.raw_block("html", "</section>")]


def note_references(doctree: nodes.document) -> dict[str, list[str]]:
    """Return the ids of the references to each footnote, by the footnote's id."""
    references: dict[str, list[str]] = {}
    for reference in doctree.findall(nodes.footnote_reference):
        if reference.get("refid") and reference["ids"]:
            references.setdefault(reference["refid"], []).append(reference["ids"][0])
    return references


def _label_and_content(page: PageTranslator, node: Any) -> tuple[str, list[Block]]:
    label = next((child for child in node.children if isinstance(child, nodes.label)), None)
    content = page.blocks([child for child in node.children if child is not label])
    return label.astext() if label is not None else "", content


def _with_prefix(prefix: list[Inline], content: list[Block]) -> list[Block]:
    """Return blocks with inlines before the words of the first paragraph."""
    if not content or content[0]["t"] not in ("Para", "Plain"):
        return [pandoc_ast.para(prefix), *content] if prefix else content
    return [{"t": "Para", "c": [*prefix, *content[0]["c"]]}, *content[1:]]
