"""The words of headings, which are repeated in contents and running heads, and their numbers."""

from __future__ import annotations

from typing import Any

from oerbook.document.pandoc.page_context import Page
from oerbook.manuscript import pandoc_ast


def lifted(content: list[Any]) -> tuple[list[Any], list[str]]:
    """Return a heading's words without the places to link to, and those places.

    A heading is repeated in the contents, where a second place of the same name would break EPUB and PDF.
    """
    words: list[Any] = []
    ids: list[str] = []
    for element in content:
        if element["t"] == "RawInline" and element["c"][1].startswith("#[#metadata(none)<"):
            ids.append(element["c"][1].split("<")[1].split(">")[0])
        elif element["t"] == "Span":
            inner, found = lifted(element["c"][1])
            ids += [*([element["c"][0][0]] if element["c"][0][0] else []), *found]
            words += [pandoc_ast.span(inner, "", element["c"][0][1])] if inner and element["c"][0][1] else inner
        elif element["t"] in ("Emph", "Strong", "Strikeout", "Underline", "Superscript", "Subscript", "SmallCaps"):
            inner, found = lifted(element["c"])
            ids += found
            words.append(pandoc_ast.inline(element["t"], inner))
        elif element["t"] == "Link":
            inner, found = lifted(element["c"][1])
            ids += found
            words += inner
        elif element["t"] != "Note":
            words.append(element)
    return words, ids


def numeral(page: Page, number: str) -> list[Any]:
    """Return a heading's number; as a string for Typst, where "1." would begin a list."""
    if page.typst:
        return [pandoc_ast.raw("typst", f"#{pandoc_ast.quoted(number)}")]
    return [pandoc_ast.span(pandoc_ast.words(number), "", ["number"])]
