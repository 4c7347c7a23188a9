"""Metadata in the head of a page: for citation managers, search engines, catalogs and previews of links.

Google Scholar and Zotero read the tags `citation_*` (Highwire Press), catalogs of open textbooks the JSON-LD.
"""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from oerbook.document.context.build_context import BuildContext
from oerbook.document.html.not_found_page import site_url
from oerbook.metadata.labels import publication_year
from oerbook.metadata.records import json_ld
from oerbook.metadata.records.facts import BookFacts, ChapterFacts, chapter_facts, collect_facts
from oerbook.model.book import Book

CARD_FILE = "card.png"
MetaTags = list[tuple[str, str]]


def page_metadata(context: BuildContext, docname: str) -> dict[str, Any]:
    """Return `meta_tags` (pairs of name and content), `json_ld` and `license_url` for a page's template.

    Pages that are no chapter of the book have none.
    """
    book = context.book
    page = context.pages.get(docname)
    if page is None or page.problem:
        return {"meta_tags": [], "json_ld": "", "license_url": ""}
    year = publication_year(book, context.epoch)
    date = book.date.isoformat().replace("-", "/") if book.date else year
    if page is book.index:
        facts = collect_facts(book, context.epoch)
        node = {**json_ld.book_node(facts), "datePublished": date.replace("/", "-")}
        license_url = facts.license.url if facts.license else ""
        return {"meta_tags": _book_tags(context, facts, date), "json_ld": _script(node), "license_url": license_url}
    chapter = chapter_facts(book, page)
    position = list(book.chapters).index(page) + 1
    shell = BookFacts(book.title, book.subtitle, "", book.language, date, "", url=book.url)
    node = {"@context": json_ld.CONTEXT, **json_ld.chapter_node(shell, chapter, position)}
    node["isPartOf"] = {"@type": "Book", "name": book.title, **({"@id": book.url} if book.url else {})}
    tags = _chapter_tags(context, chapter, page.description, date)
    return {"meta_tags": tags, "json_ld": _script(node), "license_url": chapter.license.url if chapter.license else ""}


def _book_tags(context: BuildContext, facts: BookFacts, date: str) -> MetaTags:
    book = context.book
    pdf = next((name for kind, name in context.downloads if kind == "pdf"), "")
    tags = [
        ("citation_title", facts.full_title),
        *(("citation_author", agent.inverted) for agent in facts.creators),
        ("citation_publication_date", date),
        ("citation_publisher", facts.publisher),
        ("citation_isbn", facts.isbn),
        ("citation_doi", facts.doi),
        ("citation_language", facts.language),
        ("citation_pdf_url", f"{facts.url.rstrip('/')}/downloads/{pdf}" if pdf and facts.url else ""),
        ("DC.title", facts.full_title),
        *(("DC.creator", agent.inverted) for agent in facts.creators),
        *(("DC.contributor", agent.inverted) for agent, _role in facts.contributors),
        ("DC.date", date.replace("/", "-")),
        ("DC.language", facts.language),
        ("DC.rights", facts.license.url if facts.license else ""),
        ("keywords", ", ".join(facts.keywords)),
        ("og:type", "book"),
        ("og:title", facts.full_title),
        ("og:description", facts.description),
        ("og:url", facts.url),
        *_card_tags(book),
    ]
    return [(name, content) for name, content in tags if content]


def _chapter_tags(context: BuildContext, chapter: ChapterFacts, description: str, date: str) -> MetaTags:
    book = context.book
    book_title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
    tags = [
        ("citation_title", chapter.title),
        *(("citation_author", agent.inverted) for agent in chapter.authors),
        ("citation_publication_date", date),
        ("citation_inbook_title", book_title),
        ("citation_publisher", book.publisher),
        ("citation_isbn", book.isbn.replace("-", "").replace(" ", "")),
        ("citation_language", chapter.language),
        ("DC.title", chapter.title),
        *(("DC.creator", agent.inverted) for agent in chapter.authors),
        ("DC.date", date.replace("/", "-")),
        ("DC.language", chapter.language),
        ("DC.rights", chapter.license.url if chapter.license else ""),
        ("og:type", "article"),
        ("og:title", chapter.title),
        ("og:description", description),
        ("og:url", chapter.url),
        ("og:site_name", book_title),
        *_card_tags(book),
    ]
    return [(name, content) for name, content in tags if content]


def _card_tags(book: Book) -> MetaTags:
    """Return the tags of the card that the build draws; they need the address of the site."""
    base = site_url(book)
    return [("og:image", f"{base}{CARD_FILE}"), ("og:image:alt", book.title)] if base else []


def _script(node: dict[str, Any]) -> Markup:
    """Return JSON for a data block: no character in it can end the element."""
    text = json.dumps(node, ensure_ascii=False)
    for char, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(char, escape)
    return Markup(text)  # noqa: S704 - the characters that HTML knows are escaped above
