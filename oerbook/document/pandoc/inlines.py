"""Rules for inline nodes: one function for each docutils node, in one table."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.util.tags import Tags

from oerbook.document.context.languages import spoken
from oerbook.document.pandoc import images
from oerbook.document.pandoc.walker import InlineRule, PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import anchor
from oerbook.manuscript.pandoc_ast import Inline

CHECKBOX = re.compile(r"<input[^<>]*type=\"checkbox\"[^<>]*>", re.I)
TAGS = re.compile(r"<[^<>]+>")
CLASSES = {"underline": "Underline", "deleted": "Strikeout", "smallcaps": "SmallCaps"}
SPAN_CLASSES = ("guilabel", "menuselection", "accelerator", "mark", "small")


def text(_page: PageTranslator, node: nodes.Text) -> list[Inline]:
    """Translate plain text."""
    return pandoc_ast.words(node.astext())


def styled(kind: str) -> InlineRule:
    """Return the rule for a node that becomes a pandoc element (Emph, Strong …)."""

    def rule(page: PageTranslator, node: Any) -> list[Inline]:
        return page.with_inline_ids(node, [pandoc_ast.inline(kind, page.inlines(node.children))])

    return rule


def general(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a span of text with its classes."""
    content = page.inlines(node.children)
    classes = node.get("classes", [])
    for name in classes:
        if name in CLASSES:
            return page.with_inline_ids(node, [pandoc_ast.inline(CLASSES[name], content)])
    language = spoken(classes)
    if language and not page.typst:
        content = [pandoc_ast.span(content, **language)]
    span_classes = [name for name in classes if name in SPAN_CLASSES]
    if span_classes and page.target != "docx":
        content = [pandoc_ast.span(content, "", span_classes)]
    return page.with_inline_ids(node, content)


def literal(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate inline code and keyboard input."""
    classes = ["kbd"] if "kbd" in node.get("classes", ()) else []
    return page.with_inline_ids(node, [pandoc_ast.code(node.astext(), classes)])


def mathematics(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate an inline formula."""
    formula = page.context.math(node.astext(), False)
    if page.target == "epub" and formula.mathml:
        return [pandoc_ast.raw("html", formula.mathml)]
    if page.typst and formula.typst:
        return [pandoc_ast.raw("typst", f"#oer-math({pandoc_ast.quoted(formula.alt)})[${formula.typst}$]")]
    if page.target == "docx" and not formula.problem:
        return [{"t": "Math", "c": [{"t": "InlineMath"}, formula.docx_tex]}]
    return [pandoc_ast.code(node.astext(), ["tex"])]


def reference(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a link: to an anchor inside the book, or to an external URL."""
    content = page.inlines(node.children)
    if not content:
        return page.with_inline_ids(node, [])
    target = _link_target(page, node)
    if target and not _contains_link(content):
        classes = ["button"] if "sd-btn" in node.get("classes", ()) else []
        content = [pandoc_ast.link(content, target, node.get("reftitle", ""), classes)]
    return page.with_inline_ids(node, content)


def _contains_link(content: Any) -> bool:
    if isinstance(content, dict):
        return content.get("t") in ("Link", "Note") or _contains_link(content.get("c"))
    return isinstance(content, list) and any(map(_contains_link, content))


def _link_target(page: PageTranslator, node: Any) -> str:
    if node.get("refid"):
        return "#" + page.anchor(node["refid"])
    uri = str(node.get("refuri", ""))
    inside = page.context.fold(uri) if uri else None
    if inside is not None:
        return "#" + anchor(*inside)
    if re.match(r"(https?|mailto|ftp|tel|doi):", uri, re.I):
        return uri.replace(" ", "%20")
    return ""


def footnote_reference(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a first reference to the footnote itself, later ones to a link to it."""
    identifier = node.get("refid", "")
    note = page.footnotes.get(identifier)
    mark = pandoc_ast.inline("Superscript", pandoc_ast.words(node.astext()))
    if note is None:
        return [mark]
    if identifier in page.printed_notes:
        return [mark] if page.typst else [pandoc_ast.link([mark], "#" + page.anchor(identifier))]
    page.printed_notes.add(identifier)
    body = page.blocks([child for child in note.children if not isinstance(child, nodes.label)])
    link_target = [] if page.typst else [pandoc_ast.span([], page.anchor(identifier))]
    return [*link_target, {"t": "Note", "c": body or [pandoc_ast.para([])]}]


def citation_reference(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a reference to a reStructuredText citation."""
    target = "#" + page.anchor(node["refid"]) if node.get("refid") else ""
    content = pandoc_ast.words(f"[{node.astext()}]")
    return [pandoc_ast.link(content, target)] if target else content


def picture(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate an image in a line of text."""
    return images.inline(page, node)


def target(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a link target."""
    return page.with_inline_ids(node, page.inlines(node.children))


def raw(_page: PageTranslator, node: Any) -> list[Inline]:
    """Translate raw HTML: line breaks, task list boxes, text. Drop other formats."""
    if "html" not in node.get("format", "").split():
        return []
    markup = node.astext().strip()
    if re.fullmatch(r"<br ?/?>", markup):
        return [{"t": "LineBreak"}]
    if CHECKBOX.search(markup):
        return [*pandoc_ast.words("☑" if "checked" in markup else "☐"), {"t": "Space"}]
    if markup.startswith(("<svg", '<span class="sd-material')):
        return []
    plain = TAGS.sub("", markup)
    return pandoc_ast.words(plain) if plain.strip() else []


def nothing(_page: PageTranslator, _node: Any) -> list[Inline]:
    """Return nothing: the node contains no text of the book."""
    return []


def line_break(_page: PageTranslator, _node: Any) -> list[Inline]:
    """Translate a line break."""
    return [{"t": "LineBreak"}]


def marked(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate the children of a node that has no style of its own in pandoc."""
    return page.with_inline_ids(node, page.inlines(node.children))


def only(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate the children of `{only}` if its expression holds for the target."""
    return page.inlines(node.children) if wanted(page, node["expr"]) else []


def wanted(page: PageTranslator, expression: str) -> bool:
    """Return whether an `{only}` expression holds for the target; an invalid one does."""
    try:
        return bool(Tags(sorted(page.context.tags)).eval_condition(expression))
    except ValueError:
        return True


INLINES: dict[str, InlineRule] = {
    "Text": text,
    "emphasis": styled("Emph"),
    "strong": styled("Strong"),
    "subscript": styled("Subscript"),
    "superscript": styled("Superscript"),
    "literal_emphasis": styled("Emph"),
    "literal_strong": styled("Strong"),
    "title_reference": styled("Emph"),
    "literal": literal,
    "inline": general,
    "generated": general,
    "problematic": general,
    "abbreviation": marked,
    "acronym": marked,
    "manpage": styled("Emph"),
    "math": mathematics,
    "reference": reference,
    "number_reference": reference,
    "download_reference": general,
    "pending_xref": marked,
    "footnote_reference": footnote_reference,
    "citation_reference": citation_reference,
    "image": picture,
    "target": target,
    "index": nothing,
    "raw": raw,
    "comment": nothing,
    "only": only,
    "system_message": nothing,
    "substitution_definition": nothing,
    "sd_badge": marked,
    "sd_line_break": line_break,
    "sd_icon": nothing,
    "fontawesome": nothing,
    "desc_name": marked,
    "desc_addname": marked,
    "desc_annotation": marked,
    "desc_sig_space": marked,
    "desc_sig_name": marked,
    "desc_sig_operator": marked,
    "desc_sig_punctuation": marked,
    "desc_sig_keyword": marked,
    "desc_sig_keyword_type": marked,
    "desc_sig_literal_number": marked,
    "desc_sig_literal_string": marked,
    "desc_sig_literal_char": marked,
    "desc_type": marked,
    "desc_returns": marked,
    "paragraph": marked,
    "compact_paragraph": marked,
    "rubric": marked,
    "term": marked,
    "classifier": marked,
    "label": marked,
    "caption": marked,
    "PassthroughTextElement": marked,
    "productionlist": literal,
}
