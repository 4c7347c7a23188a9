"""Run Sphinx on a book; return web site, manuscripts and findings."""

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

# These warnings are for the authors of extensions, not of books.
warnings.filterwarnings("ignore", category=RemovedInNextVersionWarning)
# Doctrees are many small objects that stay alive: fewer garbage collections make a run a third faster.
COLLECT = (50_000, 20, 20)
PATIENCE = 180.0  # CPU time for one page of a trusted book
Stage = Callable[[str, int | None], Any]
_FORMAT_NAMES = {"epub": "EPUB", "docx": "DOCX", "typst": "PDF"}


@dataclass(frozen=True, slots=True)
class Understood:
    """The results of a run.

    `site` is the folder of the web site, None if HTML is not a target; `manuscripts` are by target. `proof` and `live`
    are None unless they were requested.
    """

    site: Path | None
    manuscripts: Mapping[str, Manuscript]
    findings: tuple[Finding, ...]
    proof: Proof | None = None
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is to produce, and how."""

    targets: Sequence[str]  # of html, epub, docx and typst
    work: Path  # the cache directory
    epoch: int  # timestamp of the book, in seconds since 1970
    downloads: tuple[tuple[str, str], ...] = ()
    proof: bool = False
    patience: float = PATIENCE  # CPU seconds per page; 0: no limit
    tried: Sequence[str] = ()  # pages to render as HTML only to see whether that works
    stay: bool = False  # keep Sphinx running for later changes of the book


def load() -> None:
    """Import all modules that a run needs, so that forks have them already."""
    deferred = ("oerbook.document.resolving.builder", "oerbook.document.reading.parser", "myst_parser.sphinx_ext.main")
    for name in (*builtin_extensions, *extension.EXTENSIONS, *deferred):
        import_module(name)


def understand(book: Book, order: Order, stage: Stage) -> Understood:
    """Read and resolve the book once; return the results for all targets.

    The caller holds the lock on the cache directory. An interrupted run leaves a marker, and the next one deletes the
    cache of Sphinx; what is cached by content stays. `stage(name, total)` returns a context manager that yields a
    function to call after each step.
    """
    # docutils would read a docutils.conf in the working directory, which may name files to write to
    os.environ["DOCUTILSCONFIG"] = os.devnull
    context = put(Desk(book, order.work, frozenset(order.targets), downloads=order.downloads, epoch=order.epoch))
    context.patience = order.patience
    generated_pages.lay_out(context)
    with ExitStack() as stack:
        _prepare_process(stack)
        with _incomplete_marker(order.work):
            app = _application(context, order.work)
            _handle_log_records(app, stack)
            builder = _read(app, context, stage)
            manuscripts = _assemble_manuscripts(context, builder, order, stage)
            builder.try_out(order.tried)
            proof = proofs.proof_of(context, builder) if order.proof else None
            kinds = ("resolved", "said", "needs", *(("proof",) if order.proof else ()))
            builder.shelf.sweep(*kinds, *(f"ast-{target}" for target in manuscripts))
        live = Live(app, context, stack.pop_all()) if order.stay else None
    site = order.work / "site" if "html" in order.targets else None
    findings = [finding for page_findings in context.findings.values() for finding in page_findings]
    return Understood(site, manuscripts, tuple(findings), proof, live)


def _prepare_process(stack: ExitStack) -> None:
    """Set up garbage collection, logging and docutils until the stack is closed."""
    stack.callback(gc.set_threshold, *gc.get_threshold())
    gc.set_threshold(*COLLECT)
    stack.callback(logging.disable, logging.root.manager.disable)
    logging.disable(logging.DEBUG)  # Sphinx logs thousands of debug messages that nobody reads
    stack.enter_context(docutils_namespace())
    stack.enter_context(patch_docutils())


def _handle_log_records(app: Sphinx, stack: ExitStack) -> None:
    """Turn the log records of Sphinx into findings, until the stack is closed."""
    handler = Listener(app)
    logging.getLogger("sphinx").addHandler(handler)
    stack.callback(logging.getLogger("sphinx").removeHandler, handler)


def _read(app: Sphinx, context: Desk, stage: Stage) -> BookBuilder:
    """Read and resolve the changed pages; write their HTML if it is a target."""
    builder: Any = app.builder
    with stage("reading", len(context.pages)) as advance:
        app.connect("source-read", lambda *_: advance())
        builder.advance = lambda *_: None
        builder.build_update()
    assert isinstance(builder, BookBuilder)
    return builder


def _assemble_manuscripts(context: Desk, builder: BookBuilder, order: Order, stage: Stage) -> dict[str, Manuscript]:
    """Return the manuscript for each target except HTML."""
    manuscripts = {}
    for target in order.targets:
        if target != "html":
            with stage(f"rendering {_FORMAT_NAMES.get(target, target)}", len(builder.keys)) as advance:
                manuscripts[target] = assemble.manuscript(context, builder, target, order.epoch, advance)
    return manuscripts


def _application(context: Desk, cache_dir: Path) -> Sphinx:
    """Return Sphinx set up for a book; its conf.py is not run."""
    source = context.book.root / "chapters"
    (cache_dir / "site").mkdir(parents=True, exist_ok=True)
    return Sphinx(
        srcdir=source,
        confdir=None,
        outdir=cache_dir / "site",
        doctreedir=cache_dir / "doctrees",
        buildername="oerbook",
        confoverrides={"extensions": ["oerbook"]},
        status=io.StringIO(),
        warning=io.StringIO(),
        freshenv=False,
        verbosity=0,
    )


@contextmanager
def _incomplete_marker(cache_dir: Path) -> Iterator[None]:
    """Keep a marker file while the block runs; clean up if the last run left one."""
    marker = cache_dir / "unfinished"
    if marker.exists():
        for name in ("doctrees", "site"):
            shutil.rmtree(cache_dir / name, ignore_errors=True)
        (cache_dir / "state" / "html.json").unlink(missing_ok=True)
    cache_dir.mkdir(parents=True, exist_ok=True)
    marker.touch()
    yield
    marker.unlink()
