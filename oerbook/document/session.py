"""One Sphinx run: a book goes in; a web site, manuscripts for the other formats and findings come out."""

from __future__ import annotations

import gc
import io
import logging
import os
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx, builtin_extensions
from sphinx.deprecation import RemovedInNextVersionWarning
from sphinx.util.docutils import docutils_namespace, patch_docutils

from oerbook.document import extension
from oerbook.document.context.build_context import Desk, put
from oerbook.document.context.log_handler import Listener
from oerbook.document.pandoc import assemble
from oerbook.document.reading import generated_pages
from oerbook.document.resolving import proof as proofs
from oerbook.document.resolving.builder import BookBuilder
from oerbook.document.resolving.live_page import Live
from oerbook.manuscript.manuscript import Manuscript
from oerbook.model.book import Book
from oerbook.model.findings import Finding
from oerbook.model.proof import Proof

# What Sphinx tells the authors of extensions is no news for the authors of books.
warnings.filterwarnings("ignore", category=RemovedInNextVersionWarning)
COLLECT = (
    50_000,
    20,
    20,
)  # trees are many small things that stay: looking for cycles among them less often saves a third
PATIENCE = 180.0  # seconds of work for one page of one's own book
Stage = Callable[[str, int | None], Any]


@dataclass(frozen=True, slots=True)
class Understood:
    """What Sphinx made of the book: the site's folder (None when it was not wanted), manuscripts by target, findings,
    and the proof and the open run, when they were asked for.
    """

    site: Path | None
    manuscripts: Mapping[str, Manuscript]
    findings: tuple[Finding, ...]
    proof: Proof | None = None
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: targets among html, epub, docx and typst; the cache folder; the book's moment in seconds.

    `patience` is how many seconds of work one page may take (0: as many as it needs); `tried` are pages to set for the
    web, to see whether they can be, and to throw away. `stay` leaves the run open, for the rest of the process.
    """

    targets: Sequence[str]
    work: Path
    epoch: int
    downloads: tuple[tuple[str, str], ...] = ()
    proof: bool = False
    patience: float = PATIENCE
    tried: Sequence[str] = ()
    stay: bool = False


def load() -> None:
    """Load what a run loads sooner or later, so that the runs of its forks need not."""
    late = ("oerbook.document.resolving.builder", "oerbook.document.reading.parser", "myst_parser.sphinx_ext.main")
    for name in (*builtin_extensions, *extension.EXTENSIONS, *late):
        import_module(name)


def understand(book: Book, order: Order, stage: Stage) -> Understood:
    """Read and resolve the book once, and return it ready for every target asked for.

    The caller holds the lock on `order.work`. A run that was cut short leaves a mark, and the next one starts
    Sphinx's own cache anew; what is kept by content stays.
    """
    os.environ["SOURCE_DATE_EPOCH"] = str(order.epoch)
    # docutils would obey a docutils.conf in the folder that a command is started in, which may name files to write to
    os.environ["DOCUTILSCONFIG"] = os.devnull
    here = put(Desk(book, order.work, frozenset(order.targets), downloads=order.downloads, epoch=order.epoch))
    here.patience = order.patience
    generated_pages.lay_out(here)
    with ExitStack() as run:
        run.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(*COLLECT)
        run.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.DEBUG)  # Sphinx tells itself a thousand things that nobody hears
        run.enter_context(docutils_namespace())
        run.enter_context(patch_docutils())
        with _unfinished(order.work):
            app = _application(here, order.work)
            listener = Listener(app)
            logging.getLogger("sphinx").addHandler(listener)
            run.callback(logging.getLogger("sphinx").removeHandler, listener)
            builder: Any = app.builder
            with stage("reading", len(here.pages)) as advance:
                app.connect("source-read", lambda *_: advance())
                builder.advance = lambda *_: None
                builder.build_update()
            assert isinstance(builder, BookBuilder)
            manuscripts = {}
            for target in order.targets:
                if target != "html":
                    with stage(f"setting {target}", len(builder.keys)) as advance:
                        manuscripts[target] = assemble.manuscript(here, builder, target, order.epoch, advance)
            builder.try_out(order.tried)
            proof = proofs.proof_of(here, builder) if order.proof else None
            kinds = ("resolved", "said", "needs", *(("proof",) if order.proof else ()))
            builder.shelf.sweep(*kinds, *(f"ast-{target}" for target in manuscripts))
        live = Live(app, here, run.pop_all()) if order.stay else None
    site = order.work / "site" if "html" in order.targets else None
    findings = [finding for pile in here.findings.values() for finding in pile]
    return Understood(site, manuscripts, tuple(findings), proof, live)


def _application(here: Desk, work: Path) -> Sphinx:
    """Return Sphinx set up for a book without running the book's conf.py."""
    source = here.book.root / "chapters"
    (work / "site").mkdir(parents=True, exist_ok=True)
    return Sphinx(
        srcdir=source,
        confdir=None,
        outdir=work / "site",
        doctreedir=work / "doctrees",
        buildername="oerbook",
        confoverrides={"extensions": ["oerbook"]},
        status=io.StringIO(),
        warning=io.StringIO(),
        freshenv=False,
        verbosity=0,
    )


@contextmanager
def _unfinished(work: Path) -> Iterator[None]:
    """Mark the run as begun; if the last one never ended, do not trust what Sphinx had half written."""
    mark = work / "unfinished"
    if mark.exists():
        for name in ("doctrees", "site"):
            shutil.rmtree(work / name, ignore_errors=True)
        (work / "state" / "html.json").unlink(missing_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    mark.touch()
    yield
    mark.unlink()
