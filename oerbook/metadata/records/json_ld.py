"""JSON-LD in the words of schema.org: Book and LearningResource, with its chapters."""

from __future__ import annotations

import json

from oerbook.metadata.records.facts import Agent, BookFacts, ChapterFacts
from oerbook.model.book import ReusedWork
from oerbook.model.untyped import Json
from oerbook.text.slugs import ascii_slug

SUMMARY = "JSON-LD (schema.org), as it stands in the web site"
FILE_NAME = "book.jsonld"
CONTEXT = "https://schema.org"
BOOK_FORMATS = {"hardcover": "Hardcover", "paperback": "Paperback", "print": "Paperback"}  # others are e-books
# MARC relator code -> property of schema.org; other roles are contributors.
ROLE_PROPERTIES = {"edt": "editor", "trl": "translator", "ill": "illustrator"}


def write(facts: BookFacts) -> str:
    """Return the record."""
    return json.dumps(book_node(facts), indent=2, ensure_ascii=False) + "\n"


def book_node(facts: BookFacts) -> Json:
    """Return the record as data.

    >>> book_node(BookFacts("Soil", "", "", "en", "2026-01-02", "urn:x"))["@type"]
    ['Book', 'LearningResource']
    """
    node: dict[str, Json] = {
        "@context": CONTEXT,
        "@type": ["Book", "LearningResource"],
        "@id": facts.url or facts.identifier,
        "name": facts.title,
        "alternativeHeadline": facts.subtitle,
        "description": facts.description,
        "author": [agent_node(agent) for agent in facts.creators],
        "contributor": [],
        "publisher": {"@type": "Organization", "name": facts.publisher} if facts.publisher else "",
        "datePublished": facts.date,
        "inLanguage": facts.language,
        "bookEdition": facts.edition,
        "isbn": facts.isbn,
        "workExample": [_edition_node(kind, isbn) for kind, isbn in facts.isbns],
        "isPartOf": _series_node(facts),
        "identifier": facts.identifier,
        "sameAs": f"https://doi.org/{facts.doi}" if facts.doi else "",
        "url": facts.url,
        "keywords": list(facts.keywords),
        "about": facts.subject,
        "license": facts.license.url if facts.license else "",
        "isAccessibleForFree": facts.is_free or None,
        "learningResourceType": "textbook",
        "isBasedOn": [_work_node(work) for work in facts.works if work.relation not in ("quoted", "linked")],
        "hasPart": [chapter_node(facts, chapter, number) for number, chapter in enumerate(facts.chapters, start=1)],
    }
    node["contributor"] += [_role_node(agent, role) for agent, role in facts.credit_roles]
    for agent, role in facts.contributors:
        node.setdefault(ROLE_PROPERTIES.get(role, "contributor"), []).append(agent_node(agent))
    return _filled(node)


def chapter_node(facts: BookFacts, chapter: ChapterFacts, position: int) -> Json:
    """Return one chapter, without the context."""
    return _filled(
        {
            "@type": ["Chapter", "LearningResource"],
            "@id": chapter.url,
            "name": chapter.title,
            "position": position,
            "author": [agent_node(agent) for agent in chapter.authors],
            "inLanguage": chapter.language,
            "license": chapter.license.url if chapter.license else "",
            "isPartOf": {"@id": facts.url or facts.identifier},
            "url": chapter.url,
            "isBasedOn": [_work_node(work) for work in chapter.works if work.relation not in ("quoted", "linked")],
        }
    )


def _edition_node(kind: str, isbn: str) -> Json:
    book_format = BOOK_FORMATS.get(kind, "EBook")
    return {"@type": "Book", "bookFormat": f"{CONTEXT}/{book_format}", "isbn": isbn}


def _series_node(facts: BookFacts) -> Json:
    if not facts.series and not facts.issn:
        return ""
    return _filled({"@type": "BookSeries", "name": facts.series, "issn": facts.issn})


def _role_node(agent: Agent, role: str) -> Json:
    """Return what a person did, as a role of CRediT (https://credit.niso.org)."""
    slug = ascii_slug(role.replace("&", ""))
    uri = f"https://credit.niso.org/contributor-roles/{slug}/"
    return {"@type": "Role", "roleName": role, "additionalType": uri, "contributor": agent_node(agent)}


def agent_node(agent: Agent) -> Json:
    """Return a person, or a group as an organization."""
    if agent.is_group:
        return {"@type": "Organization", "name": agent.name}
    return _filled(
        {
            "@type": "Person",
            "@id": f"https://orcid.org/{agent.orcid}" if agent.orcid else "",
            "name": agent.name,
            "givenName": agent.given,
            "familyName": agent.family,
            "affiliation": [{"@type": "Organization", "name": name} for name in agent.affiliations],
        }
    )


def _work_node(work: ReusedWork) -> Json:
    url = work.source if work.source.startswith(("https://", "http://")) else ""
    return _filled({"@type": "CreativeWork", "name": work.title, "url": url, "creditText": work.authors})


def _filled(node: dict[str, Json]) -> dict[str, Json]:
    """Return a node without empty values."""
    return {name: value for name, value in node.items() if value not in ("", [], None)}
