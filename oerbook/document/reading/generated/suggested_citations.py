"""Format how to cite the book and each of its chapters, with the citation processor that formats the bibliography."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from oerbook.citations.csl_sentences import format_csl_items
from oerbook.citations.styles import find_style
from oerbook.metadata.labels import publication_year
from oerbook.metadata.records.bibtex import book_entries
from oerbook.metadata.records.csl_json import csl_items
from oerbook.metadata.records.facts import BookFacts, collect_facts
from oerbook.model.book import Book
from oerbook.model.sentences import SuggestedCitation
from oerbook.storage.cache import Cache

STYLES = {"APA": "apa", "MLA": "mla", "Chicago": "chicago"}
FIELDS_OF_CATALOGS = ("abstract", "license", "language")  # no style prints them


def with_citations(book: Book, epoch: int, cache: Cache) -> Book:
    """Return the book with its suggested citations; `epoch` is its timestamp, in seconds since 1970."""
    return replace(book, citations=tuple(_citations(book, epoch, cache)))


def _citations(book: Book, epoch: int, cache: Cache) -> Iterator[SuggestedCitation]:
    facts = citation_facts(book, epoch)
    items = [_without_catalog_fields(item) for item in csl_items(facts)]
    by_style = {
        name: format_csl_items(items, find_style(style, book.root), book.language, cache)
        for name, style in STYLES.items()
    }
    slugs = ["", *(chapter.slug for chapter in facts.chapters)]
    for slug, item, entry in zip(slugs, items, book_entries(facts), strict=True):
        key = str(item["id"])
        styled = tuple((name, sentences[key]) for name, sentences in by_style.items() if key in sentences)
        yield SuggestedCitation(slug, styled, entry)


def citation_facts(book: Book, epoch: int) -> BookFacts:
    """Return the facts of a book that citations state: its year only, and its repository if it is not online."""
    facts = collect_facts(book, epoch)
    url = "" if facts.doi else facts.url or facts.repository  # styles print the DOI or else the address
    chapters = tuple(replace(chapter, url=chapter.url or url) for chapter in facts.chapters)
    return replace(facts, date=publication_year(book, epoch), url=url, chapters=chapters)


def _without_catalog_fields(item: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in item.items() if name not in FIELDS_OF_CATALOGS}
