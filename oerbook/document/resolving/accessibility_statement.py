"""Measure the accessibility of each page, and write the results into the statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from oerbook.checks.link_text import is_vague
from oerbook.document.context import languages
from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.page_state import page_state
from oerbook.document.html import theme_files
from oerbook.document.media.media_node import MediaNode
from oerbook.metadata.accessibility import gap_sentence, measured_sentences
from oerbook.model.accessibility import PageAccessibility, sum_counts
from oerbook.text.translations import translate
from oerbook.theming.contrast import lowest_text_contrast
from oerbook.theming.theme import read_tokens


class accessibility_results(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The place of results: "measured" in the whole book, or "gaps" by chapter."""


class AccessibilityResults(SphinxDirective):
    """`{accessibility-results} measured` or `gaps`, in the generated statement."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place of the results, which are known when all pages are read."""
        page_state(self.env, self.env.docname).has_accessibility_results = True
        return [accessibility_results(part=self.arguments[0].strip())]


def measure_page(app: Sphinx, doctree: nodes.document) -> None:
    """Record what is accessible on a page that was read."""
    context, env = context_of(app), app.env
    docname = env.current_document.docname
    if docname in context.pages:
        page_state(env, docname).accessibility = _measure(context, docname, doctree)


def _measure(context: BuildContext, docname: str, doctree: nodes.document) -> PageAccessibility:
    pictures = [node for node in doctree.findall(nodes.image) if not node.get("made_by_oerbook")]
    tables: list[Any] = [table for table in doctree.findall(nodes.table) if _row_count(table) > 1]
    links = [link.astext() for link in doctree.findall(nodes.reference) if link.get("refuri")]
    media = [medium for medium in doctree.findall(MediaNode) if medium.get("size")]
    codes = [finding.code for finding in context.findings.get(docname, ())]
    return PageAccessibility(
        pictures=len(pictures),
        undescribed_pictures=sum(1 for picture in pictures if picture.get("is_undescribed")),
        tables=len(tables),
        tables_without_header=sum(1 for table in tables if not _has_header(table)),
        formulas=sum(1 for _node in doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))),
        links=len(links),
        vague_links=sum(1 for text in links if is_vague(text)),
        media=len(media),
        wordless_media=sum(1 for medium in media if medium.get("lacks_words")),
        skipped_headings=codes.count("heading-skip"),
        language=languages.differing_language(context.book, context.pages[docname]),
    )


def _row_count(table: Any) -> int:
    return sum(len(body.children) for body in table.findall(nodes.tbody))


def _has_header(table: Any) -> bool:
    heads = any(head.astext().strip() for head in table.findall(nodes.thead))
    return heads or any(spec.get("stub") for spec in table.findall(nodes.colspec))


def measured_pages(context: BuildContext, env: Any) -> dict[str, PageAccessibility]:
    """Return the measurements of all pages, in reading order."""
    names = [page.slug for page in (context.book.index, *context.book.chapters) if page.slug in env.found_docs]
    return {name: page_state(env, name).accessibility for name in names}


def fill_results(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the places of results on a resolved page by lists."""
    for place in list(doctree.findall(accessibility_results)):
        context = context_of(app)
        pages = measured_pages(context, app.env)
        if place["part"] == "gaps":
            items = [[link, nodes.Text(f": {text}")] for link, text in _gaps(app, docname, pages)]
            none = translate(context.book.language, "No gaps were measured.")
        else:
            items, none = [[nodes.Text(text)] for text in _measured(context, pages)], ""
        paragraphs = [nodes.paragraph("", "", *content) for content in items]
        rows = [nodes.list_item("", paragraph) for paragraph in paragraphs]
        place.replace_self(nodes.bullet_list("", *rows, bullet="-") if rows else nodes.paragraph(none, none))


def _measured(context: BuildContext, pages: dict[str, PageAccessibility]) -> Iterator[str]:
    contrast = lowest_text_contrast(read_tokens(theme_files.prepare_theme(context)))
    others = sum(1 for page in pages.values() if page.language)
    yield from measured_sentences(context.book.language, sum_counts(pages.values()), others, contrast)


def _gaps(app: Any, docname: str, pages: dict[str, PageAccessibility]) -> Iterator[tuple[nodes.Node, str]]:
    """Yield a link to each page with gaps, and what is missing there."""
    context = context_of(app)
    for name, page in pages.items():
        if page.has_gaps:
            title = app.env.titles[name].astext()
            link = make_refnode(app.builder, docname, name, "", nodes.inline(title, title))
            yield link, gap_sentence(context.book.language, page)
