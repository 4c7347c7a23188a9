"""Build a book: read it, run Sphinx once, write every requested format."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from oerbook.checks import unrendered_markup
from oerbook.document.context.message_rules import FIRST_HEADING_MESSAGE, FOOTNOTE_WITHOUT_TEXT
from oerbook.document.session import BuildRequest, BuildResult, run_sphinx
from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.model.artifacts import Artifact
from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.content import PageContent
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.book import read_book
from oerbook.source.notebook import locate_in_cells
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP, clamp_timestamp
from oerbook.storage.files import write_atomically
from oerbook.tasks.build import format_files
from oerbook.tasks.build.compare_formats import compare_formats
from oerbook.tasks.build.downloads import SiteArchive, add_downloads
from oerbook.tasks.build.format_files import MANUSCRIPT_TARGETS
from oerbook.tasks.build.output_lock import lock_output_folder
from oerbook.tasks.credits.authorship import Authorship, compute_authorship, credits_from_files
from oerbook.tasks.credits.report import build_passage_files, build_report
from oerbook.tasks.progress import Progress
from oerbook.text.slugs import slugify

MAX_FILE_NAME_CHARS = 80  # of a file made from the book's title, without its ending


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The files written, and all findings of the book."""

    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]
    content: tuple[PageContent, ...] = ()  # what every page holds, when the formats were compared


@dataclass(frozen=True, slots=True)
class _Built:
    """A book with its credits, and what Sphinx made of it."""

    book: Book
    authors: Authorship
    request: BuildRequest
    result: BuildResult


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a build.

    `epoch` is the book's timestamp in seconds since 1970, by default the last commit's. With `compare`, the finished
    files are read back and compared with the book.
    """

    epoch: int | None = None
    compare: bool = False


def build(
    root: Path, formats: Sequence[str], out: Path, progress: Progress, options: BuildOptions | None = None
) -> BuildReport:
    """Build the book at `root` below `out`.

    `formats` are names of html, epub, pdf, print, docx.
    Raises OerbookError when there is no book, or when another build is using `out`.
    """
    out = out.resolve()
    with lock_output_folder(out):
        book, read_findings = read_book(root)
        with progress.stage("credits", None):
            book, authors = add_credits(book, out)
        targets = [name for name in MANUSCRIPT_TARGETS if name in formats]
        request = _request(book, targets, out, options or BuildOptions())
        result = run_sphinx(book, request, progress.stage)
        written: list[Artifact | Finding] = [
            format_files.write_format(name, result, out / output_file_name(book, name), progress)
            for name in targets
            if name != "html"
        ]
        if "html" in targets:
            with progress.stage("installing site", None):
                written.insert(0, _write_site(_Built(book, authors, request, result), out, written))
        artifacts = tuple(item for item in written if isinstance(item, Artifact))
        lost = compare_formats(result.page_contents, artifacts, progress) if request.with_page_contents else ()
    findings = [
        *read_findings,
        *authors.findings,
        *check_conf_py(book),
        *result.findings,
        *unrendered_markup.check(book, result.check_input or CheckInput()),  # readers would see it as typed
        *(failure for failure in written if isinstance(failure, Finding)),
        *(finding for artifact in artifacts for finding in artifact.findings),
        *lost,
    ]
    return BuildReport(artifacts, dedupe_findings(locate_in_cells(findings, book.root)), result.page_contents)


def _request(book: Book, targets: Sequence[str], out: Path, options: BuildOptions) -> BuildRequest:
    epoch = options.epoch
    downloads = [name for name in (*targets, "site") if name not in ("html", "print")]
    return BuildRequest(
        targets=tuple(dict.fromkeys(MANUSCRIPT_TARGETS[name] for name in targets)),
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
    return replace(book, credits=authors.credits), authors


def _write_site(built: _Built, out: Path, written: Sequence[Artifact | Finding]) -> Artifact | Finding:
    """Install the site, with the formats that were made as downloads."""
    book, request = built.book, built.request
    try:
        if built.result.site is None:
            return format_files.make_format_failure_finding("html", built.result.failures["html"], request.cache_dir)
        archive = SiteArchive(output_file_name(book, "site"), request.epoch, request.cache_dir)
        who_files = build_passage_files(book, built.authors, request.cache_dir)
        made = [artifact for artifact in written if isinstance(artifact, Artifact)]
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


def dedupe_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, without duplicates.

    A missing footnote that is reported by name is not reported a second time without its name.
    """
    seen: set[tuple[str, str, int, str]] = set()
    pages_with_names = {
        f.place.path for f in findings if f.code == "footnote-missing" and f.message != FOOTNOTE_WITHOUT_TEXT
    }
    kept = []
    for finding in sorted(findings, key=lambda f: f.sort_key):
        once_per_line = finding.code in {"heading-skip", "label-duplicate", "footnote-unreferenced"}
        line = (
            0 if finding.message == FIRST_HEADING_MESSAGE else finding.place.line
        )  # docutils repeats it for every heading
        key = (finding.code, finding.place.path, line, "" if once_per_line else finding.message)
        if key not in seen and not (
            finding.message == FOOTNOTE_WITHOUT_TEXT and finding.place.path in pages_with_names
        ):
            seen.add(key)
            kept.append(finding)
    return tuple(kept)


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


def install_site(
    site: Path,
    out: Path,
    others: Sequence[Artifact],
    extra_files: Mapping[str, bytes],
    site_archive: SiteArchive | None = None,
) -> Artifact:
    """Install a finished site as `out/html`.

    After a crash there is either the old site or the new one.
    `others` are offered as downloads, `extra_files` are further files of the site by name.
    """
    new, old, installed = out / ".html-new", out / ".html-old", out / "html"
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        shutil.copytree(site, new, ignore=shutil.ignore_patterns(".buildinfo", "_sources"))
        for name, data in extra_files.items():
            write_atomically(new / name, data)
        add_downloads(new, installed, others, site_archive)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        raise
    if installed.exists():
        installed.rename(old)
    new.rename(installed)
    shutil.rmtree(old, ignore_errors=True)
    return Artifact("html", installed, folder_digest(installed))


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 of a folder's sorted listing of names and file digests."""
    sha = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        sha.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return sha.hexdigest()
