"""Build the book for a printer: pages without cover, and cover with spine."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.formats.pdf import build as pdf
from oerbook.formats.pdf.glyph_repair import replacement_rule_for_cover
from oerbook.formats.pdf.typst_project import (
    COVER_NAME,
    font_folders,
    prepared_book_cover,
    template_values,
    typst_language,
    write_templates,
)
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import typst_string
from oerbook.metadata.bylines import author_line
from oerbook.model.artifacts import Artifact
from oerbook.source.paper_sizes import PAPER_SIZES_MM, paper_size_mm
from oerbook.storage.archive import write_artifact
from oerbook.tools.typst_process import TypstProcess

PAGE_COUNT_PATTERN = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")
COVER_THICKNESS_MM = 0.5  # two covers of 250 g card


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the pages to `out`, and the cover next to it (see `cover_path`)."""
    pages = pdf.build_pdf("print", manuscript, out, for_print=True)
    write_cover(manuscript, count_pages(out.read_bytes()), cover_path(out))
    return pages


def cover_path(pages: Path) -> Path:
    """Return the path of a printed book's cover.

    >>> cover_path(Path("soil-print.pdf")).name
    'soil-cover.pdf'
    """
    return pages.with_name(f"{pages.stem.removesuffix('-print')}-cover.pdf")


def count_pages(data: bytes) -> int:
    """Return the number of pages of a PDF by Typst, whose page tree is uncompressed."""
    return max((int(first or second) for first, second in PAGE_COUNT_PATTERN.findall(data)), default=0)


def spine_width_mm(pages: int, leaf_thickness_mm: float) -> float:
    """Return the width of the spine in mm: leaves of two pages, and the cover.

    >>> spine_width_mm(301, 0.1)
    15.6
    """
    return round((pages + 1) // 2 * leaf_thickness_mm + COVER_THICKNESS_MM, 2)


def write_cover(manuscript: Manuscript, pages: int, out: Path) -> None:
    """Write the cover: back, spine and front on one sheet, with bleed and marks.

    Raises OerbookError if Typst rejects it.
    """
    given = prepared_book_cover(manuscript)
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        folder = Path(name)
        write_templates(manuscript, folder, template_values(manuscript, for_print=True))
        if given:
            (folder / f"{COVER_NAME}{given.suffix.lower()}").write_bytes(given.read_bytes())
        (folder / "main.typ").write_text(
            replacement_rule_for_cover(manuscript) + _cover_markup(manuscript, pages, given), encoding="utf-8"
        )
        written = folder / "cover.pdf"
        compiler = TypstProcess(folder / "main.typ", folder, font_folders(manuscript))
        fault = compiler.write_pdf(written, manuscript.epoch, ())
        if fault is not None:
            raise OerbookError(
                f"Typst cannot compile the cover: {fault.message}", hint="Please report this and attach the book."
            )
        write_artifact("cover", out, written.read_bytes())


def _cover_markup(manuscript: Manuscript, pages: int, given: Path | None) -> str:
    book = manuscript.book
    width, height = paper_size_mm(book.settings.paper) or PAPER_SIZES_MM["a4"]
    printing = book.settings.printing
    sizes = [
        f"{length:g}mm" for length in (width, height, spine_width_mm(pages, printing.paper_thickness), printing.bleed)
    ]
    texts = [typst_string(text) for text in (book.title, book.subtitle, author_line(book), book.publisher)]
    blurb = f"text({typst_string(book.description)})"
    image = typst_string(COVER_NAME + given.suffix.lower()) if given else "none"
    arguments = ", ".join([*sizes, *texts, blurb, f"given: {image}"])
    lines = [
        '#import "cover.typ": jacket',
        f"#set document(title: {typst_string(book.title)}, date: none)",
        f"#set text(lang: {typst_language(manuscript)})",
        f"#jacket({arguments})",
    ]
    return "\n".join(lines) + "\n"
