"""Pictures as pandoc images, or as Typst calls, since pandoc's Typst writer leaves the description out."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from oerbook.document.pandoc.page_context import Inline, Page
from oerbook.manuscript import pandoc_ast

UNDESCRIBED = "Picture without a description"
LENGTH = re.compile(r"^\s*([\d.]+)\s*(px|pt|em|ex|rem|cm|mm|in|pc|%|)\s*$")
POINTS = {"px": 0.75, "": 0.75, "pt": 1.0, "cm": 28.3465, "mm": 2.83465, "in": 72.0, "pc": 12.0, "ex": 5.0, "rem": 12.0}


def inline(page: Page, node: Any) -> list[Inline]:
    """Return a picture, or its description where there is no file."""
    name = page.context.image(str(node.get("uri", "")))
    alt = " ".join(str(node.get("alt") or "").split())
    if not name:
        return pandoc_ast.words(alt or str(node.get("uri", "")))
    anchors = [page.anchor(identifier) for identifier in node.get("ids", ())]
    if page.typst:
        marks = [pandoc_ast.raw("typst", pandoc_ast.label(identifier)) for identifier in anchors]
        return [*marks, pandoc_ast.raw("typst", typst_call(name, alt, node))]
    pairs = {}
    for key in ("width", "height"):
        if size := html_length(str(node.get(key) or "")):
            pairs[key] = size
    if not pairs and node.get("scale") and int(node["scale"]) != 100:
        pairs["width"] = f"{min(100, int(node['scale']))}%"
    image = {"t": "Image", "c": [pandoc_ast.attributes("", [], **pairs), pandoc_ast.words(alt), [name, ""]]}
    for identifier in anchors:
        image = pandoc_ast.span([image], identifier)
    return [image]


def html_length(text: str) -> str:
    """Return a length that pandoc understands, or "".

    >>> html_length("300"), html_length("60%"), html_length("large")
    ('300px', '60%', '')
    """
    match = LENGTH.match(text)
    if not match:
        return ""
    return f"{match[1]}{match[2] or 'px'}"


def typst_length(text: str) -> str:
    """Return a length as Typst writes it, or "".

    >>> typst_length("300px"), typst_length("60%"), typst_length("2em")
    ('225pt', '60%', '2em')
    """
    match = LENGTH.match(text)
    if not match:
        return ""
    number, unit = float(match[1]), match[2]
    if unit in ("%", "em"):
        return f"{number:g}{unit}"
    return f"{number * POINTS[unit]:g}pt"


def typst_call(name: str, alt: str, node: Any) -> str:
    """Return the Typst call that sets a picture; `#oer-image` keeps it within the page."""
    arguments = [pandoc_ast.quoted(name), f"alt: {pandoc_ast.quoted(alt or UNDESCRIBED)}"]
    for key in ("width", "height"):
        if size := typst_length(str(node.get(key) or "")):
            arguments.append(f"{key}: {size}")
    if node.get("scale") and not node.get("width"):
        arguments.append(f"zoom: {int(node['scale'])}%")
    call = "oer-inline-image" if _in_line(node) else "oer-image"
    return f"#{call}({', '.join(arguments)})"


def _in_line(node: Any) -> bool:
    """Say whether a picture stands in a line of text; that of a figure stands over its caption."""
    inside = node.parent.parent if isinstance(node.parent, nodes.reference) else node.parent
    if not isinstance(inside, nodes.TextElement):
        return False
    return any(child.astext().strip() for child in inside.children if child not in (node, node.parent))
