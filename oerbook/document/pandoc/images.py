"""Translate images; for Typst to calls, since pandoc's writer drops the alt text."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from oerbook.document.pandoc.walker import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Inline

DEFAULT_ALT = "Picture without a description"
LENGTH = re.compile(r"^\s*([\d.]+)\s*(px|pt|em|ex|rem|cm|mm|in|pc|%|)\s*$")
POINTS_PER_UNIT = {
    "px": 0.75,
    "": 0.75,
    "pt": 1.0,
    "cm": 28.3465,
    "mm": 2.83465,
    "in": 72.0,
    "pc": 12.0,
    "ex": 5.0,
    "rem": 12.0,
}


def image(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate an image; one whose file is missing becomes its alternative text."""
    name = page.context.copy_image(str(node.get("uri", "")))
    alt = " ".join(str(node.get("alt") or "").split())
    if not name:
        return pandoc_ast.text_inlines(alt or str(node.get("uri", "")))
    if page.typst:
        return page.with_inline_ids(node, [pandoc_ast.raw_inline("typst", typst_image(name, alt, node))])
    attributes = pandoc_ast.attributes("", [], **_sizes(node))
    return page.with_inline_ids(node, [{"t": "Image", "c": [attributes, pandoc_ast.text_inlines(alt), [name, ""]]}])


def _sizes(node: Any) -> dict[str, str]:
    sizes = {key: size for key in ("width", "height") if (size := html_length(str(node.get(key) or "")))}
    if not sizes and node.get("scale") and int(node["scale"]) != 100:
        sizes["width"] = f"{min(100, int(node['scale']))}%"
    return sizes


def html_length(text: str) -> str:
    """Return a length that pandoc reads, or "".

    >>> html_length("300"), html_length("60%"), html_length("large")
    ('300px', '60%', '')
    """
    match = LENGTH.match(text)
    if not match:
        return ""
    return f"{match[1]}{match[2] or 'px'}"


def typst_length(text: str) -> str:
    """Return a length in Typst's syntax, or "".

    >>> typst_length("300px"), typst_length("60%"), typst_length("2em")
    ('225pt', '60%', '2em')
    """
    match = LENGTH.match(text)
    if not match:
        return ""
    number, unit = float(match[1]), match[2]
    if unit in ("%", "em"):
        return f"{number:g}{unit}"
    return f"{number * POINTS_PER_UNIT[unit]:g}pt"


def typst_image(name: str, alt: str, node: Any) -> str:
    """Return the Typst call for an image; `#oer-image` limits it to the page."""
    arguments = [pandoc_ast.typst_string(name), f"alt: {pandoc_ast.typst_string(alt or DEFAULT_ALT)}"]
    for key in ("width", "height"):
        if size := typst_length(str(node.get(key) or "")):
            arguments.append(f"{key}: {size}")
    if node.get("scale") and not node.get("width"):
        arguments.append(f"zoom: {int(node['scale'])}%")
    call = "oer-inline-image" if _is_in_line(node) else "oer-image"
    return f"#{call}({', '.join(arguments)})"


def _is_in_line(node: Any) -> bool:
    """Return whether an image is part of a line of text."""
    parent = node.parent.parent if isinstance(node.parent, nodes.reference) else node.parent
    if not isinstance(parent, nodes.TextElement):
        return False
    return any(child.astext().strip() for child in parent.children if child not in (node, node.parent))
