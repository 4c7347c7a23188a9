"""Show where figures, tables, quotations and chapters come from: below each, and at the end of the chapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.context.line_numbers import ancestors
from oerbook.metadata.attributions import chapter_sentence, credit_line
from oerbook.model.book import ReusedWork
from oerbook.model.sentences import Sentence
from oerbook.source.settings.image_sources import YAML_SUFFIXES
from oerbook.source.values import as_work
from oerbook.text.translations import translate


def add_attributions(app: Sphinx, doctree: nodes.document) -> None:
    """Add a credit line to everything with a source, and a section of sources to the chapter."""
    context, docname = context_of(app), app.env.current_document.docname
    page = context.pages.get(docname)
    language = (page.language if page else "") or context.book.language
    for node, work in _works_by_node(app, docname, doctree):
        node["reused_work"] = asdict(work)
        _add_credit_line(node, credit_line(work, language))
    if page and page.reused_works and page is not context.book.index:
        _add_chapter_sources(doctree, page.reused_works, language)


def _works_by_node(app: Sphinx, docname: str, doctree: nodes.document) -> Iterator[tuple[Any, ReusedWork]]:
    """Yield the nodes that have a source: from options of the directive, else from a file beside the image."""
    with_options: list[Any] = [node for node in doctree.findall(nodes.Element) if "source_record" in node]
    credited = {id(image) for node in with_options for image in node.findall(nodes.image)}
    images = [image for image in doctree.findall(nodes.image) if id(image) not in credited]
    yield from [(node, as_work(node["source_record"])) for node in with_options]
    context = context_of(app)
    records = dict(context.book.image_sources)
    for image in images:
        name = image.get("source_file", "")
        for suffix in YAML_SUFFIXES if name else ():
            app.env.note_dependency(str(context.book.root / "chapters" / f"{name}{suffix}"), docname=docname)
        if name in records:
            yield image, records[name]


def _sentence_nodes(sentence: Sentence) -> list[nodes.Node]:
    """Return the text and the links of a sentence."""
    texts = [(nodes.Text(part.text), part.url) for part in sentence]
    return [nodes.reference("", "", text, refuri=url) if url else text for text, url in texts]


def _add_credit_line(node: Any, sentence: Sentence) -> None:
    """Put a credit line at the end of a figure's caption, or behind anything else."""
    figure = next((parent for parent in (node, *ancestors(node)) if isinstance(parent, nodes.figure)), None)
    caption = next((child for child in figure.children if isinstance(child, nodes.caption)), None) if figure else None
    if caption is not None:
        caption += [nodes.Text(" "), nodes.inline("", "", *_sentence_nodes(sentence), classes=["attribution"])]
        return
    block = figure or node
    while isinstance(block.parent, nodes.TextElement):  # a paragraph, or a link around an image
        block = block.parent
    line = nodes.paragraph("", "", *_sentence_nodes(sentence), classes=["attribution"])
    block.parent.insert(block.parent.index(block) + 1, line)


def _add_chapter_sources(doctree: nodes.document, works: tuple[ReusedWork, ...], language: str) -> None:
    """Add the sources of a chapter at its end."""
    chapter: Any = next(doctree.findall(nodes.section), doctree)
    title = translate(language, "Sources and licenses")
    box = nodes.container(classes=["attributions"])
    box += nodes.rubric(title, title)
    for work in works:
        box += nodes.paragraph("", "", *_sentence_nodes(chapter_sentence(work, language)))
    chapter += box
