"""CITATION.cff 1.2.0 (https://citation-file-format.github.io): what a repository shows as "Cite this repository"."""

from __future__ import annotations

import yaml

from oerbook.metadata.records.facts import Agent, BookFacts
from oerbook.model.untyped import Yaml

SUMMARY = "CITATION.cff, for GitHub and Zenodo"
FILE_NAME = "CITATION.cff"
MESSAGE = "If you use this book, please cite it as below."
# SPDX ids that the schema of CFF 1.2.0 does not know.
UNKNOWN_LICENSES = ("CC-PDM-1.0",)


class _PlainDumper(yaml.SafeDumper):
    """Writes a value that occurs twice twice, without an alias."""

    def ignore_aliases(self, data: Yaml) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Return that there are no aliases."""
        return True


def write(facts: BookFacts) -> str:
    """Return the file; the book is its preferred citation, because the file itself knows software and data only."""
    authors = [_person(agent) for agent in facts.creators] or [{"name": facts.publisher or facts.title}]
    license_ = facts.license.spdx if facts.license and " " not in facts.license.spdx else ""
    known = license_ if license_ not in UNKNOWN_LICENSES else ""
    book = {
        "type": "book",
        "title": facts.full_title,
        "authors": authors,
        "editors": [_person(agent) for agent in facts.editors],
        "translators": [_person(agent) for agent, role in facts.contributors if role == "trl"],
        "year": int(facts.year or 0),
        "edition": facts.edition,
        "publisher": {"name": facts.publisher} if facts.publisher else {},
        "isbn": facts.isbn,
        "doi": facts.doi,
        "url": facts.url,
        "license": known,
    }
    file = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": facts.full_title,
        "authors": authors,
        "abstract": facts.description,
        "date-released": facts.date,
        "doi": facts.doi,
        "url": facts.url,
        "repository-code": facts.repository,
        "keywords": list(facts.keywords),
        "license": known,
        "preferred-citation": {name: value for name, value in book.items() if value},
    }
    filled = {name: value for name, value in file.items() if value}
    return yaml.dump(filled, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=100)


def _person(agent: Agent) -> dict[str, str]:
    if agent.is_group:
        return {"name": agent.name}
    orcid = f"https://orcid.org/{agent.orcid}" if agent.orcid else ""
    person = {
        "family-names": agent.family or agent.name,
        "given-names": agent.given,
        "orcid": orcid,
        "affiliation": "; ".join(agent.affiliations),
    }
    return {name: value for name, value in person.items() if value}
