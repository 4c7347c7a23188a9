"""Rules for lists."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block, Inline

PANDOC_NUMBER_STYLES = {
    "arabic": "Decimal",
    "loweralpha": "LowerAlpha",
    "upperalpha": "UpperAlpha",
    "lowerroman": "LowerRoman",
    "upperroman": "UpperRoman",
}
PARENTHESIZED_LIST_CLASSES = ("in-parentheses", "before-parenthesis")


def translate_bullet_list(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a bulleted list."""
    return page.with_ids(node, [{"t": "BulletList", "c": _items(page, node)}])


def translate_enumerated_list(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a numbered list with its style and first number."""
    style = PANDOC_NUMBER_STYLES.get(str(node.get("enumtype", "arabic")), "Decimal")
    delimiter = {")": "OneParen", ".": "Period"}.get(str(node.get("suffix", ".")), "Period")
    delimiter = "TwoParens" if node.get("prefix") == "(" else delimiter
    attributes = [int(node.get("start", 1)), {"t": style}, {"t": delimiter}]
    result: list[Block] = [{"t": "OrderedList", "c": [attributes, _items(page, node)]}]
    classes = [name for name in node.get("classes", ()) if name in PARENTHESIZED_LIST_CLASSES]
    if classes and page.target == "epub":  # HTML has no punctuation of markers but by a style sheet
        result = [pandoc_ast.div(result, "", [*classes, str(node["enumtype"])])]
    return page.with_ids(node, result)


def translate_definition_list(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a definition list; several terms of one definition share a line."""
    items = []
    for item in node.children:
        terms = _terms(page, item)
        bodies = [page.blocks(child.children) for child in item.children if isinstance(child, nodes.definition)]
        items.append([terms, bodies or [[]]])
    return page.with_ids(node, [{"t": "DefinitionList", "c": items}])


def translate_field_list(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a field list to a definition list."""
    items = []
    for field in node.children:
        name, body = field.children[0], field.children[-1]
        items.append([page.inlines(name.children), [page.blocks(body.children)]])
    return page.with_ids(node, [{"t": "DefinitionList", "c": items}])


def translate_option_list(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a list of command line options to a definition list."""
    items = []
    for item in node.children:
        group, description = item.children[0], item.children[-1]
        names = ", ".join(option.astext() for option in group.children)
        items.append([[pandoc_ast.code(names)], [page.blocks(description.children)]])
    return page.with_ids(node, [{"t": "DefinitionList", "c": items}])


def _items(page: PageTranslator, node: Any) -> list[list[Block]]:
    """Return a list's items; it is tight if no item has more than one paragraph."""
    tight = all(len([c for c in item.children if isinstance(c, nodes.paragraph)]) <= 1 for item in node.children)
    return [_item(page, item, tight) for item in node.children]


def _item(page: PageTranslator, item: Any, tight: bool) -> list[Block]:
    content = page.with_ids(item, page.blocks(item.children))
    if not tight:
        return content
    return [{"t": "Plain", "c": block["c"]} if block["t"] == "Para" else block for block in content]


def _terms(page: PageTranslator, item: Any) -> list[Inline]:
    result: list[Inline] = []
    for term in item.children:
        if isinstance(term, nodes.term):
            result += pandoc_ast.text_inlines(" / ") if result else []
            result += page.with_inline_ids(term, page.inlines(term.children))
    for classifier in item.children:
        if isinstance(classifier, nodes.classifier):
            result += [*pandoc_ast.text_inlines(" : "), pandoc_ast.inline("Emph", page.inlines(classifier.children))]
    return page.with_inline_ids(item, result)
