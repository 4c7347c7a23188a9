"""The nouns: frozen values that every room speaks in, built on the standard library alone."""

from __future__ import annotations

from dataclasses import dataclass

from oerbook.model.findings import Place


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Where a person works: a name and, where known, its ROR id or web page."""

    name: str
    ror: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person, from `contributors/<id>.md`. `identities` are names and stand-ins that git knows them by."""

    id: str
    name: str
    place: Place
    orcid: str = ""
    affiliations: tuple[Affiliation, ...] = ()
    website: str = ""
    github: str = ""
    identities: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    credit: bool = True
    biography: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """Someone named in front matter: an id of `contributors/` or a plain name, with roles (CRediT or our own words)."""

    name: str
    roles: tuple[str, ...] = ()
    orcid: str = ""
    affiliations: tuple[Affiliation, ...] = ()
