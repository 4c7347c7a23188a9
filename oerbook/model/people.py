"""People: contributors with a file of their own, and people named in front matter."""

from __future__ import annotations

from dataclasses import dataclass

from oerbook.model.findings import Place


@dataclass(frozen=True, slots=True)
class Affiliation:
    """An organisation a person works for: its name and, if known, its ROR id or web page."""

    name: str
    ror: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person from `contributors/<id>.md`; `identities` are names and address placeholders used in commits."""

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
class NamedPerson:
    """A person named in front matter: an id of `contributors/` or a name; for `roles` see `metadata.roles`."""

    name: str
    roles: tuple[str, ...] = ()
    orcid: str = ""
    affiliations: tuple[Affiliation, ...] = ()
