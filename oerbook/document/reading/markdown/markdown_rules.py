"""The rules that a book adds to the Markdown parser of MyST, in one place."""

from __future__ import annotations

from markdown_it import MarkdownIt

from oerbook.document.reading import at_references, attributes, foreign_blocks
from oerbook.document.reading.markdown import foreign_paragraphs, letter_lists, nesting, text_marks, typography


def install(parser: MarkdownIt) -> None:
    """Add the rules to a parser."""
    typography.add_typography(parser)
    letter_lists.add_letter_lists(parser)
    at_references.add_at_references(parser)
    attributes.add_attributes(parser)
    foreign_blocks.add_foreign_blocks(parser)
    foreign_paragraphs.add_foreign_paragraphs(parser)
    text_marks.add_text_marks(parser)
    nesting.limit_nesting(parser)
    parser.disable("gfm_autolink_email")
