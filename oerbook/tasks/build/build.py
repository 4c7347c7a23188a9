"""Build a book: read it, run Sphinx once, write every requested format."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from oerbook.checks import unrendered_markup
from oerbook.document.html.not_found_page import site_url
from oerbook.document.html.page_metadata import CARD_FILE
from oerbook.document.session import BuildRequest, BuildResult, run_sphinx
from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.git.publish import book_has_uncommitted_changes
from oerbook.model.artifacts import Artifact
from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.formats import BOOK_FORMATS, PUBLISHED_FORMATS
from oerbook.source.book import read_book
from oerbook.source.notebook import locate_in_cells
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP, clamp_timestamp
from oerbook.storage.files import write_atomically
from oerbook.tasks.build import format_files
from oerbook.tasks.build.build_report import BuildOptions, BuildReport, dedupe_findings
from oerbook.tasks.build.card import card_image
from oerbook.tasks.build.compare_formats import compare_formats
from oerbook.tasks.build.downloads import SiteArchive
from oerbook.tasks.build.inputs import list_inputs
from oerbook.tasks.build.install_site import install_site
from oerbook.tasks.build.last_build import FinishedBuild, InstalledSite, save_build
from oerbook.tasks.build.output_lock import lock_output_folder
from oerbook.tasks.build.private_addresses import (
    PrivateAddresses,
    known_addresses,
    mask_file,
    mask_files,
    mask_result,
    private_address_findings,
)
from oerbook.tasks.credits.authorship import Authorship, compute_authorship, credits_from_files
from oerbook.tasks.credits.report import build_passage_author_files, build_report
from oerbook.tasks.progress import Progress
from oerbook.text.slugs import slugify

MAX_FILE_NAME_CHARS = 80  # of a file made from the book's title, without its ending


@dataclass(frozen=True, slots=True)
class _Built:
    """A book with its credits, the formats to write, and what Sphinx made of it."""

    formats: tuple[str, ...]
    book: Book
    authors: Authorship
    request: BuildRequest
    result: BuildResult
    private: PrivateAddresses


def build(
    root: Path, formats: Sequence[str], out: Path, progress: Progress, options: BuildOptions | None = None
) -> BuildReport:
    """Build the book at `root` below `out`.

    `formats` are names of html, epub, pdf, print, docx.
    Raises OerbookError when there is no book, or when another build is using `out`.
    """
    out, options = out.resolve(), options or BuildOptions()
    with lock_output_folder(out):
        inputs = list_inputs(root, out, options.epoch)  # first: what changes while the book is built is seen next time
        book, read_findings = read_book(root)
        with progress.stage("credits", None):
            book, authors = add_credits(book, out)
        targets = [name for name in BOOK_FORMATS if name in formats]
        request = _request(book, targets, out, options)
        private = known_addresses(book)
        mask_file(out / "credits.json", private)
        result = mask_result(run_sphinx(book, request, progress.stage), private)
        built = _Built(tuple(targets), book, authors, request, result, private)
        written: list[Artifact | Finding] = [
            format_files.write_format(name, built.result, out / output_file_name(book, name), progress)
            for name in targets
            if name != "html"
        ]
        if "html" in targets:
            with progress.stage("installing site", None):
                written.insert(0, _write_site(built, out, written))
        finished = _finish(built, read_findings, written)
        compared = built.result.page_contents if request.with_page_contents else ()
        lost = compare_formats(compared, finished.artifacts, progress) if compared else ()
        if inputs and not lost and len(finished.artifacts) == len(written):
            save_build(out, inputs, finished)
    failures = [failure for failure in written if isinstance(failure, Finding)]
    findings = [*finished.findings, *(f for rows in finished.format_findings.values() for f in rows)]
    findings += locate_in_cells([*failures, *lost], book.root)
    return BuildReport(finished.artifacts, dedupe_findings(findings), built.result.page_contents)


def _finish(built: _Built, read_findings: Sequence[Finding], written: Sequence[Artifact | Finding]) -> FinishedBuild:
    """Return the files of a build and its findings, those about one format apart."""
    book, result, root = built.book, built.result, built.book.root
    artifacts = tuple(item for item in written if isinstance(item, Artifact))
    of_formats = {name: list(result.target_findings.get(BOOK_FORMATS[name].target, ())) for name in built.formats}
    for artifact in artifacts:
        of_formats[artifact.format] += artifact.findings
    apart = {finding for findings in result.target_findings.values() for finding in findings}
    general = [
        *read_findings,
        *built.authors.findings,
        *check_conf_py(book),
        *private_address_findings(book, built.private),
        *(finding for finding in result.findings if finding not in apart),
        *unrendered_markup.check(book, result.check_input or CheckInput()),  # readers would see it as typed
    ]
    archive = SiteArchive(output_file_name(book, "site"), built.request.epoch, built.request.cache_dir)
    return FinishedBuild(
        artifacts,
        tuple(locate_in_cells(general, root)),
        {name: tuple(locate_in_cells(findings, root)) for name, findings in of_formats.items()},
        InstalledSite(result.site, archive) if result.site else None,
    )


def _request(book: Book, targets: Sequence[str], out: Path, options: BuildOptions) -> BuildRequest:
    """Return what Sphinx is to produce.

    The title page of the site names every format; the names of those that were not made are taken out of it.
    """
    epoch = options.epoch
    downloads = [name for name in (*PUBLISHED_FORMATS, "site") if name != "html"]
    return BuildRequest(
        targets=tuple(dict.fromkeys(BOOK_FORMATS[name].target for name in targets)),
        cache_dir=out / ".cache",
        epoch=book_timestamp(book) if epoch is None else clamp_timestamp(epoch),
        with_page_contents=options.compare,
        with_check_input=True,
        downloads=tuple((name, output_file_name(book, name)) for name in downloads),
    )


def add_credits(book: Book, out: Path) -> tuple[Book, Authorship]:
    """Return the book with its credits, and write them to `out/credits.json`.

    When the history is incomplete, only people named in files get credit, and a finding says so.
    """
    try:
        authors = compute_authorship(book, out / ".cache")
    except OerbookError as error:
        message = f"no credit from history: {error.message}"
        finding = Finding("history-incomplete", message, Place("chapters/index.md"), Severity.ERROR, error.hint)
        authors = replace(credits_from_files(book), findings=(finding,))
    pages = (book.index, *book.chapters)
    text = json.dumps(build_report(book, authors, pages, words=False), indent=1, ensure_ascii=False)
    write_atomically(out / "credits.json", text.encode())
    return replace(book, credits=authors.credits, revision=committed_revision(book.root)), authors


def committed_revision(root: Path) -> str:
    """Return the commit whose files the book has, "" if they were changed since or are in no repository."""
    try:
        info = process.repository_info(root)
        return info.head if info and info.head and not book_has_uncommitted_changes(root) else ""
    except OerbookError:  # reported with the credits, which need the history
        return ""


def _write_site(built: _Built, out: Path, written: Sequence[Artifact | Finding]) -> Artifact | Finding:
    """Install the site, with the formats that were made as downloads."""
    book, request = built.book, built.request
    try:
        if built.result.site is None:
            return format_files.make_format_failure_finding(
                "html", built.result.failures_by_target["html"], request.cache_dir
            )
        archive = SiteArchive(output_file_name(book, "site"), request.epoch, request.cache_dir)
        who_files = mask_files(build_passage_author_files(book, built.authors, request.cache_dir), built.private)
        made = [artifact for artifact in written if isinstance(artifact, Artifact)]
        if site_url(book):
            who_files[CARD_FILE] = card_image(book, request)
        return install_site(built.result.site, out, made, who_files, archive)
    except Exception as error:  # noqa: BLE001 - the other formats are made already, and must be reported
        return format_files.make_format_failure_finding("html", error, request.cache_dir)


def check_conf_py(book: Book) -> list[Finding]:
    """Report a conf.py with content of its own, because a build does not run it.

    One line is expected: plain Sphinx needs it.
    """
    path = book.root / "conf.py"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (SyntaxError, ValueError, RecursionError):
        tree = None
    lines = [node.lineno for node in tree.body if not _is_expected(node)] if tree else []
    if not lines:
        return []
    hint = "Move metadata to chapters/index.md. For Sphinx extensions, run sphinx-build -c . chapters out."
    place = Place("conf.py", lines[0])
    return [Finding("conf-not-run", "oerbook build does not run conf.py", place, Severity.INFO, hint)]


def _is_expected(node: ast.stmt) -> bool:
    """Say whether a statement is the docstring or `extensions = ["oerbook"]`."""
    return ast.unparse(node) == "extensions = ['oerbook']" or isinstance(node, ast.Expr)


def book_timestamp(book: Book) -> int:
    """Return the timestamp of the last commit, else of the book's date.

    In seconds since 1970.
    A commit's timestamp is whatever its author's clock said; one outside the range of zip files is ignored.
    """
    committed = process.last_commit_time(book.root) or 0
    return committed if committed == clamp_timestamp(committed) else timestamp_of_book_date(book)


def timestamp_of_book_date(book: Book) -> int:
    """Return the start of the book's date in seconds since 1970.

    Without a date, it is the earliest time that a zip file can hold.
    """
    return (
        clamp_timestamp(int(datetime.combine(book.date, time(), UTC).timestamp())) if book.date else MIN_ZIP_TIMESTAMP
    )


def output_file_name(book: Book, suffix: str) -> str:
    """Return the file name of a format, made from the book's title.

    >>> from oerbook.model.book import Chapter
    >>> output_file_name(Book(Path("."), "Soil & Water", Chapter("index", "chapters/index.md", "")), "epub")
    'soil-water.epub'
    """
    ending = {"print": "-print.pdf", "site": "-site.zip"}.get(suffix, f".{suffix}")
    return f"{slugify(book.title, MAX_FILE_NAME_CHARS) or 'book'}{ending}"
