"""Lists of every kind."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.pandoc.page_context import Block, Page
from oerbook.manuscript import pandoc_ast

STYLES = {
    "arabic": "Decimal",
    "loweralpha": "LowerAlpha",
    "upperalpha": "UpperAlpha",
    "lowerroman": "LowerRoman",
    "upperroman": "UpperRoman",
}


def _blocks(page: Page, children: Any) -> list[Block]:
    from oerbook.document.pandoc.blocks import blocks

    return blocks(page, children)


def _anchored(page: Page, node: Any, content: list[Block]) -> list[Block]:
    from oerbook.document.pandoc.blocks import with_ids

    return with_ids(page, node, content)


def _inlines(page: Page, children: Any) -> list[dict[str, Any]]:
    from oerbook.document.pandoc.inlines import inlines

    return inlines(page, children)


def _item(page: Page, item: Any, tight: bool) -> list[Block]:
    """Return a list item; in a list without loose paragraphs they are set tight."""
    content = _anchored(page, item, _blocks(page, item.children))
    if tight:
        content = [{"t": "Plain", "c": block["c"]} if block["t"] == "Para" else block for block in content]
    return content


def _tight(node: Any) -> bool:
    return all(len([c for c in item.children if isinstance(c, nodes.paragraph)]) <= 1 for item in node.children)


def bullets(page: Page, node: Any) -> list[Block]:
    """Return a bulleted list."""
    tight = _tight(node)
    return _anchored(page, node, [{"t": "BulletList", "c": [_item(page, item, tight) for item in node.children]}])


def numbered(page: Page, node: Any) -> list[Block]:
    """Return a numbered list with its style and first number."""
    style = STYLES.get(str(node.get("enumtype", "arabic")), "Decimal")
    closing = {")": "OneParen", ".": "Period"}.get(str(node.get("suffix", ".")), "Period")
    closing = "TwoParens" if node.get("prefix") == "(" else closing
    tight = _tight(node)
    head = [int(node.get("start", 1)), {"t": style}, {"t": closing}]
    return _anchored(page, node, [{"t": "OrderedList", "c": [head, [_item(page, i, tight) for i in node.children]]}])


def definitions(page: Page, node: Any) -> list[Block]:
    """Return terms with their definitions; several terms of one definition stand in one line."""
    items = []
    for item in node.children:
        terms = [child for child in item.children if isinstance(child, nodes.term)]
        words: list[dict[str, Any]] = []
        for term in terms:
            words += pandoc_ast.words(" / ") if words else []
            words += _term(page, term)
        for kind in (child for child in item.children if isinstance(child, nodes.classifier)):
            words += [*pandoc_ast.words(" : "), pandoc_ast.inline("Emph", _inlines(page, kind.children))]
        bodies = [_blocks(page, child.children) for child in item.children if isinstance(child, nodes.definition)]
        items.append([_marked(page, item, words), bodies or [[]]])
    return _anchored(page, node, [{"t": "DefinitionList", "c": items}])


def _marked(page: Page, node: Any, words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from oerbook.document.pandoc.inlines import spots

    return spots(page, node, words)


def _term(page: Page, term: Any) -> list[dict[str, Any]]:
    return _marked(page, term, _inlines(page, term.children))


def fields(page: Page, node: Any) -> list[Block]:
    """Return fields with their values as a list of definitions."""
    items = []
    for field in node.children:
        name, body = field.children[0], field.children[-1]
        items.append([_inlines(page, name.children), [_blocks(page, body.children)]])
    return _anchored(page, node, [{"t": "DefinitionList", "c": items}])


def options(page: Page, node: Any) -> list[Block]:
    """Return a program's options with what they do."""
    items = []
    for item in node.children:
        group, description = item.children[0], item.children[-1]
        names = ", ".join(option.astext() for option in group.children)
        items.append([[pandoc_ast.code(names)], [_blocks(page, description.children)]])
    return _anchored(page, node, [{"t": "DefinitionList", "c": items}])
