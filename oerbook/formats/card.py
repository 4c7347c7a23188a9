"""Draw the card that social networks and chats show for a link to the book: title and authors in the book's design."""

from __future__ import annotations

import tempfile
from pathlib import Path

from oerbook.formats.pdf.glyph_repair import replacement_rule_for_cover
from oerbook.formats.pdf.typst_project import font_folders, template_values, typst_language, write_templates
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import typst_string
from oerbook.metadata.bylines import author_line
from oerbook.tools import typst

DOTS_PER_INCH = 144.0  # of 600 × 315 points: 1,200 × 630 pixels, as https://ogp.me readers expect
TITLE_SIZES = ((25, 46), (50, 38), (90, 29))  # up to this many characters, in points
SMALLEST_TITLE = 22
MARKUP = """#import "tokens.typ": *
#set page(width: 600pt, height: 315pt, margin: 0pt, fill: tint)
#set text(lang: {language}, font: heads, fill: ink, hyphenate: false, top-edge: "ascender")
#set par(justify: false, leading: 0.45em, first-line-indent: 0pt)
#place(std.top + left, rect(width: 100%, height: 7pt, fill: accent))
#place(std.top + left, dx: 48pt, dy: 52pt, block(width: 504pt, height: 176pt, clip: true, {{
  text(size: {size}pt, {title})
  if {subtitle} != "" {{ block(above: 16pt, text(size: 19pt, fill: quiet, style: "italic", {subtitle})) }}
}}))
#place(std.bottom + left, dx: 48pt, dy: -36pt, block(width: 504pt, text(size: 18pt, {authors})))
"""


def draw_card(manuscript: Manuscript, out: Path) -> None:
    """Write the card as a PNG image."""
    book = manuscript.book
    size = next((size for length, size in TITLE_SIZES if len(book.title) <= length), SMALLEST_TITLE)
    markup = MARKUP.format(
        language=typst_language(manuscript),
        size=size,
        title=typst_string(book.title),
        subtitle=typst_string(book.subtitle),
        authors=typst_string(author_line(book)),
    )
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        write_templates(manuscript, main.parent, template_values(manuscript))
        main.write_text(replacement_rule_for_cover(manuscript) + markup, encoding="utf-8")
        typst.typst_page_to_png(main, out, DOTS_PER_INCH, font_folders(manuscript))
