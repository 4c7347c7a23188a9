"""Build the site in the preview process, then render single pages on request."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from oerbook.checks import CHECKS, OF_ONE_PAGE
from oerbook.document import session
from oerbook.document.resolving.live_page import Live, PageSet
from oerbook.document.session import Order, understand
from oerbook.model.book import Book
from oerbook.model.findings import Finding
from oerbook.model.proof import PageProof, Proof
from oerbook.source.book import read_book
from oerbook.source.notebook_locations import in_cells
from oerbook.tasks.build.build import alone, conf_not_run, credited, moment, place, settled
from oerbook.tasks.credits.report import passages

PATIENCE = 30  # seconds of work that one page may take
session.load()  # at import, because the processes are forked from one that has imported this module

Message = tuple[str] | tuple[str, str, int | None]  # ("step",) or ("stage", name, number of steps)


@dataclass(frozen=True, slots=True)
class Job:
    """The book's folder, the output folder, and the page likely to be requested first."""

    root: Path
    out: Path
    likely: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A built site: its folder, its findings, and page addresses by source path.

    `advice` are the findings of the checks.
    """

    site: Path
    findings: tuple[Finding, ...]
    addresses: Mapping[str, str]
    advice: tuple[Finding, ...] = ()


def whole(job: Job, send: Callable[[Message], None]) -> tuple[Whole, Callable[[str], PageSet | None]]:
    """Build the site; return it, and a function that renders one page again.

    Progress is sent as messages. Raises OerbookError when there is no book, or when another preview is using `out`.
    """
    with alone(job.out):
        book, read_findings = read_book(job.root)
        with _stage(send, "credits", None):
            book, authors = credited(book, job.out)
        cache_folder = job.out / ".cache"
        request = Order(("html",), cache_folder, moment(book), patience=PATIENCE, stay=True, proof=True)
        result = understand(book, request, partial(_stage, send))
        live, site = result.live, result.site
        assert live is not None and site is not None
        with _stage(send, "installing site", None):
            artifact = place(site, job.out, (), passages(book, authors, cache_folder))
    build_findings = [*read_findings, *authors.findings, *conf_not_run(book), *result.findings]
    findings = settled(in_cells(build_findings, job.root))
    check_findings = [finding for check in CHECKS.values() for finding in check(book, result.proof or Proof())]
    advice = settled(in_cells(check_findings, job.root))
    with tempfile.TemporaryDirectory() as folder:
        live.rehearse(job.likely, Path(folder))
    gc.freeze()  # keep the garbage collector from copying memory that forks share
    return Whole(artifact.path, findings, live.addresses(), advice), partial(_render_page, job.root, live)


@contextmanager
def _stage(send: Callable[[Message], None], name: str, total: int | None) -> Iterator[Callable[..., None]]:
    """Send the beginning and the steps of a stage; steps after its end are ignored."""
    is_open = True

    def step(*_: object) -> None:
        if is_open:  # rendering a page later also reports steps, when nobody receives messages any more
            send(("step",))

    send(("stage", name, total))
    yield step
    is_open = False


def _render_page(root: Path, live: Live, path: str) -> PageSet | None:
    """Return a page as it is on disk now; None when the book must be rebuilt first."""
    with tempfile.TemporaryDirectory() as folder:
        book, read_findings = read_book(root)
        rendered = live.page(book, path, Path(folder))
    if rendered is None:
        return None
    findings = [finding for finding in read_findings if finding.place.path == path]
    all_findings = settled(in_cells([*findings, *rendered.findings], root))
    return PageSet(rendered.files, all_findings, advice=_check_page(book, path, rendered.proof))


def _check_page(book: Book, path: str, page: PageProof | None) -> tuple[Finding, ...]:
    """Return the findings of those checks that need one page only."""
    proof = Proof((page,) if page else ())
    findings = [finding for name in OF_ONE_PAGE for finding in CHECKS[name](book, proof)]
    return settled(in_cells([finding for finding in findings if finding.place.path == path], book.root))
