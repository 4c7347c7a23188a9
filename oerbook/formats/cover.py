"""The cover: the author's image, or one drawn from tokens and title."""

from __future__ import annotations

import tempfile
from pathlib import Path

from oerbook.formats.pdf.glyph_repair import replacement_rule_for_cover
from oerbook.formats.pdf.typst_project import (
    font_folders,
    prepared_book_cover,
    template_values,
    typst_cover_call,
    typst_language,
    write_templates,
)
from oerbook.images.raster import open_image
from oerbook.manuscript.manuscript import Manuscript
from oerbook.tools import typst

DOTS_PER_INCH = 144.0  # of a page of 600 × 900 points: 1,200 × 1,800 pixels, as e-book shops require
COVER_TYPST_MARKUP = (
    '#import "cover.typ": front\n#set page(width: 600pt, height: 900pt, margin: 0pt)\n#set text(lang: {})\n#{}\n'
)


def draw_cover(manuscript: Manuscript, out: Path) -> Path:
    """Write the cover as an image and return its path.

    The author's own PNG or JPEG is converted to RGB.
    """
    given = prepared_book_cover(manuscript)
    if given:
        with open_image(given) as image:
            image.convert("RGB").save(out)
        return out
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        write_templates(manuscript, main.parent, template_values(manuscript))
        main.write_text(
            replacement_rule_for_cover(manuscript)
            + COVER_TYPST_MARKUP.format(typst_language(manuscript), typst_cover_call(manuscript, "600pt", "900pt")),
            encoding="utf-8",
        )
        typst.typst_page_to_png(main, out, DOTS_PER_INCH, font_folders(manuscript))
    return out
