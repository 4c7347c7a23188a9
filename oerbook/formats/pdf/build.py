"""Build the PDF with Typst: tagged, and PDF/UA-1 and PDF/A-2a at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.formats.pdf import figure_placement, glyph_repair
from oerbook.formats.pdf.compile_book import TypstProject
from oerbook.formats.pdf.failing_blocks import replace_failing_blocks
from oerbook.formats.pdf.markup import typst_markup
from oerbook.formats.pdf.typst_project import font_folders, main_file_markup, prepare_folder
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import write_artifact
from oerbook.tools import typst

SUMMARY = "PDF for print and screen readers (PDF/UA-1, PDF/A-2a)"


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a PDF for screens, starting with its cover."""
    return build_pdf("pdf", manuscript, out, for_print=False)


def build_pdf(kind: str, manuscript: Manuscript, out: Path, *, for_print: bool) -> Artifact:
    """Write the book as a PDF.

    A section that Typst rejects is replaced by a notice and reported.

    Raises OerbookError if Typst rejects the book for another reason.
    """
    printable = glyph_repair.replace_missing_glyphs(manuscript)
    manuscript, findings = printable.manuscript, printable.findings
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        folder = Path(name)
        prepare_folder(manuscript, folder, for_print=for_print)
        press = TypstProject(folder, main_file_markup(manuscript, for_print=for_print), font_folders(manuscript))
        press.replace_missing_chars(printable.missing)
        manuscript, sections = _place_figures(manuscript, press)
        fault = press.write_pdf(sections, manuscript.epoch)
        if fault is not None and fault.missing_text:
            findings += (glyph_repair.compile_time_finding(manuscript, fault.missing_text),)
            press.replace_missing_chars(printable.missing | set(fault.missing_text))
            fault = press.write_pdf(sections, manuscript.epoch)
        if fault is not None:
            sections, failed = replace_failing_blocks(manuscript, sections, press)
            findings += failed
            fault = press.write_pdf(sections, manuscript.epoch)
        if fault is not None:
            raise OerbookError(
                f"Typst cannot compile the book: {fault.message}", hint="Please report this and attach the book."
            )
        return write_artifact(kind, out, press.pdf_file.read_bytes(), findings)


def _place_figures(manuscript: Manuscript, press: TypstProject) -> tuple[Manuscript, list[str]]:
    """Return the manuscript and markup with figures moved to close gaps.

    The book is compiled as often as that takes. It is returned as it is if it does not compile, or if its theme does
    not report the positions of figures.
    """
    layouts = [figure_placement.SectionLayout(section.blocks) for section in manuscript.sections]
    if "spot" not in press.functions:
        return manuscript, typst_markup(manuscript)
    sections = typst_markup(_with_blocks(manuscript, [layout.best_blocks for layout in layouts]))
    if not any(figure_placement.has_movable_figure(layout.best_blocks) for layout in layouts):
        return manuscript, sections
    for _ in range(figure_placement.MAX_LAYOUT_PASSES):
        values = press.query_positions(sections)
        if isinstance(values, typst.CompileFailure):
            break
        positions = figure_placement.positions_by_section(values)
        if len(positions) != len(layouts):  # a theme that includes sections twice, or not all of them
            break
        if not _try_next(layouts, positions):
            break
        sections = typst_markup(_with_blocks(manuscript, [layout.current_blocks for layout in layouts]))
    manuscript = _with_blocks(manuscript, [layout.best_blocks for layout in layouts])
    return manuscript, typst_markup(manuscript)


def _try_next(
    layouts: Iterable[figure_placement.SectionLayout], positions: Iterable[list[figure_placement.MarkPosition]]
) -> bool:
    """Let every section try its next move; return whether any has one."""
    has_next = [layout.try_next(spots) for layout, spots in zip(layouts, positions, strict=True)]
    return any(has_next)


def _with_blocks(manuscript: Manuscript, orders: Sequence[list[Block]]) -> Manuscript:
    """Return the manuscript with other blocks for each section, marked for measuring."""
    pairs = zip(manuscript.sections, orders, strict=True)
    return replace(
        manuscript,
        sections=tuple(replace(section, blocks=figure_placement.add_marks(blocks)) for section, blocks in pairs),
    )
