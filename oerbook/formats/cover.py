"""The cover: the author's image, or one drawn from tokens and title."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image

from oerbook.formats.pdf.typst_project import fonts_of, front, given_cover, language, values_of, write_templates
from oerbook.manuscript.manuscript import Manuscript
from oerbook.tools import typst

DOTS_PER_INCH = 144.0  # of a page of 600 × 900 points: 1,200 × 1,800 pixels, as e-book shops require
PAGE = '#import "cover.typ": front\n#set page(width: 600pt, height: 900pt, margin: 0pt)\n#set text(lang: {})\n#{}\n'


def draw(manuscript: Manuscript, out: Path) -> Path:
    """Write the cover as an image and return its path.

    The author's own PNG or JPEG is converted to RGB.
    """
    given = given_cover(manuscript)
    if given:
        with Image.open(given) as image:
            image.convert("RGB").save(out)
        return out
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        write_templates(manuscript, main.parent, values_of(manuscript))
        main.write_text(PAGE.format(language(manuscript), front(manuscript, "600pt", "900pt")), encoding="utf-8")
        typst.draw(main, out, DOTS_PER_INCH, fonts_of(manuscript))
    return out
