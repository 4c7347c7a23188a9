"""CSL-JSON, for citation processors (https://github.com/citation-style-language/schema)."""

from __future__ import annotations

import json

from oerbook.metadata.records.bibtex import entry_key
from oerbook.metadata.records.facts import Agent, BookFacts

SUMMARY = "CSL-JSON, for citation processors"
FILE_NAME = "citation.csl.json"


def write(facts: BookFacts) -> str:
    """Return a list of the book and its chapters."""
    return json.dumps(csl_items(facts), indent=2, ensure_ascii=False) + "\n"


def csl_items(facts: BookFacts) -> list[dict[str, object]]:
    """Return the book and its chapters as items.

    >>> csl_items(BookFacts("Soil", "", "", "en", "2026-01-02", "urn:x"))[0]["issued"]
    {'date-parts': [[2026, 1, 2]]}
    """
    shared = _shared_fields(facts)
    key = entry_key(facts)
    book = {
        "id": key,
        "type": "book",
        "title": facts.full_title,
        "author": [_name(a) for a in facts.creators],
        **shared,
    }
    extra = {"DOI": facts.doi, "URL": facts.url, "language": facts.language, "abstract": facts.description}
    items = [{**book, **extra, "license": facts.license.url if facts.license else ""}]
    for chapter in facts.chapters:
        items.append(
            {
                "id": f"{key}-{chapter.slug}",
                "type": "chapter",
                "title": chapter.title,
                "author": [_name(agent) for agent in chapter.authors or facts.creators],
                "container-title": facts.full_title,
                **shared,
                "URL": chapter.url,
                "language": chapter.language,
                "license": chapter.license.url if chapter.license else "",
            }
        )
    return [{name: value for name, value in item.items() if value} for item in items]


def _shared_fields(facts: BookFacts) -> dict[str, object]:
    """Return what the book and its chapters have in common."""
    return {
        "issued": {"date-parts": [[int(part) for part in facts.date.split("-")]]} if facts.date else {},
        "publisher": facts.publisher,
        "publisher-place": facts.publisher_place,
        "edition": facts.edition,
        "ISBN": facts.isbn,
        "ISSN": facts.issn,
        "collection-title": facts.series,
        "editor": [_name(agent) for agent in facts.editors],
        "translator": [_name(agent) for agent, role in facts.contributors if role == "trl"],
    }


def _name(agent: Agent) -> dict[str, str]:
    return {"family": agent.family, "given": agent.given} if agent.family else {"literal": agent.name}
