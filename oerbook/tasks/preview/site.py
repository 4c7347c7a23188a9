"""What runs in the process behind a live preview: the whole book as a site, and then one page at a time."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oerbook.checks import CHECKS, OF_ONE_PAGE
from oerbook.document import session
from oerbook.document.resolving.live_page import PageSet
from oerbook.document.session import Order, understand
from oerbook.model.book import Book
from oerbook.model.findings import Finding
from oerbook.model.proof import PageProof, Proof
from oerbook.source.book import read_book
from oerbook.source.notebook_locations import in_cells
from oerbook.tasks.build.build import alone, conf_not_run, credited, moment, place, settled
from oerbook.tasks.credits.report import passages

PATIENCE = 30  # seconds of work that one page may take
session.load()  # whoever loads this module forks it


@dataclass(frozen=True, slots=True)
class Job:
    """The book's folder, the folder for the site and what is kept, and the page that is likely to be asked for first."""

    root: Path
    out: Path
    likely: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """The book as it is now: the folder of its site, what there is to say, and the address of each page by its source.

    `advice` is what the checks say of it.
    """

    site: Path
    findings: tuple[Finding, ...]
    addresses: Mapping[str, str]
    advice: tuple[Finding, ...] = ()


def whole(job: Job, tell: Callable[[Any], None]) -> tuple[Whole, Callable[[str], PageSet | None]]:
    """Build the site, telling ("stage", name, steps) and ("step",) meanwhile; return it, and what sets one page anew.

    Raises OerbookError when there is no book, or when another preview is at work in the folder.
    """

    @contextmanager
    def stage(name: str, total: int | None) -> Iterator[Callable[..., None]]:
        goes_on = [True]  # what sets a page later steps on too, and there is nobody to tell
        tell(("stage", name, total))
        yield lambda *_: tell(("step",)) if goes_on else None
        goes_on.clear()

    with alone(job.out):
        book, said = read_book(job.root)
        with stage("credits", None):
            book, found = credited(book, job.out)
        work = job.out / ".cache"
        order = Order(("html",), work, moment(book), patience=PATIENCE, stay=True, proof=True)
        understood = understand(book, order, stage)
        live, site = understood.live, understood.site
        assert live is not None and site is not None
        with stage("placing html", None):
            made = place(site, job.out, (), passages(book, found, work))
    findings = settled(in_cells([*said, *found.findings, *conf_not_run(book), *understood.findings], job.root))

    looked = [found for look in CHECKS.values() for found in look(book, understood.proof or Proof())]
    advice = settled(in_cells(looked, job.root))

    def page(path: str) -> PageSet | None:
        with tempfile.TemporaryDirectory() as folder:
            fresh, remarks = read_book(job.root)
            shown = live.page(fresh, path, Path(folder))
        if shown is None:
            return None
        own = [finding for finding in remarks if finding.place.path == path]
        return PageSet(
            shown.files, settled(in_cells([*own, *shown.findings], job.root)), advice=_advice(fresh, path, shown.proof)
        )

    with tempfile.TemporaryDirectory() as folder:
        live.rehearse(job.likely, Path(folder))
    gc.freeze()  # what is there now is shared by all forks
    return Whole(made.path, findings, live.addresses(), advice), page


def _advice(book: Book, path: str, proof: PageProof | None) -> tuple[Finding, ...]:
    """Return what the checks say of one page, as far as they need no other."""
    seen = Proof((proof,) if proof else ())
    said = [finding for name in OF_ONE_PAGE for finding in CHECKS[name](book, seen)]
    return settled(in_cells([finding for finding in said if finding.place.path == path], book.root))
