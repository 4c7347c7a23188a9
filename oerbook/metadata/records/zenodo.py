"""`.zenodo.json`: how Zenodo describes a release (https://developers.zenodo.org/#representation)."""

from __future__ import annotations

import json

from oerbook.metadata.records.facts import Agent, BookFacts

SUMMARY = ".zenodo.json, for a release that Zenodo archives"
FILE_NAME = ".zenodo.json"
# MARC relator code -> type of contributor; Zenodo knows neither reviewers nor translators.
CONTRIBUTOR_TYPES = {"edt": "Editor", "csl": "Supervisor", "fnd": "Sponsor", "com": "DataCurator"}


def write(facts: BookFacts) -> str:
    """Return the file."""
    record = {
        "upload_type": "publication",
        "publication_type": "book",
        "title": facts.full_title,
        "creators": [_person(agent) for agent in facts.creators],
        "contributors": [
            {**_person(agent), "type": CONTRIBUTOR_TYPES.get(role, "Other")} for agent, role in facts.contributors
        ],
        "description": facts.description or facts.full_title,
        "license": facts.license.spdx if facts.license else "",
        "access_right": "open" if facts.is_free else "",
        "language": facts.language.partition("-")[0],
        "keywords": list(facts.keywords),
        "version": facts.edition,
        "imprint_publisher": facts.publisher,
        "imprint_isbn": facts.isbn,
        "imprint_place": facts.publisher_place,
        "publication_date": facts.date,
        "related_identifiers": [
            {"identifier": work.source, "relation": "isDerivedFrom", "resource_type": "publication"}
            for work in facts.works
            if work.source.startswith("https://") and work.relation not in ("quoted", "linked")
        ],
    }
    filled = {name: value for name, value in record.items() if value}
    return json.dumps(filled, indent=2, ensure_ascii=False) + "\n"


def _person(agent: Agent) -> dict[str, str]:
    person = {"name": agent.inverted, "orcid": agent.orcid, "affiliation": "; ".join(agent.affiliations)}
    return {name: value for name, value in person.items() if value}
