"""The Sphinx extension `oerbook`: connects everything that a book needs to Sphinx."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from oerbook import __version__
from oerbook.document import sphinx_config
from oerbook.document.citations import install as citations_install
from oerbook.document.context import index_entries, line_numbers, name_clashes, page_names, reading_order
from oerbook.document.context.build_context import (
    BuildContext,
    context_of,
    current_context,
    has_context,
    set_context,
)
from oerbook.document.context.lazy_dict import LazyDict
from oerbook.document.context.page_state import PageState, page_state
from oerbook.document.html import copyright_page, not_found_page, template_context, templates, theme_files
from oerbook.document.math import equation_numbers, html_outputs
from oerbook.document.math import nodes as math_nodes
from oerbook.document.math import titles as math_titles
from oerbook.document.media import html as media_html
from oerbook.document.media import image_syntax, media_files
from oerbook.document.media.media_node import MediaNode
from oerbook.document.patches import install_early_patches, install_patches
from oerbook.document.reading import foreign_directives
from oerbook.document.reading.directives import tabs, theorems
from oerbook.document.reading.generated import pages as generated_pages
from oerbook.document.resolving import accessibility_statement, figure_numbers
from oerbook.document.resolving.dependencies import collect_references
from oerbook.document.resolving.page_digest import READING_PACKAGES, page_digest
from oerbook.document.resolving.references import LabelResolver
from oerbook.document.safety import css_classes, extension_html, hlist_limit
from oerbook.document.safety import restricted_directives as safety_directives
from oerbook.document.transforms import (
    abbreviations,
    attributions,
    author_html,
    docutils_problems,
    exercise_pairs,
    external_references,
    ideographic_lines,
    images,
    link_targets,
    no_break_spaces,
    only_directive,
    raw_formats,
    solutions,
    text_direction,
)
from oerbook.storage.code_digest import code_digest
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
# What happens to each page that was read, in this order, before Sphinx collects titles, labels, images and toctrees.
PAGE_TRANSFORMS: tuple[Callable[[Sphinx, nodes.document], None], ...] = (
    docutils_problems.record_keys_cited_in_footnotes,
    docutils_problems.remove_system_messages,
    docutils_problems.restore_reference_lines,
    docutils_problems.flatten_theorems_and_exercises,
    exercise_pairs.repair_unpaired,
    raw_formats.report_raw_formats,
    author_html.convert_author_html,
    author_html.remove_meta_elements,
    extension_html.sanitize_node_attributes,
    css_classes.prefix_disallowed_classes,
    image_syntax.convert_media_images,
    safety_directives.restrict_downloads,
    safety_directives.remove_unsafe_links,
    media_files.check_media,
    images.check_images,
    attributions.add_attributions,
    abbreviations.mark_abbreviations,
    solutions.move_solutions,
    tabs.gather_tabs,
    reading_order.add_toctree,
    html_outputs.read_formulas_in_html_outputs,
    equation_numbers.number_equations,
    math_nodes.collect_formulas,
    link_targets.record_link_targets,
    index_entries.record_index_sections,
    text_direction.mark_direction,
    ideographic_lines.join_ideographic_lines,
    accessibility_statement.measure_page,
)
# What happens to each page when its references are resolved, after all that Sphinx does.
RESOLVED_TRANSFORMS: tuple[Callable[[Sphinx, nodes.document, str], None], ...] = (
    accessibility_statement.fill_results,
    safety_directives.remove_unsafe_resolved_links,
    math_nodes.report_formula_problems,
    no_break_spaces.insert_no_break_spaces,
)
FIRST_PRIORITY, LAST = 1, 900  # priorities: before and after the handlers of Sphinx and of extensions, which have 500


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything that a book needs.

    Reads the book first if no context is set, which is the case in a plain `sphinx-build`.
    """
    context = current_context() if has_context() else _read_book(app)
    app.oerbook = context  # type: ignore[attr-defined]
    sphinx_config.set_language(app.config, context.book)
    from myst_parser.sphinx_ext.main import setup_sphinx

    from oerbook.document.reading.parser import BookParser
    from oerbook.document.resolving.builder import BookBuilder

    install_early_patches(context)
    app.connect("config-inited", sphinx_config.configure, priority=FIRST_PRIORITY)
    for extension in SPHINX_EXTENSIONS:
        app.setup_extension(extension)
    hlist_limit.install(app)
    install_patches(context)
    citations_install.install(app)
    setup_sphinx(app, load_parser=False)
    app.add_source_suffix(".md", "markdown", override=True)
    app.add_source_suffix(".ipynb", "ipynb", override=True)
    app.add_source_parser(BookParser, override=True)
    app.add_builder(BookBuilder)
    app.add_post_transform(LabelResolver)
    app.add_node(MediaNode, html=(media_html.visit_media, media_html.depart_media))
    app.add_html_math_renderer("oerbook", (math_nodes.visit_math, None), (math_nodes.visit_math_block, None))
    app.add_transform(math_titles.PlainFormulasInTitles)
    theme = theme_files.prepare_theme(context)  # with a prefix, because Sphinx has a theme "classic" too
    app.add_html_theme(f"oerbook-{theme.name}", str(theme / "html"))
    foreign_directives.register(app)
    theorems.register(app)
    app.add_directive("accessibility-results", accessibility_statement.AccessibilityResults)
    safety_directives.install(app)
    app.add_directive_to_domain("std", "glossary", line_numbers.GlossaryWithLines, override=True)
    _connect(app)
    return {"version": __version__, "parallel_read_safe": False, "parallel_write_safe": False}


def _connect(app: Sphinx) -> None:
    """Connect to the events of Sphinx, in the order in which a run emits them."""
    app.connect("builder-inited", _init_environment, priority=FIRST_PRIORITY)
    app.connect("builder-inited", templates.enable_autoescaping)
    app.connect("env-get-outdated", _changed_pages)
    app.connect("env-purge-doc", _forget_page)
    app.connect("source-read", _remember_source_digest)
    app.connect("doctree-read", _transform_page, priority=FIRST_PRIORITY)
    app.connect("doctree-read", _record_page, priority=LAST)
    app.connect("env-updated", _convert_formulas)
    app.connect("env-get-updated", _save_findings)
    app.connect("env-get-updated", equation_numbers.renumber_equations, priority=LAST)
    app.connect("missing-reference", external_references.resolve_external, priority=LAST)
    app.connect("doctree-resolved", _transform_resolved_page, priority=LAST)
    app.connect("html-collect-pages", copyright_page.collect_copyright_page)
    app.connect("html-collect-pages", not_found_page.collect_not_found_page)
    app.connect("html-page-context", template_context.add_template_context)
    app.connect("html-page-context", extension_html.sanitize_page_body, priority=LAST)
    app.connect("build-finished", _log_findings)


def _transform_page(app: Sphinx, doctree: nodes.document) -> None:
    """Apply the transforms to a page that was read."""
    for transform in PAGE_TRANSFORMS:
        transform(app, doctree)


def _transform_resolved_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Apply the transforms to a page whose references are resolved."""
    for transform in RESOLVED_TRANSFORMS:
        transform(app, doctree, docname)


def _read_book(app: Sphinx) -> BuildContext:
    """Read the book for a plain `sphinx-build`."""
    from oerbook.source.book import read_book

    book, findings = read_book(Path(app.srcdir).parent)
    context = set_context(BuildContext(book, Path(app.doctreedir) / "oerbook"))
    for finding in findings:
        context.add_finding("", finding)
    generated_pages.write_generated_pages(context)
    return context


def _init_environment(app: Sphinx) -> None:
    """Name documents by slug, add our state to the environment, keep `{only}` nodes."""
    context, env = context_of(app), cast("Any", app.env)
    book_project = page_names.BookProject(context, app.srcdir, app.config.source_suffix)
    book_project.restore(app.project)
    app.project = env.project = book_project
    app.oerbook_formula_store = math_nodes.FormulaStore(context)  # type: ignore[attr-defined]
    program = code_digest(*READING_PACKAGES)  # not an env_version, which Sphinx would write into the search index
    if getattr(env, "oerbook_program", "") != program:  # other code may have saved other classes; it reads all pages
        env.oerbook, env.oerbook_program = dict[str, PageState](), program
    if not isinstance(env.tocs, LazyDict):
        env.tocs = LazyDict({name: pickle.dumps(toc) for name, toc in env.tocs.items()})
    for docname, state in env.oerbook.items():
        for finding in state.findings:
            context.add_finding(docname, finding)
    only_directive.keep_only_directives(app)


def _changed_pages(app: Sphinx, env: Any, _added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Return changed pages and those that define the same names."""
    context = context_of(app)
    candidates = {*context.pages, *context.generated_pages} & env.found_docs & env.all_docs.keys()
    stale = {name for name in candidates if page_state(env, name).digest != page_digest(context, env, name)}
    return sorted(name_clashes.pages_with_clashing_names(env, stale | changed | removed) & env.found_docs)


def _remember_source_digest(app: Sphinx, docname: str, _source: list[str]) -> None:
    """Remember the digest of a page's file, which may change before reading ends."""
    context = context_of(app)
    context.source_digests[docname] = file_digest(context.absolute_path_str(docname))


def _record_page(app: Sphinx, doctree: nodes.document) -> None:
    """Record what a page depends on, its references and what is numbered on it, so that its tree is not read again."""
    context, env, docname = context_of(app), app.env, app.env.current_document.docname
    # also files that are missing or were replaced by a sanitized copy
    for path in context.referenced_files.pop(docname, ()):
        env.note_dependency(str(path), docname=docname)
    state = page_state(env, docname)
    state.outline = tuple(figure_numbers.numbered_outline(env, doctree))
    state.references = collect_references(doctree)
    state.digest = page_digest(context, env, docname, context.source_digests.get(docname))


def _forget_page(app: Sphinx, env: Any, docname: str) -> None:
    """Remove all state of a page."""
    context = context_of(app)
    for by_page in (
        env.oerbook,
        context.findings,
        context.unreadable_pages,
        context.included_counts,
        context.referenced_files,
    ):
        by_page.pop(docname, None)


def _save_findings(app: Sphinx, env: Any) -> list[str]:
    """Save findings in the environment, for builds that do not read the page again."""
    context = context_of(app)
    for name in env.found_docs:
        page_state(env, name).findings = list(context.findings.get(name, ()))
    return []


def _log_findings(app: Sphinx, error: Exception | None) -> None:
    """Log the findings as Sphinx warnings under a plain `sphinx-build`."""
    if app.builder.name == "oerbook" or error:
        return
    context = context_of(app)
    findings = [finding for page_findings in context.findings.values() for finding in page_findings]
    for finding in sorted(findings, key=lambda finding: finding.sort_key):
        place = f"{context.book.root / finding.place.path}:{finding.place.line or 1}"
        LOGGER.warning("%s [%s]", finding.message, finding.code, location=place, type="oerbook", subtype=finding.code)


def _convert_formulas(app: Any, env: Any) -> None:
    """Convert the formulas of all pages that were read, in one batch."""
    app.oerbook_formula_store.convert_new(env)
