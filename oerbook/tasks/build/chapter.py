"""Build one chapter as a file of its own, with its credit and its license inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oerbook.document.session import BuildRequest, BuildResult, run_sphinx
from oerbook.formats import single_page
from oerbook.metadata.excerpt import book_of_chapter
from oerbook.model.artifacts import Artifact
from oerbook.model.book import Book
from oerbook.model.findings import Finding
from oerbook.model.formats import PUBLISHED_FORMATS
from oerbook.source.book import read_book
from oerbook.source.notebook import locate_in_cells
from oerbook.storage.archive import clamp_timestamp
from oerbook.tasks.build import format_files
from oerbook.tasks.build.build import add_credits, book_timestamp, output_file_name
from oerbook.tasks.build.build_report import BuildReport, dedupe_findings
from oerbook.tasks.build.output_lock import lock_output_folder
from oerbook.tasks.build.private_addresses import known_addresses, mask_file, mask_result
from oerbook.tasks.credits.report import select_pages
from oerbook.tasks.progress import Progress

CHAPTERS_FOLDER = "chapters"
TARGET_BY_FORMAT = {"html": "epub", "epub": "epub", "pdf": "typst", "docx": "docx"}


@dataclass(frozen=True, slots=True)
class ChapterRequest:
    """The chapter to build, by its page or its file, its formats, and the book's timestamp (None: the last commit)."""

    name: str
    formats: Sequence[str]
    epoch: int | None = None


def build_chapter(root: Path, wanted_chapter: ChapterRequest, out: Path, progress: Progress) -> BuildReport:
    """Build one chapter below `out/chapters`, in some formats.

    Numbers and references are those of the book. Raises OerbookError if there is no such chapter.
    """
    book, findings = read_book(root)
    page = select_pages(book, [wanted_chapter.name])[0]
    folder = out.resolve() / CHAPTERS_FOLDER
    with lock_output_folder(folder):
        with progress.stage("credits", None):
            book, authors = add_credits(book, out.resolve())
        private = known_addresses(book)
        mask_file(out / "credits.json", private)
        wanted = [kind for kind in PUBLISHED_FORMATS if kind in wanted_chapter.formats]
        request = BuildRequest(
            targets=tuple(dict.fromkeys(TARGET_BY_FORMAT[kind] for kind in wanted)),
            cache_dir=folder / ".cache",
            epoch=_timestamp(book, wanted_chapter.epoch),
            excerpt=page.slug,
        )
        settings = replace(book.settings, bibliography_placement="chapter")
        result = mask_result(run_sphinx(replace(book, settings=settings), request, progress.stage), private)
        written = [_write(kind, result, folder / _file_name(book, page.slug, kind), progress) for kind in wanted]
    artifacts = tuple(item for item in written if isinstance(item, Artifact))
    about = [f for f in (*findings, *authors.findings, *result.findings) if f.place.path == page.path]
    about += [item for item in written if isinstance(item, Finding)]
    about += [finding for artifact in artifacts for finding in artifact.findings]
    return BuildReport(artifacts, dedupe_findings(locate_in_cells(about, book.root)))


def _timestamp(book: Book, epoch: int | None) -> int:
    return book_timestamp(book) if epoch is None else clamp_timestamp(epoch)


def _file_name(book: Book, slug: str, kind: str) -> str:
    page = next(page for page in (book.index, *book.chapters) if page.slug == slug)
    return output_file_name(book_of_chapter(book, page), kind)


def _write(kind: str, result: BuildResult, path: Path, progress: Progress) -> Artifact | Finding:
    """Write one format; HTML is made from the manuscript of the EPUB."""
    if kind != "html":
        return format_files.write_format(kind, result, path, progress)
    if "epub" in result.failures_by_target:
        return format_files.make_format_failure_finding("html", result.failures_by_target["epub"], result.cache_dir)
    try:
        return single_page.build(result.manuscripts["epub"], path)
    except Exception as error:  # noqa: BLE001 - packages raise anything, and the other formats must be made
        return format_files.make_format_failure_finding("html", error, result.cache_dir)
