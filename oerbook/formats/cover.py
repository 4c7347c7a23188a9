"""The cover: the author's picture, or one drawn from the theme's colours and the book's title."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image

from oerbook.adapters import typst
from oerbook.design.lay import PAPER
from oerbook.document.ast import quoted
from oerbook.document.manuscript import Manuscript
from oerbook.formats.files import filled, tokens
from oerbook.metadata.people import author_line

DOTS_PER_INCH = 144.0  # of a page of 600 × 900 points: 1,200 × 1,800 dots, as shops ask


def draw(manuscript: Manuscript, out: Path) -> Path:
    """Return the cover as a picture; the author's own is used as it is when it is PNG or JPEG."""
    given = manuscript.book.settings.cover
    if given and Path(given).suffix.lower() in (".png", ".jpg", ".jpeg"):
        with Image.open(manuscript.book.root / given) as picture:
            picture.convert("RGB").save(out)
        return out
    book = manuscript.book
    values = tokens(manuscript.theme)
    values |= {
        "cover-title": quoted(book.title),
        "cover-subtitle": quoted(book.subtitle),
        "cover-authors": quoted(author_line(book)),
    }
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "cover.typ"
        text = (manuscript.theme / "pdf" / "cover.typ").read_text(encoding="utf-8")
        main.write_text(filled(text, values), encoding="utf-8")
        typst.draw(main, out, DOTS_PER_INCH, [manuscript.theme / PAPER])
    return out
