"""The book for a printer: the pages without a cover, and the cover as its own sheet, as thick as the pages are many."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.formats.pdf import build as pdf
from oerbook.formats.pdf.typst_project import COVER, fonts_of, given_cover, language, values_of, write_templates
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import quoted
from oerbook.metadata.bylines import author_line
from oerbook.model.artifacts import Artifact
from oerbook.source.paper_sizes import PAPERS, dimensions
from oerbook.storage.archive import finish
from oerbook.tools import typst

SUMMARY = "pages and cover for a printer (PDF, with spine and crop marks)"
COUNT = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")
BOARD = 0.5  # millimetres: two covers of 250 g card


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the pages to `out` and the cover beside it, under the same name with -cover."""
    inside = pdf.made("print", manuscript, out, for_print=True)
    jacket(manuscript, pages_of(out.read_bytes()), cover_of(out))
    return inside


def cover_of(pages: Path) -> Path:
    """Return where the cover of a printed book lies.

    >>> cover_of(Path("soil-print.pdf")).name
    'soil-cover.pdf'
    """
    return pages.with_name(f"{pages.stem.removesuffix('-print')}-cover.pdf")


def pages_of(data: bytes) -> int:
    """Return how many pages a PDF has that Typst wrote: its page tree stands uncompressed."""
    return max((int(first or second) for first, second in COUNT.findall(data)), default=0)


def spine(pages: int, leaf: float) -> float:
    """Return the width of the spine in millimetres: of the leaves, two pages each, and the cover's own card.

    >>> spine(301, 0.1)
    15.6
    """
    return round((pages + 1) // 2 * leaf + BOARD, 2)


def jacket(manuscript: Manuscript, pages: int, out: Path) -> None:
    """Write the cover: back, spine and front on one sheet, with bleed and marks."""
    book = manuscript.book
    wide, high = dimensions(book.settings.paper) or PAPERS["a4"]
    wish = book.settings.printing
    given = given_cover(manuscript)
    sizes = [f"{length:g}mm" for length in (wide, high, spine(pages, wish.leaf), wish.bleed)]
    words = [quoted(text) for text in (book.title, book.subtitle, author_line(book), book.publisher)]
    about = f"text({quoted(book.description)})"
    picture = quoted(COVER + given.suffix.lower()) if given else "none"
    arguments = ", ".join([*sizes, *words, about, f"given: {picture}"])
    lines = [
        '#import "cover.typ": jacket',
        f"#set document(title: {quoted(book.title)}, date: none)",
        f"#set text(lang: {language(manuscript)})",
        f"#jacket({arguments})",
    ]
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        folder = Path(name)
        write_templates(manuscript, folder, values_of(manuscript, for_print=True))
        if given:
            (folder / f"{COVER}{given.suffix.lower()}").write_bytes(given.read_bytes())
        (folder / "main.typ").write_text("\n".join(lines) + "\n", encoding="utf-8")
        made = folder / "cover.pdf"
        fault = typst.compile_pdf(folder / "main.typ", folder, made, manuscript.epoch, (), fonts_of(manuscript))
        if fault is not None:
            raise OerbookError(f"Typst cannot draw the cover: {fault.message}", hint="Please report this.")
        finish("cover", out, made.read_bytes())
