"""DataCite 4.5 as JSON, for registering a DOI (https://schema.datacite.org)."""

from __future__ import annotations

import json

from oerbook.metadata.records.facts import Agent, BookFacts

SUMMARY = "DataCite JSON, for registering a DOI"
FILE_NAME = "datacite.json"
CONTRIBUTOR_TYPES = {"edt": "Editor", "csl": "Supervisor", "fnd": "Sponsor", "com": "DataCollector"}


def write(facts: BookFacts) -> str:
    """Return the record."""
    return json.dumps(datacite_record(facts), indent=2, ensure_ascii=False) + "\n"


def datacite_record(facts: BookFacts) -> dict[str, object]:
    """Return the record as data.

    >>> datacite_record(BookFacts("Soil", "", "", "en", "2026-01-02", "urn:x"))["publicationYear"]
    '2026'
    """
    contributors = [
        {**_person(agent), "contributorType": CONTRIBUTOR_TYPES.get(role, "Other")}
        for agent, role in facts.contributors
    ]
    descriptions = [{"description": facts.description, "descriptionType": "Abstract"}] if facts.description else []
    rights = [_rights(facts)] if facts.license else []
    related = [
        {"relatedIdentifier": work.source, "relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"}
        for work in facts.works
        if work.source.startswith(("https://", "http://")) and work.relation not in ("quoted", "linked")
    ]
    publisher = facts.publisher or (facts.creators[0].name if facts.creators else facts.title)
    record: dict[str, object] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "doi": facts.doi,
        "types": {"resourceTypeGeneral": "Book", "resourceType": "Textbook"},
        "creators": [_person(agent) for agent in facts.creators] or [{"name": publisher}],
        "titles": _titles(facts),
        "publisher": {"name": publisher},
        "publicationYear": facts.year,
        "contributors": contributors,
        "dates": [{"date": facts.date, "dateType": "Issued"}] if facts.date else [],
        "language": facts.language,
        "subjects": [{"subject": keyword} for keyword in facts.keywords],
        "version": facts.edition,
        "rightsList": rights,
        "descriptions": descriptions,
        "relatedIdentifiers": related,
        "url": facts.url,
        "alternateIdentifiers": [{"alternateIdentifier": facts.isbn, "alternateIdentifierType": "ISBN"}]
        if facts.isbn
        else [],
    }
    return {name: value for name, value in record.items() if value}


def _titles(facts: BookFacts) -> list[dict[str, str]]:
    subtitle = [{"title": facts.subtitle, "titleType": "Subtitle"}] if facts.subtitle else []
    return [{"title": facts.title}, *subtitle]


def _rights(facts: BookFacts) -> dict[str, str]:
    assert facts.license
    return {
        "rights": facts.license.name,
        "rightsUri": facts.license.url,
        "rightsIdentifier": facts.license.spdx,
        "rightsIdentifierScheme": "SPDX",
        "schemeUri": "https://spdx.org/licenses/",
    }


def _person(agent: Agent) -> dict[str, object]:
    if agent.is_group:
        return {"name": agent.name, "nameType": "Organizational"}
    person: dict[str, object] = {
        "name": agent.inverted,
        "nameType": "Personal",
    }
    if agent.family:
        person |= {"givenName": agent.given, "familyName": agent.family}
    if agent.orcid:
        identifier = {"nameIdentifier": f"https://orcid.org/{agent.orcid}", "nameIdentifierScheme": "ORCID"}
        person["nameIdentifiers"] = [{**identifier, "schemeUri": "https://orcid.org"}]
    if agent.affiliations:
        person["affiliation"] = [{"name": name} for name in agent.affiliations]
    return person
