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
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx, builtin_extensions
from sphinx.deprecation import RemovedInNextVersionWarning
from sphinx.util.docutils import docutils_namespace, patch_docutils

from oerbook.document import extension
from oerbook.document.context.build_context import BuildContext, set_context
from oerbook.document.context.log_handler import FindingLogHandler
from oerbook.document.pandoc import assemble
from oerbook.document.reading.generated import pages as generated_pages
from oerbook.document.reading.generated.suggested_citations import with_citations
from oerbook.document.resolving import saved_environment
from oerbook.document.resolving.builder import BookBuilder
from oerbook.document.resolving.check_input import build_check_input, page_recorder
from oerbook.document.resolving.live_page import OpenSession
from oerbook.document.resolving.page_contents import list_page_contents
from oerbook.errors import OerbookError
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.excerpt import book_of_chapter
from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput
from oerbook.model.content import PageContent
from oerbook.model.findings import Finding
from oerbook.model.formats import target_title
from oerbook.sandbox.limits import failure_reason
from oerbook.storage.cache import Cache
from oerbook.storage.machine_errors import raise_machine_error

# These warnings are for the authors of extensions, not of books.
warnings.filterwarnings("ignore", category=RemovedInNextVersionWarning)
# Doctrees are many small objects that stay alive: fewer garbage collections make a run a third faster.
GC_THRESHOLDS = (50_000, 20, 20)
PAGE_TIMEOUT_S = 180.0  # CPU time for one page of a trusted book
StageReporter = Callable[[str, int | None], Any]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The results of a run.

    `site` is the folder of the web site, None if HTML is not a target or failed; `manuscripts` are by target.
    `check_input` and `open_session` are None, and `page_contents` is empty, unless they were requested.
    """

    site: Path | None
    manuscripts: Mapping[str, Manuscript]
    findings: tuple[Finding, ...]
    cache_dir: Path
    failures_by_target: Mapping[str, Exception] = field(default_factory=dict)  # by target: why it could not be made
    check_input: CheckInput | None = None
    page_contents: tuple[PageContent, ...] = ()
    open_session: OpenSession | None = None
    # By target: findings about it alone, which are in `findings` too.
    target_findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What a run is to produce, and how."""

    targets: Sequence[str]  # of html, epub, docx and typst
    cache_dir: Path  # the cache directory
    epoch: int  # timestamp of the book, in seconds since 1970
    downloads: tuple[tuple[str, str], ...] = ()
    with_check_input: bool = False
    with_page_contents: bool = False  # what every page holds, to compare with the finished files
    page_timeout_s: float = PAGE_TIMEOUT_S  # CPU seconds per page; 0: no limit
    pages_to_test_render: Sequence[str] = ()  # pages to render as HTML only to see whether that works
    excerpt: str = ""  # the page whose chapter the manuscripts hold alone
    keep_open: bool = False  # keep Sphinx running for later changes of the book


def preload_modules() -> None:
    """Import all modules that a run needs, so that forks have them already."""
    deferred = ("oerbook.document.resolving.builder", "oerbook.document.reading.parser", "myst_parser.sphinx_ext.main")
    for name in (*builtin_extensions, *extension.SPHINX_EXTENSIONS, *deferred):
        import_module(name)


def run_sphinx(book: Book, request: BuildRequest, stage: StageReporter) -> BuildResult:
    """Read and resolve the book once; return the results for all targets.

    The caller holds the lock on the cache directory. An interrupted run leaves a marker, and the next one deletes the
    cache of Sphinx; what is cached by content stays. `stage(name, total)` returns a context manager that yields a
    function to call after each step.
    """
    # docutils would read a docutils.conf in the working directory, which may name files to write to
    os.environ["DOCUTILSCONFIG"] = os.devnull
    context = _new_context(book, request)
    generated_pages.write_generated_pages(context)
    with ExitStack() as stack:
        _prepare_process(stack)
        with _incomplete_marker(request.cache_dir):
            saved_environment.discard_unsigned(request.cache_dir)
            app = _application(context, request.cache_dir)
            _handle_log_records(app, stack)
            builder = _read(app, context, request, stage)
            manuscripts = _assemble_manuscripts(context, builder, request, stage)
            builder.render_and_discard(request.pages_to_test_render)
            check_input = build_check_input(context, builder) if request.with_check_input else None
            content = list_page_contents(context, builder) if request.with_page_contents else ()
            kinds = (
                ["resolved", "said"]
                + ["checked-page"] * request.with_check_input
                + ["content"] * request.with_page_contents
            )
            builder.kept_pages.clear()
            builder.cache.delete_unused(*kinds, *(f"ast-{target}" for target in manuscripts))
            saved_environment.sign_saved(request.cache_dir)
        live = OpenSession(app, context, stack.pop_all()) if request.keep_open else None
    has_site = "html" in request.targets and "html" not in context.failures_by_target
    site = request.cache_dir / "site" if has_site else None
    findings = tuple(finding for page_findings in context.findings.values() for finding in page_findings)
    extras = (context.failures_by_target, check_input, content, live, _target_findings(context))
    return BuildResult(site, manuscripts, findings, request.cache_dir, *extras)


def _new_context(book: Book, request: BuildRequest) -> BuildContext:
    """Return the context of a run, with the book and how to cite it."""
    book = with_citations(book, request.epoch, Cache(request.cache_dir))
    context = set_context(
        BuildContext(
            book, request.cache_dir, frozenset(request.targets), downloads=request.downloads, epoch=request.epoch
        )
    )
    context.page_timeout_s = request.page_timeout_s
    context.is_kept_open = request.keep_open
    if request.excerpt:
        context.excerpt = book_of_chapter(book, context.pages[request.excerpt])
    return context


def _target_findings(context: BuildContext) -> dict[str, tuple[Finding, ...]]:
    """Return by target the findings that are about it alone."""
    general = context.target_findings.get("", set())
    return {
        target: tuple(sorted(found - general, key=lambda finding: (finding.sort_key, finding.hint)))
        for target, found in context.target_findings.items()
        if target
    }


def _prepare_process(stack: ExitStack) -> None:
    """Set up garbage collection, logging and docutils until the stack is closed."""
    stack.callback(gc.set_threshold, *gc.get_threshold())
    gc.set_threshold(*GC_THRESHOLDS)
    stack.callback(logging.disable, logging.root.manager.disable)
    logging.disable(logging.DEBUG)  # Sphinx logs thousands of debug messages that are never shown
    stack.enter_context(docutils_namespace())
    stack.enter_context(patch_docutils())


def _handle_log_records(app: Sphinx, stack: ExitStack) -> None:
    """Turn the log records of Sphinx into findings, until the stack is closed."""
    handler = FindingLogHandler(app)
    logging.getLogger("sphinx").addHandler(handler)
    stack.callback(logging.getLogger("sphinx").removeHandler, handler)


def _read(app: Sphinx, context: BuildContext, request: BuildRequest, stage: StageReporter) -> BookBuilder:
    """Read and resolve the changed pages; write their HTML if it is a target."""
    builder: Any = app.builder
    with stage("reading", len(context.pages)) as advance:
        app.connect("source-read", lambda _app, name, _text: advance() if name in context.pages else None)
        builder.advance = lambda *_: None
        if request.with_check_input:
            builder.after_resolving = page_recorder(context, builder)
        builder.build_update()
    assert isinstance(builder, BookBuilder)
    return builder


def _assemble_manuscripts(
    context: BuildContext, builder: BookBuilder, request: BuildRequest, stage: StageReporter
) -> dict[str, Manuscript]:
    """Return the manuscript for each target except HTML; one that fails costs only itself."""
    manuscripts = {}
    for target in request.targets:
        if target != "html":
            with stage(f"rendering {target_title(target)}", len(builder.cache_keys)) as advance:
                try:
                    with context.collect_target_findings(target):
                        manuscripts[target] = assemble.build_manuscript(
                            context, builder, target, request.epoch, advance
                        )
                except Exception as error:  # noqa: BLE001 - extensions raise anything
                    context.record_failure(target, error)
    return manuscripts


def _application(context: BuildContext, cache_dir: Path) -> Sphinx:
    """Return Sphinx set up for a book; its conf.py is not run."""
    source = context.book.root / "chapters"
    (cache_dir / "site").mkdir(parents=True, exist_ok=True)
    try:
        return Sphinx(
            srcdir=source,
            confdir=None,
            outdir=cache_dir / "site",
            doctreedir=cache_dir / saved_environment.DOCTREES_FOLDER,
            buildername="oerbook",
            confoverrides={"extensions": ["oerbook"]},
            status=io.StringIO(),
            warning=io.StringIO(),
            freshenv=False,
            verbosity=0,
        )
    except Exception as error:  # a theme of the book can name a style or a module that does not exist
        raise_machine_error(error)
        hint = "Check the theme.toml of the book's theme, if it has one. Otherwise please report this."
        raise OerbookError(f"Sphinx cannot start: {failure_reason(error)}", hint=hint) from error


@contextmanager
def _incomplete_marker(cache_dir: Path) -> Iterator[None]:
    """Keep a marker file while the block runs; clean up if the last run left one."""
    marker = cache_dir / "unfinished"
    if marker.exists():
        for name in (saved_environment.DOCTREES_FOLDER, "site"):
            shutil.rmtree(cache_dir / name, ignore_errors=True)
        (cache_dir / "state" / "html.json").unlink(missing_ok=True)
    cache_dir.mkdir(parents=True, exist_ok=True)
    marker.touch()
    yield
    marker.unlink()
