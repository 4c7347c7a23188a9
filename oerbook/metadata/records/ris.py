"""RIS, for Zotero, EndNote and Mendeley."""

from __future__ import annotations

from oerbook.metadata.records.facts import BookFacts

SUMMARY = "RIS, for Zotero, EndNote and Mendeley"
FILE_NAME = "citation.ris"


def write(facts: BookFacts) -> str:
    """Return the book and its chapters.

    >>> write(BookFacts("Soil", "", "", "en", "2026-01-02", "urn:x")).splitlines()[:2]
    ['TY  - BOOK', 'TI  - Soil']
    """
    editors = [("ED", agent.inverted) for agent in facts.editors]
    publication = [
        ("PY", facts.year),
        ("DA", facts.date.replace("-", "/")),
        ("ET", facts.edition),
        ("PB", facts.publisher),
        ("CY", facts.publisher_place),
        ("SN", facts.isbn),
        ("LA", facts.language),
    ]
    book = [
        ("TY", "BOOK"),
        ("TI", facts.full_title),
        *(("AU", agent.inverted) for agent in facts.creators),
        *editors,
        *publication,
        ("DO", facts.doi),
        ("UR", facts.url),
        ("AB", facts.description),
        *(("KW", keyword) for keyword in facts.keywords),
        ("C1", facts.license.spdx if facts.license else ""),
    ]
    records = [book]
    for chapter in facts.chapters:
        authors = [("AU", agent.inverted) for agent in chapter.authors]
        head = [("TY", "CHAP"), ("TI", chapter.title), ("T2", facts.full_title)]
        records.append([*head, *authors, *editors, *publication, ("UR", chapter.url)])
    return "".join(_lines(record) for record in records)


def _lines(record: list[tuple[str, str]]) -> str:
    lines = [f"{tag}  - {' '.join(value.split())}\n" for tag, value in record if value]
    return "".join([*lines, "ER  - \n\n"])
