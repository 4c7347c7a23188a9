"""Check a book: every problem that a program can find before a person reads it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

from oerbook.checks import CHECKS
from oerbook.document.session import PAGE_TIMEOUT_S, BuildRequest, run_sphinx
from oerbook.errors import OerbookError
from oerbook.model.check_input import CheckInput, LinkStatus
from oerbook.model.findings import Finding, Severity
from oerbook.source.book import read_book
from oerbook.source.notebook import locate_in_cells
from oerbook.storage.files import write_atomically
from oerbook.tasks.build.build import book_timestamp, build, check_conf_py
from oerbook.tasks.build.build_report import BuildOptions, dedupe_findings
from oerbook.tasks.build.output_lock import lock_output_folder
from oerbook.tasks.build.private_addresses import known_addresses, private_address_findings
from oerbook.tasks.check.workflows import check_workflows
from oerbook.tasks.credits.moved_text import moved_text_findings
from oerbook.tasks.progress import Progress
from oerbook.tools import link_checker

LINK_CACHE_S = 7 * 86400  # seconds for which a working link is not requested again
COMPARED_SUFFIXES = (".md", ".txt", ".html", ".htm", ".ipynb", ".tex", ".rst")
MAX_COMPARED_FILE_BYTES = 20_000_000  # bytes
HTML_TAG_OR_SCRIPT = re.compile(r"(?is)<(script|style).*?</\1>|<[^>]*>")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Options of a check.

    With `check_links`, external links are requested; `now_s` is the time in seconds since 1970, for the age of cached
    answers. `against` is a folder of texts that no page may copy; `page_timeout_s` the seconds of work that one
    page may take.
    """

    check_links: bool = False
    now_s: int = 0
    against: Path | None = None
    link_options: link_checker.LinkCheckOptions = field(default_factory=link_checker.LinkCheckOptions)
    page_timeout_s: float = PAGE_TIMEOUT_S


def check(root: Path, out: Path, options: CheckOptions, progress: Progress) -> tuple[Finding, ...]:
    """Return all findings of the book at `root`; the cache is below `out`.

    Raises OerbookError when there is no book, or when a build is using `out`.
    """
    book, read_findings = read_book(root)
    if options.against is not None and not options.against.is_dir():
        raise OerbookError(f"{options.against} is not a folder", hint="--against takes a folder of texts.")
    book = replace(book, settings=replace(book.settings, execute=False))  # a check runs no notebook
    with lock_output_folder(out.resolve()):
        cache = out.resolve() / ".cache"
        request = BuildRequest(
            (), cache, book_timestamp(book), with_check_input=True, page_timeout_s=options.page_timeout_s
        )
        result = run_sphinx(book, request, progress.stage)
        check_input = replace(
            result.check_input or CheckInput(), texts_by_others=tuple(_comparison_texts(options.against))
        )
        if options.check_links:
            check_input = replace(
                check_input, link_statuses=_check_links(check_input, cache / "links.json", options, progress)
            )
        with progress.stage("checking", len(CHECKS)) as advance:
            check_findings: list[Finding] = []
            for run_check in CHECKS.values():
                check_findings += run_check(book, check_input)
                advance()
    findings = [*read_findings, *check_conf_py(book), *check_workflows(book), *result.findings, *check_findings]
    findings += moved_text_findings(book, out.resolve() / ".cache")
    findings += private_address_findings(book, known_addresses(book))
    return dedupe_findings(locate_in_cells(findings, root))


def add_format_findings(findings: Sequence[Finding], root: Path, out: Path, progress: Progress) -> tuple[Finding, ...]:
    """Build all formats below `out`, and return the findings with those of the build and of the finished files."""
    report = build(root, ("html", "epub", "pdf", "docx"), out, progress, BuildOptions(compare=True))
    return dedupe_findings([*findings, *report.findings])


def _comparison_texts(folder: Path | None) -> Iterator[tuple[str, str]]:
    """Yield name and text of each file to compare with, without HTML mark-up."""
    for path in sorted(folder.rglob("*")) if folder else []:
        if (
            path.suffix.lower() not in COMPARED_SUFFIXES
            or not path.is_file()
            or path.stat().st_size > MAX_COMPARED_FILE_BYTES
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix.lower() in (".html", ".htm"):
            text = HTML_TAG_OR_SCRIPT.sub(" ", text)
        yield f"{path.relative_to(folder or path).as_posix()}", text


def _check_links(
    check_input: CheckInput, cache: Path, options: CheckOptions, progress: Progress
) -> tuple[LinkStatus, ...]:
    """Request the external links of the book, except those that worked recently."""
    links = (link.target.partition("#")[0] for page in check_input.pages for link in page.links)
    urls = [url for url in dict.fromkeys(links) if url.startswith(("http://", "https://"))]
    cached = {url: entry for url, entry in _read_link_cache(cache).items() if options.now_s - entry[1] < LINK_CACHE_S}
    to_request = [url for url in urls if url not in cached]
    with progress.stage("checking links", len(to_request)) as advance:
        answers = link_checker.check_links(to_request, options.link_options, advance)
    cached |= {answer.url: (answer, options.now_s) for answer in answers if 200 <= answer.status < 400}
    rows = [{**asdict(answer), "when": when} for answer, when in cached.values()]
    write_atomically(cache, json.dumps(rows, indent=1).encode())
    by_url = {url: answer for url, (answer, _when) in cached.items()} | {answer.url: answer for answer in answers}
    return tuple(by_url[url] for url in urls)


def _read_link_cache(cache: Path) -> dict[str, tuple[LinkStatus, int]]:
    """Return the cached answers by URL, each with its time in seconds since 1970."""
    try:
        rows = json.loads(cache.read_bytes())
        times = [row.pop("when") for row in rows]
        answers = [LinkStatus(**row) for row in rows]
        return {answer.url: (answer, when) for answer, when in zip(answers, times, strict=True)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def findings_in_paths(findings: Iterable[Finding], paths: Sequence[Path], root: Path) -> tuple[Finding, ...]:
    """Return the findings in these files and folders; all when no path is given.

    Raises OerbookError when a path does not exist in the book.
    """
    selected = []
    for path in paths:
        full = path.resolve() if path.exists() else (root / path).resolve()
        if not full.exists() or not full.is_relative_to(root.resolve()):
            raise OerbookError(f"{path} is not in the book", hint=_suggest_path(path, root))
        selected.append(PurePosixPath(full.relative_to(root.resolve()).as_posix()))
    return tuple(
        f for f in findings if not selected or any(PurePosixPath(f.place.path).is_relative_to(p) for p in selected)
    )


def _suggest_path(path: Path, root: Path) -> str:
    """Return a hint with the file whose path is closest to a path that does not exist."""
    folders = [root / name for name in ("chapters", "contributors")]
    candidates = [file.relative_to(root).as_posix() for folder in folders for file in folder.rglob("*")]
    close = difflib.get_close_matches(path.as_posix(), candidates, 1, 0.8)
    return f"Did you mean {close[0]}?" if close else "Name files or folders such as chapters/03-soil.md."


def downgrade_to_notes(findings: Iterable[Finding], codes: Iterable[str]) -> tuple[Finding, ...]:
    """Return findings with those of the given codes downgraded to notes."""
    to_downgrade = frozenset(codes)
    return tuple(replace(f, severity=Severity.INFO) if f.code in to_downgrade else f for f in findings)
