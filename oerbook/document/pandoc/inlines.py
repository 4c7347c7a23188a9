"""Rules for inline nodes: one function for each docutils node, in one table."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.util.tags import Tags

from oerbook.document.context.languages import direction_attributes
from oerbook.document.math.nodes import without_annotation, word_joiners_beside
from oerbook.document.math.titles import tex_of
from oerbook.document.pandoc import images, notes
from oerbook.document.pandoc.page_translator import InlineRule, PageTranslator
from oerbook.document.reading.directives.theorems import PROOF_END_CLASS
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.pandoc_ast import Inline

CHECKBOX_INPUT = re.compile(r"<input[^<>]*type=\"checkbox\"[^<>]*>", re.I)
TALL_FORMULA_PATTERN = re.compile(r"\b(?:frac|mat|limits|root|underbrace|overbrace)\(")
HTML_TAG = re.compile(r"<[^<>]+>")
STYLE_BY_CLASS = {"underline": "Underline", "deleted": "Strikeout", "smallcaps": "SmallCaps"}
CLASSES_KEPT_ON_SPANS = ("guilabel", "menuselection", "accelerator", "mark", "small")


def translate_text(_page: PageTranslator, node: nodes.Text) -> list[Inline]:
    """Translate plain text."""
    return pandoc_ast.text_inlines(node.astext())


def make_style_rule(kind: str) -> InlineRule:
    """Return the rule for a node that becomes a pandoc element (Emph, Strong …)."""

    def rule(page: PageTranslator, node: Any) -> list[Inline]:
        return page.with_inline_ids(node, [pandoc_ast.inline(kind, page.inlines(node.children))])

    return rule


def translate_styled_inline(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a span of text with its classes."""
    content = page.inlines(node.children)
    classes = node.get("classes", [])
    if PROOF_END_CLASS in classes:
        return _proof_end(page, content)
    for name in classes:
        if name in STYLE_BY_CLASS:
            return page.with_inline_ids(node, [pandoc_ast.inline(STYLE_BY_CLASS[name], content)])
    language = direction_attributes(classes)
    if language and not page.is_typst:
        content = [pandoc_ast.span(content, **language)]
    span_classes = [name for name in classes if name in CLASSES_KEPT_ON_SPANS]
    if page.target == "docx":
        span_classes = [name for name in span_classes if name == "mark"]
    if span_classes:
        content = [pandoc_ast.span(content, "", span_classes)]
    return page.with_inline_ids(node, content)


def _proof_end(page: PageTranslator, square: list[Inline]) -> list[Inline]:
    """Return the square at the end of a proof; it stands at the end of its line."""
    if page.is_typst:  # the empty box keeps the space before the square if the square begins a line
        return [{"t": "Space"}, pandoc_ast.raw_inline("typst", "#box();#sym.wj;#h(1fr);#sym.wj;"), *square]
    if page.target == "docx":
        return [pandoc_ast.raw_inline("openxml", "<w:r><w:tab/></w:r>"), *square]
    return [{"t": "Space"}, pandoc_ast.span(square, "", [PROOF_END_CLASS])]


def translate_literal(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate inline code and keyboard input."""
    classes = ["kbd"] if "kbd" in node.get("classes", ()) else []
    return page.with_inline_ids(node, [pandoc_ast.code(node.astext(), classes)])


def translate_inline_math(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate an inline formula."""
    formula = page.context.convert_formula(tex_of(node), False)
    if page.target == "epub" and formula.mathml:
        mathml = without_annotation(formula.mathml) if node.get("tex") else formula.mathml
        before, after = word_joiners_beside(node)
        bound = f'<span class="math">{before}{mathml}{after}</span>' if before or after else mathml
        return [pandoc_ast.raw_inline("html", bound)]
    if page.is_typst and formula.typst:
        call = f"#oer-math({pandoc_ast.typst_string(formula.alt)})"
        # Typst lets a tall formula stand out of its line, into the line above.
        body = (
            f"[#box(inset: (y: 0.28em))[${formula.typst}$]]"
            if TALL_FORMULA_PATTERN.search(formula.typst)
            else f"[${formula.typst}$]"
        )
        return [pandoc_ast.raw_inline("typst", call + body)]
    if page.target == "docx" and formula.omml:
        return [pandoc_ast.raw_inline("openxml", formula.omml)]
    return [pandoc_ast.code(tex_of(node), ["tex"])]


def translate_reference(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a link: to an anchor inside the book, or to an external URL."""
    content = page.inlines(node.children)
    if not content:
        return page.with_inline_ids(node, [])
    target = _link_target(page, node)
    before, content, after = _without_outer_spaces(content)
    if target and content and not _contains_link(content):
        classes = ["button"] if "sd-btn" in node.get("classes", ()) else []
        content = [pandoc_ast.link(content, target, node.get("reftitle", ""), classes)]
    return page.with_inline_ids(node, [*before, *content, *after])


def _without_outer_spaces(content: list[Inline]) -> tuple[list[Inline], list[Inline], list[Inline]]:
    """Return the spaces before, the words, the spaces after: a link does not underline a space at its edge."""
    words = [index for index, inline in enumerate(content) if inline["t"] not in ("Space", "SoftBreak")]
    first, last = (words[0], words[-1] + 1) if words else (len(content), len(content))
    return content[:first], content[first:last], content[last:]


def _contains_link(content: Any) -> bool:
    if isinstance(content, dict):
        return content.get("t") in ("Link", "Note") or _contains_link(content.get("c"))
    return isinstance(content, list) and any(map(_contains_link, content))


def _link_target(page: PageTranslator, node: Any) -> str:
    if node.get("refid"):
        return "#" + page.anchor(node["refid"])
    uri = str(node.get("refuri", ""))
    inside = page.context.resolve_link(uri) if uri else None
    if inside is not None:
        return "#" + book_anchor(*inside)
    if re.match(r"(https?|mailto|ftp|tel|doi):", uri, re.I):
        return uri.replace(" ", "%20")
    return ""


def translate_citation_reference(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a reference to a reStructuredText citation."""
    target = "#" + page.anchor(node["refid"]) if node.get("refid") else ""
    content = pandoc_ast.text_inlines(f"[{node.astext()}]")
    return [pandoc_ast.link(content, target)] if target else content


def translate_inline_image(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate an image in a line of text."""
    return images.translate_image(page, node)


def translate_inline_target(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate a link target."""
    return page.with_inline_ids(node, page.inlines(node.children))


def translate_inline_raw(_page: PageTranslator, node: Any) -> list[Inline]:
    """Translate raw HTML: line breaks, task list boxes, text. Drop other formats."""
    if "html" not in node.get("format", "").split():
        return []
    markup = node.astext().strip()
    if re.fullmatch(r"<br ?/?>", markup):
        return [{"t": "LineBreak"}]
    if CHECKBOX_INPUT.search(markup):
        return [*pandoc_ast.text_inlines("☑" if "checked" in markup else "☐"), {"t": "Space"}]
    if markup.startswith(("<svg", '<span class="sd-material')):
        return []
    plain = HTML_TAG.sub("", markup)
    return pandoc_ast.text_inlines(plain) if plain.strip() else []


def drop_inline_node(_page: PageTranslator, _node: Any) -> list[Inline]:
    """Return nothing: the node contains no text of the book."""
    return []


def translate_line_break(_page: PageTranslator, _node: Any) -> list[Inline]:
    """Translate a line break."""
    return [{"t": "LineBreak"}]


def translate_inline_children(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate the children of a node that has no style of its own in pandoc."""
    return page.with_inline_ids(node, page.inlines(node.children))


def translate_inline_only(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate the children of `{only}` if its expression holds for the target."""
    return page.inlines(node.children) if is_only_expression_true(page, node["expr"]) else []


def is_only_expression_true(page: PageTranslator, expression: str) -> bool:
    """Return whether an `{only}` expression holds for the target; an invalid one does."""
    try:
        return bool(Tags(sorted(page.context.tags)).eval_condition(expression))
    except Exception:  # noqa: BLE001 - Jinja's parser raises its own errors, or recurses too deeply
        return True


INLINE_RULES: dict[str, InlineRule] = {
    "Text": translate_text,
    "emphasis": make_style_rule("Emph"),
    "strong": make_style_rule("Strong"),
    "subscript": make_style_rule("Subscript"),
    "superscript": make_style_rule("Superscript"),
    "literal_emphasis": make_style_rule("Emph"),
    "literal_strong": make_style_rule("Strong"),
    "title_reference": make_style_rule("Emph"),
    "literal": translate_literal,
    "inline": translate_styled_inline,
    "generated": translate_styled_inline,
    "problematic": translate_styled_inline,
    "abbreviation": translate_inline_children,
    "acronym": translate_inline_children,
    "manpage": make_style_rule("Emph"),
    "math": translate_inline_math,
    "reference": translate_reference,
    "number_reference": translate_reference,
    "download_reference": translate_styled_inline,
    "pending_xref": translate_inline_children,
    "footnote_reference": notes.translate_footnote_reference,
    "citation_reference": translate_citation_reference,
    "image": translate_inline_image,
    "target": translate_inline_target,
    "index": drop_inline_node,
    "raw": translate_inline_raw,
    "comment": drop_inline_node,
    "only": translate_inline_only,
    "system_message": drop_inline_node,
    "substitution_definition": drop_inline_node,
    "sd_badge": translate_inline_children,
    "sd_line_break": translate_line_break,
    "sd_icon": drop_inline_node,
    "fontawesome": drop_inline_node,
    "desc_name": translate_inline_children,
    "desc_addname": translate_inline_children,
    "desc_annotation": translate_inline_children,
    "desc_sig_space": translate_inline_children,
    "desc_sig_name": translate_inline_children,
    "desc_sig_operator": translate_inline_children,
    "desc_sig_punctuation": translate_inline_children,
    "desc_sig_keyword": translate_inline_children,
    "desc_sig_keyword_type": translate_inline_children,
    "desc_sig_literal_number": translate_inline_children,
    "desc_sig_literal_string": translate_inline_children,
    "desc_sig_literal_char": translate_inline_children,
    "desc_type": translate_inline_children,
    "desc_returns": translate_inline_children,
    "paragraph": translate_inline_children,
    "compact_paragraph": translate_inline_children,
    "rubric": translate_inline_children,
    "term": translate_inline_children,
    "classifier": translate_inline_children,
    "label": translate_inline_children,
    "caption": translate_inline_children,
    "PassthroughTextElement": translate_inline_children,
    "productionlist": translate_literal,
}
