"""Front matter for pandoc: the copyright page as blocks, metadata values."""

from __future__ import annotations

from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import Block
from oerbook.metadata.copyright_page import copyright_lines
from oerbook.theming.theme import font_family_names, read_tokens


def copyright_page_blocks(manuscript: Manuscript) -> list[Block]:
    """Return the lines of the copyright page as paragraphs."""
    paragraphs = []
    faces = font_family_names(read_tokens(manuscript.theme_dir))
    for line in copyright_lines(manuscript.book, manuscript.epoch, faces):
        content = pandoc_ast.text_inlines(line.text)
        content = [pandoc_ast.inline("Strong", content)] if line.is_bold else content
        content = [pandoc_ast.link(content, line.url)] if line.url else content
        paragraphs.append(pandoc_ast.para([*pandoc_ast.text_inlines(line.text_before_link), *content]))
    return paragraphs


def to_pandoc_metadata(text: str) -> dict[str, object]:
    """Return a text as a metadata value."""
    return {"t": "MetaString", "c": text}
