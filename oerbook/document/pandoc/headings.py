"""Heading numbers, and inlines that may be repeated in the table of contents."""

from __future__ import annotations

from typing import Any

from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Inline

STYLED_INLINE_KINDS = frozenset({"Emph", "Strong", "Strikeout", "Underline", "Superscript", "Subscript", "SmallCaps"})


def extract_anchors(content: list[Inline]) -> tuple[list[Inline], list[str]]:
    """Return a heading's inlines without links and ids, and those ids.

    A heading is repeated in the table of contents, where a second element with the same id would break EPUB and PDF.
    """
    inlines: list[Inline] = []
    ids: list[str] = []
    for element in content:
        replacement, inner_ids = _lift(element)
        inlines += replacement
        ids += inner_ids
    return inlines, ids


def _lift(element: Inline) -> tuple[list[Inline], list[str]]:
    kind: str = element["t"]
    content: Any = element.get("c")
    if kind == "RawInline" and content[1].startswith("#[#metadata(none)<"):
        return [], [content[1].split("<")[1].split(">")[0]]
    if kind == "Span":
        (identifier, classes, pairs), inner = content
        inlines, ids = extract_anchors(inner)
        if inlines and (classes or pairs):
            inlines = [{"t": "Span", "c": [["", classes, pairs], inlines]}]
        return inlines, [identifier, *ids] if identifier else ids
    if kind in STYLED_INLINE_KINDS:
        inlines, ids = extract_anchors(content)
        return [pandoc_ast.inline(kind, inlines)], ids
    if kind == "Link":
        return extract_anchors(content[1])
    return [element], []


def heading_number_inlines(page: PageTranslator, number: str) -> list[Inline]:
    """Return a heading's number; as a string for Typst, where "1." would begin a list."""
    if page.is_typst:
        return [pandoc_ast.raw_inline("typst", f"#{pandoc_ast.typst_string(number)}")]
    style = {"custom_style": "Section Number"} if page.target == "docx" else {}
    return [pandoc_ast.span(pandoc_ast.text_inlines(number.rstrip(".")), "", ["number"], **style)]
