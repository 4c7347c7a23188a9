"""How to cite a page of the web site, and the attributions that its readers can copy."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes

from oerbook.document.context.build_context import BuildContext
from oerbook.metadata.attributions import credit_line, page_attribution
from oerbook.metadata.bylines import author_names, chapter_authors
from oerbook.metadata.labels import translated_label
from oerbook.metadata.records.bibtex import work_entry
from oerbook.model.book import ReusedWork
from oerbook.model.sentences import Sentence

AUTHORS_PLACEHOLDER = "{authors}"  # in an attribution: cite.js puts the authors of the page or of a passage there


def page_citation(context: BuildContext, docname: str, doctree: nodes.document | None) -> dict[str, Any] | None:
    """Return `title`, `styled`, `bibtex` and `data` (JSON for cite.js) of the title page or a chapter, else None."""
    book, page = context.book, context.pages.get(docname)
    slug = "" if page is book.index else docname
    citation = next((one for one in book.citations if one.slug == slug), None)
    if page is None or page.problem or citation is None:
        return None
    if any(part.opener is page for part in book.parts):
        return None
    chapter_names = [] if page is book.index else [person.name for person in chapter_authors(book, page)]
    authors = chapter_names or author_names(book)
    sentence = page_attribution(book, page, AUTHORS_PLACEHOLDER if authors else "")
    works = [_copied(credit_line(work, book.language), work) for work in _works_in_captions(doctree)]
    data = {
        "text": text_with_urls(sentence),
        "html": sentence_html(sentence),
        "authors": authors,
        "bibtex": citation.bibtex,
        "works": works,
    }
    title = translated_label(book, "cite_chapter" if slug else "cite")
    return {
        "title": title,
        "styled": citation.styled,
        "bibtex": citation.bibtex,
        "data": json.dumps(data, ensure_ascii=False),
    }


def _works_in_captions(doctree: nodes.document | None) -> Iterator[ReusedWork]:
    """Yield the works whose credit line is in the caption of a figure, in their order."""
    for figure in doctree.findall(nodes.figure) if doctree is not None else ():
        if any(isinstance(child, nodes.caption) for child in figure.children):
            works = (node["reused_work"] for node in figure.findall(nodes.Element) if "reused_work" in node)
            yield from (ReusedWork(**work) for work in works)


def _copied(sentence: Sentence, work: ReusedWork) -> dict[str, str]:
    return {
        "text": text_with_urls(sentence),
        "html": f"<p>{sentence_html(sentence)}</p>",
        "bibtex": work_entry(work),
    }


def text_with_urls(sentence: Sentence) -> str:
    """Return a sentence as text, with the address of each link behind it.

    >>> from oerbook.model.sentences import TextPart
    >>> text_with_urls((TextPart("Soil", "https://a.org"), TextPart(".")))
    'Soil (https://a.org).'
    """
    return "".join(f"{part.text} ({part.url})" if part.url else part.text for part in sentence)


def sentence_html(sentence: Sentence) -> str:
    """Return a sentence as HTML."""
    texts = [(html.escape(part.text), html.escape(part.url)) for part in sentence]
    return "".join(f'<a href="{url}">{text}</a>' if url else text for text, url in texts)
