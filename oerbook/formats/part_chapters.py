"""The chapters that the opening page of a part lists, in EPUB and DOCX. The PDF's template lists them itself."""

from __future__ import annotations

from collections.abc import Sequence

from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.manuscript import Section
from oerbook.manuscript.pandoc_ast import Block, Inline


def with_chapter_lists(sections: Sequence[Section]) -> list[tuple[Section, list[Block], int]]:
    """Return each section with its blocks and the number of its part, 0 outside parts.

    The opening page of a part ends with links to its chapters.
    """
    result, part = [], 0
    for index, section in enumerate(sections):
        part = part + 1 if section.kind == "part" else part
        blocks = list(section.blocks)
        if section.kind == "part":
            blocks += _chapter_list(sections[index + 1 :])
        result.append((section, blocks, part if section.kind in ("part", "chapter") else 0))
    return result


def _chapter_list(following: Sequence[Section]) -> list[Block]:
    """Return the list of the chapters up to the next part."""
    lines: list[Block] = []
    for section in following:
        if section.kind != "chapter":
            break
        title = _title(section)
        lines.append(pandoc_ast.para([pandoc_ast.link(title, f"#{book_anchor(section.slug, '')}")]))
    return [pandoc_ast.div(lines, "", ["part-chapters"])] if lines else []


def _title(section: Section) -> list[Inline]:
    """Return the heading of a chapter with its number, without notes."""
    heading = next((block for block in section.blocks if block["t"] == "Header"), None)
    words: list[Inline] = [inline for inline in heading["c"][2] if not _is_note(inline)] if heading else []
    return words or pandoc_ast.text_inlines(section.title)


def _is_note(inline: Inline) -> bool:
    """Return whether an inline is a note or the number of one, in EPUB or DOCX."""
    markup = str(inline["c"][1]) if inline["t"] == "RawInline" else ""
    return inline["t"] == "Note" or "footnote-ref" in markup or "FootnoteReference" in markup


def with_heading_class(blocks: Sequence[Block], name: str) -> list[Block]:
    """Return blocks whose first heading has a class more."""
    result = list(blocks)
    place = next((n for n, block in enumerate(result) if block["t"] == "Header"), None)
    if place is not None:
        level, (identifier, classes, pairs), words = result[place]["c"]
        result[place] = {"t": "Header", "c": [level, [identifier, [*classes, name], pairs], words]}
    return result
