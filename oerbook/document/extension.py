"""The Sphinx extension `oerbook`: connects everything that a book needs to Sphinx."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from oerbook import __version__
from oerbook.document import sphinx_config
from oerbook.document.context import line_numbers, name_clashes, page_names, reading_order
from oerbook.document.context.build_context import BuildContext, current_context, has_context, set_context
from oerbook.document.context.lazy_dict import LazyDict
from oerbook.document.html import template_context, theme_files
from oerbook.document.math import nodes as math_nodes
from oerbook.document.reading import bibliographies, foreign_directives, generated_pages
from oerbook.document.resolving import figure_numbers, section_numbers
from oerbook.document.resolving.page_digest import page_digest
from oerbook.document.safety import directives as safety_directives
from oerbook.document.safety import html, size_limits
from oerbook.document.transforms import (
    abbreviations,
    docutils_problems,
    exercise_pairs,
    external_references,
    html_only,
    images,
    raw_html,
    solutions,
    text_direction,
)
from oerbook.storage.file_cache import file_digest

LOGGER = logging.getLogger(__name__)
SPHINX_EXTENSIONS = (
    "sphinx_design",
    "sphinx_proof",
    "sphinx_exercise",
    "sphinxcontrib.bibtex",
    "sphinx.ext.todo",
    "sphinx.ext.intersphinx",
)
# Attributes of the environment of Sphinx with our own state, each a dict by page.
PAGE_STATE = (
    "oerbook_sources",
    "oerbook_findings",
    "oerbook_formulas",
    "oerbook_outlines",
    "oerbook_cited",
    "oerbook_clashes",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything that a book needs.

    Reads the book first if no context is set, which is the case in a plain `sphinx-build`.
    """
    if not has_context():
        _read_book(app)
    sphinx_config.set_language(app.config)
    from myst_parser.sphinx_ext.main import setup_sphinx

    from oerbook.document.reading.parser import BookParser
    from oerbook.document.resolving.builder import BookBuilder

    app.connect("config-inited", sphinx_config.configure, priority=1)
    for extension in SPHINX_EXTENSIONS:
        app.setup_extension(extension)
    size_limits.install(app)
    bibliographies.patch_libraries()
    setup_sphinx(app, load_parser=False)
    app.add_source_suffix(".md", "markdown", override=True)
    app.add_source_suffix(".ipynb", "ipynb", override=True)
    app.add_source_parser(BookParser, override=True)
    app.add_builder(BookBuilder)
    app.add_html_math_renderer("oerbook", (math_nodes.visit_math, None), (math_nodes.visit_math_block, None))
    theme = theme_files.prepare_theme(current_context())  # with a prefix, because Sphinx has a theme "classic" too
    app.add_html_theme(f"oerbook-{theme.name}", str(theme / "html"))
    foreign_directives.register(app)
    safety_directives.install(app)
    section_numbers.install()
    figure_numbers.install()
    page_names.install()
    exercise_pairs.patch_sphinx_exercise()
    app.add_directive_to_domain("std", "glossary", line_numbers.GlossaryWithLines, override=True)
    _connect(app)
    return {"version": __version__, "parallel_read_safe": False, "parallel_write_safe": False}


def _connect(app: Sphinx) -> None:
    """Connect our handlers to the events of Sphinx.

    Those for doctree-read are listed in the order of their priorities.
    """
    app.connect("builder-inited", _init_environment, priority=1)
    app.connect("builder-inited", html_only.keep_only_nodes, priority=2)
    app.connect("env-get-outdated", _changed_pages)
    app.connect("env-purge-doc", _forget_page)
    app.connect("source-read", _remember_source_digest)
    app.connect("doctree-read", _record_footnote_citations, priority=80)
    app.connect("doctree-read", docutils_problems.remove_system_messages, priority=90)
    app.connect("doctree-read", docutils_problems.restore_reference_lines, priority=92)
    app.connect("doctree-read", docutils_problems.flatten_statements, priority=95)
    app.connect("doctree-read", exercise_pairs.repair_unpaired, priority=96)
    app.connect("doctree-read", raw_html.convert_html, priority=100)
    app.connect("doctree-read", raw_html.remove_meta, priority=105)
    app.connect("doctree-read", html.sanitize_nodes, priority=107)
    app.connect("doctree-read", safety_directives.check_downloads, priority=110)
    app.connect("doctree-read", safety_directives.remove_unsafe_links, priority=112)
    app.connect("doctree-read", images.check_images, priority=120)
    app.connect("doctree-read", abbreviations.mark_abbreviations, priority=122)
    app.connect("doctree-read", solutions.move_solutions, priority=125)
    app.connect("doctree-read", reading_order.add_toctree, priority=130)
    app.connect("doctree-read", math_nodes.collect_formulas, priority=140)
    app.connect("doctree-read", text_direction.mark_direction, priority=150)
    app.connect("doctree-read", _record_inputs, priority=900)
    app.connect("missing-reference", external_references.resolve_external, priority=900)
    app.connect("env-updated", _convert_formulas)
    app.connect("env-get-updated", _save_findings)
    app.connect("doctree-resolved", safety_directives.remove_unsafe_resolved_links, priority=890)
    app.connect("doctree-resolved", math_nodes.report_problems, priority=900)
    app.connect("html-page-context", template_context.add_template_context)
    app.connect("html-page-context", html.sanitize_page, priority=900)
    app.connect("html-collect-pages", template_context.collect_copyright_page)
    app.connect("build-finished", _log_findings)


def _read_book(app: Sphinx) -> None:
    """Read the book for a plain `sphinx-build`."""
    from oerbook.source.book import read_book

    book, findings = read_book(Path(app.srcdir).parent)
    context = set_context(BuildContext(book, Path(app.doctreedir) / "oerbook"))
    for finding in findings:
        context.add_finding("", finding)
    generated_pages.write_generated_pages(context)


def _init_environment(app: Sphinx) -> None:
    """Name documents by slug, and add our state to environment and application."""
    book_project = page_names.BookProject(app.srcdir, app.config.source_suffix)
    book_project.restore(app.project)
    app.project = app.env.project = book_project
    app.oerbook_formula_store = math_nodes.FormulaStore(current_context().cache_dir)  # type: ignore[attr-defined]
    for name in PAGE_STATE:
        if not hasattr(app.env, name):
            setattr(app.env, name, {})
    env: Any = app.env
    if not isinstance(env.tocs, LazyDict):
        env.tocs = LazyDict({name: pickle.dumps(toc) for name, toc in env.tocs.items()})
    for docname, findings in app.env.oerbook_findings.items():  # type: ignore[attr-defined]
        for finding in findings:
            current_context().add_finding(docname, finding)


def _changed_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return changed pages and those that define the same names."""
    digests: dict[str, str] = getattr(env, "oerbook_sources", {})
    candidates = {*current_context().pages, *current_context().generated_pages} & env.found_docs & env.all_docs.keys()
    stale = {name for name in candidates if digests.get(name) != page_digest(env, name)}
    return sorted(name_clashes.clashing_pages(env, stale | changed | removed) & env.found_docs)


def _remember_source_digest(app: Any, docname: str, source: list[str]) -> None:
    """Remember the digest of a page's file, which may change before reading ends."""
    app.oerbook_source_digests = {docname: file_digest(current_context().absolute_path_str(docname))}


def _record_inputs(app: Any, doctree: nodes.document) -> None:
    """Record the dependencies and the digest of a page that was read."""
    docname = app.env.current_document.docname
    for path in current_context().referenced_files.pop(
        docname, ()
    ):  # also files that are missing or were replaced by a sanitized copy
        app.env.note_dependency(path, docname=docname)
    app.env.oerbook_sources[docname] = page_digest(app.env, docname, app.oerbook_source_digests.get(docname))


def _forget_page(app: Sphinx, env: Any, docname: str) -> None:
    """Remove all state of a page."""
    context = current_context()
    for name in PAGE_STATE:
        getattr(env, name).pop(docname, None)
    for by_page in (context.findings, context.unreadable, context.included, context.referenced_files):
        by_page.pop(docname, None)


def _record_footnote_citations(app: Sphinx, tree: Any) -> None:
    """Record the keys cited in footnotes, which sphinxcontrib-bibtex does not keep."""
    env: Any = app.env
    env.oerbook_cited[env.current_document.docname] = frozenset(env.temp_data.get("bibtex_footcite_names", ()))


def _save_findings(app: Sphinx, env: Any) -> list[str]:
    """Save findings in the environment, for builds that do not read the page again."""
    findings = current_context().findings
    env.oerbook_findings = {name: list(findings[name]) for name in env.found_docs if findings.get(name)}
    return []


def _log_findings(app: Sphinx, error: Exception | None) -> None:
    """Log the findings as Sphinx warnings under a plain `sphinx-build`."""
    if app.builder.name == "oerbook" or error:
        return
    root = current_context().book.root
    findings = [finding for page_findings in current_context().findings.values() for finding in page_findings]
    for finding in sorted(findings, key=lambda finding: finding.sort_key):
        place = f"{root / finding.place.path}:{finding.place.line or 1}"
        LOGGER.warning("%s [%s]", finding.message, finding.code, location=place, type="oerbook", subtype=finding.code)


def _convert_formulas(app: Any, env: Any) -> None:
    """Convert the formulas of all pages that were read, in one batch."""
    app.oerbook_formula_store.convert_new(env)
