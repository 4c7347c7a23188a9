"""Inline nodes to pandoc inlines: one small function a node, in one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from docutils import nodes

from oerbook.document.context.languages import spoken
from oerbook.document.pandoc import images
from oerbook.document.pandoc.page_context import Inline, Page
from oerbook.document.pandoc.unsupported import unmapped
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import anchor

Rule = Callable[[Page, Any], list[Inline]]
CHECKBOX = re.compile(r"<input[^<>]*type=\"checkbox\"[^<>]*>", re.I)
TAGS = re.compile(r"<[^<>]+>")


def inlines(page: Page, children: Iterable[nodes.Node]) -> list[Inline]:
    """Return nodes as inlines, in order; nothing is left out."""
    pending = list(children)
    found: list[Inline] = []
    while pending:
        node: Any = pending.pop(0)
        if _raw_html(node) == "<s>":
            inside = []
            while pending and _raw_html(pending[0]) != "</s>":
                inside.append(pending.pop(0))
            pending = pending[1:]
            found.append(pandoc_ast.inline("Strikeout", inlines(page, inside)))
            continue
        found += one(page, node)
    return found


def one(page: Page, node: Any) -> list[Inline]:
    """Return one node as inlines."""
    rule = INLINES.get(type(node).__name__)
    if rule is not None:
        return rule(page, node)
    if isinstance(node, nodes.Inline | nodes.TextElement) or not node.children:
        return unmapped(page, node, inlines)
    return _flattened(page, node)


def _raw_html(node: Any) -> str:
    return node.astext().strip() if isinstance(node, nodes.raw) and "html" in node.get("format", "") else ""


def _flattened(page: Page, node: Any) -> list[Inline]:
    """Return the inlines inside a block that stands where only inlines can."""
    found: list[Inline] = []
    for child in node.children:
        found += [{"t": "Space"}] if found else []
        found += one(page, child)
    return found


def text(_page: Page, node: nodes.Text) -> list[Inline]:
    """Return plain text."""
    return pandoc_ast.words(node.astext())


def styled(kind: str) -> Rule:
    """Return the rule for a style that pandoc has an element for."""

    def rule(page: Page, node: Any) -> list[Inline]:
        return spots(page, node, [pandoc_ast.inline(kind, inlines(page, node.children))])

    return rule


CLASSES = {"underline": "Underline", "deleted": "Strikeout", "smallcaps": "SmallCaps"}


def general(page: Page, node: Any) -> list[Inline]:
    """Return a run of text with its classes."""
    content = inlines(page, node.children)
    for name in node.get("classes", ()):
        if name in CLASSES:
            return spots(page, node, [pandoc_ast.inline(CLASSES[name], content)])
    kept = [
        name
        for name in node.get("classes", ())
        if name in ("guilabel", "menuselection", "accelerator", "mark", "small")
    ]
    said = spoken(node.get("classes", []))
    if said and not page.typst:
        content = [pandoc_ast.span(content, **said)]
    if kept and page.target != "docx":
        content = [pandoc_ast.span(content, "", kept)]
    return spots(page, node, content)


def spots(page: Page, node: Any, content: list[Inline]) -> list[Inline]:
    """Put a node's ids in front of its content, as places to link to."""
    ids = [page.anchor(identifier) for identifier in node.get("ids", ())]
    if page.typst:
        return [*(pandoc_ast.raw("typst", pandoc_ast.label(identifier)) for identifier in ids), *content]
    for identifier in ids:
        content = [pandoc_ast.span(content, identifier)]
    return content


def literal(page: Page, node: Any) -> list[Inline]:
    """Return code or keys as they are typed."""
    return spots(page, node, [pandoc_ast.code(node.astext(), ["kbd"] if "kbd" in node.get("classes", ()) else [])])


def mathematics(page: Page, node: Any) -> list[Inline]:
    """Return an inline formula."""
    formula = page.context.math(node.astext(), False)
    if page.target == "epub" and formula.mathml:
        return [pandoc_ast.raw("html", formula.mathml)]
    if page.typst and formula.typst:
        return [pandoc_ast.raw("typst", f"#oer-math({pandoc_ast.quoted(formula.alt)})[${formula.typst}$]")]
    if page.target == "docx" and not formula.problem:
        return [{"t": "Math", "c": [{"t": "InlineMath"}, formula.docx_tex]}]
    return [pandoc_ast.code(node.astext(), ["tex"])]


def reference(page: Page, node: Any) -> list[Inline]:
    """Return a link: inside the book to its place, outside to its address."""
    content = inlines(page, node.children)
    if not content:
        return spots(page, node, [])
    target = _target(page, node)
    classes = ["button"] if "sd-btn" in node.get("classes", ()) else []
    linked = [pandoc_ast.link(content, target, node.get("reftitle", ""), classes)] if target else content
    if _holds_link(content):
        linked = content
    return spots(page, node, linked)


def _holds_link(content: Any) -> bool:
    if isinstance(content, dict):
        return content.get("t") in ("Link", "Note") or _holds_link(content.get("c"))
    return isinstance(content, list) and any(map(_holds_link, content))


def _target(page: Page, node: Any) -> str:
    if node.get("refid"):
        return "#" + page.anchor(node["refid"])
    uri = str(node.get("refuri", ""))
    inside = page.context.fold(uri) if uri else None
    if inside is not None:
        return "#" + anchor(*inside)
    if re.match(r"(https?|mailto|ftp|tel|doi):", uri, re.I):
        return uri.replace(" ", "%20")
    return ""


def footnote_reference(page: Page, node: Any) -> list[Inline]:
    """Return a note at its first mention, and a link to the note at later ones."""
    identifier = node.get("refid", "")
    note = page.footnotes.get(identifier)
    mark = node.astext()
    if note is None:
        return [pandoc_ast.inline("Superscript", pandoc_ast.words(mark))]
    if identifier in page.noted:
        shown = pandoc_ast.inline("Superscript", pandoc_ast.words(mark))
        return [shown] if page.typst else [pandoc_ast.link([shown], "#" + page.anchor(identifier))]
    page.noted.add(identifier)
    from oerbook.document.pandoc.blocks import blocks

    body = blocks(page, [child for child in note.children if not isinstance(child, nodes.label)])
    here = [] if page.typst else [pandoc_ast.span([], page.anchor(identifier))]
    return [*here, {"t": "Note", "c": body or [pandoc_ast.para([])]}]


def citation_reference(page: Page, node: Any) -> list[Inline]:
    """Return a reference to a work cited in the manner of reStructuredText."""
    target = "#" + page.anchor(node["refid"]) if node.get("refid") else ""
    content = pandoc_ast.words(f"[{node.astext()}]")
    return [pandoc_ast.link(content, target)] if target else content


def picture(page: Page, node: Any) -> list[Inline]:
    """Return a picture in a line of text."""
    return images.inline(page, node)


def target(page: Page, node: Any) -> list[Inline]:
    """Return a place to link to."""
    return spots(page, node, inlines(page, node.children))


def raw(page: Page, node: Any) -> list[Inline]:
    """Return what raw markup means: a line break, a box to tick; other formats' markup concerns only them."""
    if "html" not in node.get("format", "").split():
        return []
    markup = node.astext().strip()
    if re.fullmatch(r"<br ?/?>", markup):
        return [{"t": "LineBreak"}]
    if CHECKBOX.search(markup):
        return [*pandoc_ast.words("☑" if "checked" in markup else "☐"), {"t": "Space"}]
    if markup.startswith(("<svg", '<span class="sd-material')):
        return []
    return pandoc_ast.words(TAGS.sub("", markup)) if TAGS.sub("", markup).strip() else []


def nothing(_page: Page, _node: Any) -> list[Inline]:
    """Return nothing: the node holds no words of the book."""
    return []


def line_break(_page: Page, _node: Any) -> list[Inline]:
    """Return a line break."""
    return [{"t": "LineBreak"}]


def marked(page: Page, node: Any) -> list[Inline]:
    """Return words set apart in an index or a signature."""
    return spots(page, node, inlines(page, node.children))


def only(page: Page, node: Any) -> list[Inline]:
    """Return what is meant for this target alone."""
    return inlines(page, node.children) if wanted(page, node["expr"]) else []


def wanted(page: Page, expression: str) -> bool:
    """Say whether an `{only}` expression holds for the target."""
    from sphinx.util.tags import Tags

    try:
        return bool(Tags(sorted(page.context.tags)).eval_condition(expression))
    except ValueError:
        return True


INLINES: dict[str, Rule] = {
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
