"""Build the PDF with Typst: tagged, and PDF/UA-1 and PDF/A-2a at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.formats.pdf import glyph_repair
from oerbook.formats.pdf.compile_book import TypstProject
from oerbook.formats.pdf.failing_blocks import replace_failing_blocks
from oerbook.formats.pdf.markup import sections_to_typst
from oerbook.formats.pdf.rights_metadata import add_rights_metadata
from oerbook.formats.pdf.typst_project import font_folders, main_file_markup, prepare_folder
from oerbook.manuscript.manuscript import Manuscript
from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import write_artifact


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
        project = TypstProject(folder, main_file_markup(manuscript, for_print=for_print), font_folders(manuscript))
        project.replace_missing_chars(printable.missing)
        sections = sections_to_typst(manuscript, float_figures=project.figures_can_float)
        fault = project.write_pdf(sections, manuscript.epoch)
        if fault is not None and fault.missing_text:
            findings += (glyph_repair.compile_time_finding(manuscript, fault.missing_text),)
            project.replace_missing_chars(printable.missing | set(fault.missing_text))
            fault = project.write_pdf(sections, manuscript.epoch)
        if fault is not None:
            sections, failed = replace_failing_blocks(manuscript, sections, project)
            findings += failed
            fault = project.write_pdf(sections, manuscript.epoch)
        if fault is not None:
            raise OerbookError(
                f"Typst cannot compile the book: {fault.message}", hint="Please report this and attach the book."
            )
        return write_artifact(kind, out, add_rights_metadata(project.pdf_file.read_bytes(), manuscript.book), findings)
