"""Translate images; for Typst to calls, since pandoc's writer drops the alt text."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.document.transforms.images import IMAGE_ROW_CLASS, has_text, shown_images
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.text.translations import translate

MIN_PRINT_DOTS_PER_INCH = 110  # a picture without a width is never printed coarser
DEFAULT_ALT = "Picture without a description"
LENGTH_PATTERN = re.compile(r"^\s*([\d.]+)\s*(px|pt|em|ex|rem|cm|mm|in|pc|%|)\s*$")
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


def translate_image(page: PageTranslator, node: Any) -> list[Inline]:
    """Translate an image; one whose file is missing becomes its alternative text."""
    if _is_for_dark_screens(node):
        return []
    row = count_images_in_row(node)
    name = page.context.copy_image(str(node.get("uri", "")), _width_share(node, row))
    alt = " ".join(str(node.get("alt") or "").split())
    if not name:
        return pandoc_ast.text_inlines(alt or str(node.get("uri", "")))
    if page.is_typst:
        call = typst_image_call(name, alt or translate(page.context.language, DEFAULT_ALT), node)
        return page.with_inline_ids(node, [pandoc_ast.raw_inline("typst", call)])
    attributes = pandoc_ast.attributes("", [], **_sizes(node, row))
    return page.with_inline_ids(node, [{"t": "Image", "c": [attributes, pandoc_ast.text_inlines(alt), [name, ""]]}])


def translate_image_row(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a paragraph of several images and no words; in Typst a grid, up to three side by side."""
    columns = round(1 / _row_share(len(shown_images(node))))
    cells: list[Inline] = []
    for child in node.children:
        if not isinstance(child, nodes.Text) and (content := page.inlines([child])):
            cells += [pandoc_ast.raw_inline("typst", "["), *content, pandoc_ast.raw_inline("typst", "], ")]
    options = f"columns: (1fr,) * {columns}, column-gutter: 1em, row-gutter: 1em, align: horizon"
    grid = [pandoc_ast.raw_inline("typst", f"#grid({options}, "), *cells, pandoc_ast.raw_inline("typst", ");")]
    return page.with_ids(node, [{"t": "Plain", "c": grid}])


def count_images_in_row(node: Any) -> int:
    """Return the number of images that stand side by side with this one, in a paragraph without words."""
    paragraph = node.parent.parent if isinstance(node.parent, nodes.reference) else node.parent
    if not isinstance(paragraph, nodes.paragraph) or IMAGE_ROW_CLASS not in paragraph.get("classes", ()):
        return 1
    return max(1, len(shown_images(paragraph)))


def _row_share(row: int) -> float:
    """Return the share of a line that each image of a row has: up to three stand side by side."""
    return {1: 1.0, 2: 0.48, 4: 0.48}.get(row, 0.32)


def _width_share(node: Any, row: int) -> float:
    """Return the share of the text's width that an image fills at most."""
    match = LENGTH_PATTERN.match(str(node.get("width") or ""))
    share = min(1.0, float(match[1]) / 100) if match and match[2] == "%" else 1.0
    return max(0.1, share * _row_share(row))


def _is_for_dark_screens(node: Any) -> bool:
    """Return whether an image is the dark one of a pair (`only-dark` and `only-light`)."""
    if "only-dark" not in node.get("classes", ()):
        return False
    document: Any = node.document
    return document is None or any("only-light" in n.get("classes", ()) for n in document.findall(nodes.image))


def _natural_width_pt(node: Any) -> float:
    """Return the width of a raster image in print that has no width of its own, 0 if unknown."""
    width, _height = node.get("pixels") or (0, 0)
    if str(node.get("uri", "")).lower().endswith(".svg") or not width:
        return 0.0
    return float(width) * 72 / MIN_PRINT_DOTS_PER_INCH * int(node.get("scale") or 100) / 100


def _sizes(node: Any, row: int = 1) -> dict[str, str]:
    sizes = {key: size for key in ("width", "height") if (size := to_html_length(str(node.get(key) or "")))}
    if not sizes and node.get("scale") and int(node["scale"]) != 100:
        sizes["width"] = f"{min(100, int(node['scale']))}%"
    if not sizes and row > 1:
        sizes["width"] = f"{_row_share(row):.0%}"
    return sizes


def to_html_length(text: str) -> str:
    """Return a length that pandoc reads, or "".

    >>> to_html_length("300"), to_html_length("60%"), to_html_length("large")
    ('300px', '60%', '')
    """
    match = LENGTH_PATTERN.match(text)
    if not match:
        return ""
    return f"{match[1]}{match[2] or 'px'}"


def to_typst_length(text: str) -> str:
    """Return a length in Typst's syntax, or "".

    >>> to_typst_length("300px"), to_typst_length("60%"), to_typst_length("2em")
    ('225pt', '60%', '2em')
    """
    match = LENGTH_PATTERN.match(text)
    if not match:
        return ""
    number, unit = float(match[1]), match[2]
    if unit in ("%", "em"):
        return f"{number:g}{unit}"
    return f"{number * POINTS_PER_UNIT[unit]:g}pt"


def typst_image_call(name: str, alt: str, node: Any) -> str:
    """Return the Typst call for an image; `#oer-image` limits it to the page."""
    arguments = [pandoc_ast.typst_string(name), f"alt: {pandoc_ast.typst_string(alt)}"]
    for key in ("width", "height"):
        if size := to_typst_length(str(node.get(key) or "")):
            arguments.append(f"{key}: {size}")
    if node.get("scale") and not node.get("width"):
        arguments.append(f"zoom: {int(node['scale'])}%")
    if (
        not _is_in_line(node)
        and not node.get("width")
        and not node.get("height")
        and (width := _natural_width_pt(node))
    ):
        arguments = [*arguments[:2], f"width: {width:.1f}pt"]
    call = "oer-inline-image" if _is_in_line(node) else "oer-image"
    return f"#{call}({', '.join(arguments)})"


def _is_in_line(node: Any) -> bool:
    """Return whether an image is part of a line of text."""
    parent = node.parent.parent if isinstance(node.parent, nodes.reference) else node.parent
    if not isinstance(parent, nodes.TextElement):
        return False
    return any(has_text(child) for child in parent.children if child not in (node, node.parent))
