"""Build the site in the preview process, then render single pages on request."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from oerbook.checks import CHECKS, SINGLE_PAGE_CHECKS
from oerbook.document import session
from oerbook.document.resolving.live_page import OpenSession, RenderedPage
from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.model.book import Book
from oerbook.model.check_input import CheckedPage, CheckInput
from oerbook.model.findings import Finding
from oerbook.source.book import read_book
from oerbook.source.notebook import locate_in_cells
from oerbook.tasks.build.build import add_credits, book_timestamp, check_conf_py
from oerbook.tasks.build.build_report import dedupe_findings
from oerbook.tasks.build.install_site import install_site
from oerbook.tasks.build.output_lock import lock_output_folder
from oerbook.tasks.credits.report import build_passage_author_files

PREVIEW_PAGE_TIMEOUT_S = 30  # seconds of work that one page may take
session.preload_modules()  # at import, because the processes are forked from one that has imported this module

ProgressMessage = tuple[str] | tuple[str, str, int | None]  # ("step",) or ("stage", name, number of steps)


@dataclass(frozen=True, slots=True)
class PreviewJob:
    """The book's folder, the output folder, and the page likely to be requested first."""

    root: Path
    out: Path
    likely_page: str = ""


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """A built site: its folder, its findings, and page addresses by source path.

    `check_findings` are the findings of the checks.
    """

    folder: Path
    findings: tuple[Finding, ...]
    page_addresses: Mapping[str, str]
    check_findings: tuple[Finding, ...] = ()


def build_site(
    job: PreviewJob, send: Callable[[ProgressMessage], None]
) -> tuple[BuiltSite, Callable[[str], RenderedPage | None]]:
    """Build the site; return it, and a function that renders one page again.

    Progress is sent as messages. Raises OerbookError when there is no book, or when another preview is using `out`.
    """
    with lock_output_folder(job.out):
        book, read_findings = read_book(job.root)
        with _stage(send, "credits", None):
            book, authors = add_credits(book, job.out)
        cache_folder = job.out / ".cache"
        request = BuildRequest(
            ("html",),
            cache_folder,
            book_timestamp(book),
            page_timeout_s=PREVIEW_PAGE_TIMEOUT_S,
            keep_open=True,
            with_check_input=True,
        )
        result = run_sphinx(book, request, partial(_stage, send))
        live, site = result.open_session, result.site
        assert live is not None and site is not None
        with _stage(send, "installing site", None):
            artifact = install_site(site, job.out, (), build_passage_author_files(book, authors, cache_folder))
    build_findings = [*read_findings, *authors.findings, *check_conf_py(book), *result.findings]
    findings = dedupe_findings(locate_in_cells(build_findings, job.root))
    check_findings = [
        finding for check in CHECKS.values() for finding in check(book, result.check_input or CheckInput())
    ]
    advice = dedupe_findings(locate_in_cells(check_findings, job.root))
    with tempfile.TemporaryDirectory() as folder:
        live.warm_up(job.likely_page, Path(folder))
    gc.freeze()  # keep the garbage collector from copying memory that forks share
    return BuiltSite(artifact.path, findings, live.page_urls(), advice), partial(_render_page, job.root, live)


@contextmanager
def _stage(send: Callable[[ProgressMessage], None], name: str, total: int | None) -> Iterator[Callable[..., None]]:
    """Send the beginning and the steps of a stage; steps after its end are ignored."""
    is_open = True

    def step(*_: object) -> None:
        if is_open:  # rendering a page later also reports steps, when nobody receives messages any more
            send(("step",))

    send(("stage", name, total))
    yield step
    is_open = False


def _render_page(root: Path, live: OpenSession, path: str) -> RenderedPage | None:
    """Return a page as it is on disk now; None when the book must be rebuilt first."""
    with tempfile.TemporaryDirectory() as folder:
        book, read_findings = read_book(root)
        rendered = live.render_page(book, path, Path(folder))
    if rendered is None:
        return None
    findings = [finding for finding in read_findings if finding.place.path == path]
    all_findings = dedupe_findings(locate_in_cells([*findings, *rendered.findings], root))
    return RenderedPage(rendered.files, all_findings, check_findings=_check_page(book, path, rendered.checked_page))


def _check_page(book: Book, path: str, page: CheckedPage | None) -> tuple[Finding, ...]:
    """Return the findings of those checks that need one page only."""
    check_input = CheckInput((page,) if page else ())
    findings = [finding for name in SINGLE_PAGE_CHECKS for finding in CHECKS[name](book, check_input)]
    return dedupe_findings(locate_in_cells([finding for finding in findings if finding.place.path == path], book.root))
