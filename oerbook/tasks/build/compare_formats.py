"""Compare the finished files of a build with the book that they were made of."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from lxml import etree

from oerbook.comparison.compare import report_lost_items, report_lost_words
from oerbook.comparison.docx import read_docx
from oerbook.comparison.html import read_epub, read_site
from oerbook.comparison.pdf import read_pdf
from oerbook.model.artifacts import Artifact
from oerbook.model.content import FileContent, PageContent
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.formats import BOOK_FORMATS
from oerbook.tasks.progress import Progress

READER_BY_FORMAT: dict[str, Callable[[Path], FileContent]] = {
    "epub": read_epub,
    "pdf": read_pdf,
    "print": read_pdf,
    "docx": read_docx,
}
READING_ERRORS = (OSError, ValueError, RuntimeError, zipfile.BadZipFile, etree.XMLSyntaxError)


def compare_formats(
    pages: Sequence[PageContent], artifacts: Sequence[Artifact], progress: Progress
) -> tuple[Finding, ...]:
    """Return a finding for everything that a finished file does not show although the book holds it."""
    findings: list[Finding] = []
    with progress.stage("comparing formats", len(artifacts)) as advance:
        for artifact in artifacts:
            findings += _compare_site(pages, artifact) if artifact.format == "html" else _compare_file(pages, artifact)
            advance()
    return tuple(findings)


def _compare_site(pages: Sequence[PageContent], site: Artifact) -> list[Finding]:
    shown = read_site(site.path, [page.slug for page in pages])
    return [
        finding
        for page in pages
        for finding in (
            *report_lost_words("the web page", [page], shown[page.slug]),
            *report_lost_items("the web page", [page], shown[page.slug]),
        )
    ]


def _compare_file(pages: Sequence[PageContent], artifact: Artifact) -> list[Finding]:
    name, read = f"the {BOOK_FORMATS[artifact.format].title}", READER_BY_FORMAT[artifact.format]
    try:
        shown = read(artifact.path)
    except READING_ERRORS as error:
        message = f"{name} cannot be read back: {type(error).__name__}"
        hint = "Build it again; if that does not help, please report it as a bug in oerbook."
        return [Finding("format-unreadable", message, Place("chapters/index.md"), Severity.ERROR, hint)]
    return [*report_lost_words(name, pages, shown), *report_lost_items(name, pages, shown)]
