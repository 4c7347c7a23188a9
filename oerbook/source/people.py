"""Read the contributors of a book, one Markdown file each in `contributors/`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from oerbook.markup.urls import has_email_address
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor
from oerbook.source import front_matter
from oerbook.source.schema import PERSON_KEYS
from oerbook.source.text import load_page_text
from oerbook.source.toc import title_from_filename
from oerbook.source.values import as_text_list, read_fields
from oerbook.text.slugs import is_utf8_name

MAX_CACHED_PEOPLE = 5000  # people
IDENTITY_KEYS = ("identities", "former_names", "aliases")


def read_people(root: Path) -> tuple[tuple[Contributor, ...], tuple[Finding, ...]]:
    """Return the contributors, sorted by file name, and the findings in their files."""
    folder = root / "contributors"
    people: list[Contributor] = []
    findings: list[Finding] = []
    for name in sorted(entry.name for entry in os.scandir(folder)) if folder.is_dir() else []:
        if name.lower() in ("readme.md", "index.md") or name.startswith((".", "_")) or not name.endswith(".md"):
            continue
        if not is_utf8_name(name):
            continue
        if has_email_address(name):
            findings.append(_named_by_address(name))
            continue
        person, person_findings = read_person(root, name)
        findings += person_findings
        if person is not None:
            people.append(person)
    return tuple(people), tuple(findings)


def _named_by_address(name: str) -> Finding:
    message = "this contributor's file cannot be read: its name is an e-mail address, which would be printed"
    hint = "Rename it to the person's name, for example ada-lee.md."
    return Finding("contributor-unreadable", message, Place(f"contributors/{name}"), Severity.ERROR, hint)


def read_person(root: Path, name: str) -> tuple[Contributor | None, tuple[Finding, ...]]:
    """Return the contributor of a file (None when it cannot be read) and the findings.

    The same text is parsed once in a process.
    """
    path = f"contributors/{name}"
    return _parse_person(path, *load_page_text(f"{root}/{path}", root))


@lru_cache(maxsize=MAX_CACHED_PEOPLE)
def _parse_person(path: str, text: str, problem: str) -> tuple[Contributor | None, tuple[Finding, ...]]:
    """Return the contributor in a text. A pure function, so that it can be cached."""
    if problem:
        message = f"this contributor's file cannot be read: {problem}"
        return None, (Finding("contributor-unreadable", message, Place(path), Severity.ERROR),)
    matter = front_matter.read_front_matter(text, path, PERSON_KEYS)
    values = matter.values
    if matter.error:
        return None, matter.findings
    findings = list(matter.findings)
    if not values.get("name"):
        hint = "Add a line to the front matter: name: Ada Lovelace"
        findings.append(
            Finding("contributor-name-missing", "this contributor has no name", Place(path, 1), Severity.WARNING, hint)
        )
    body = "\n".join(text.split("\n")[matter.body_line - 1 :]).strip()
    fields = read_fields(Contributor, values, PERSON_KEYS)
    fields["identities"] = tuple(name for key in IDENTITY_KEYS for name in as_text_list(values.get(key)))
    person = Contributor(
        id=PurePosixPath(path).stem,
        name=fields.pop("name", "") or title_from_filename(PurePosixPath(path).stem),
        place=Place(path, matter.lines.get("name", 1)),
        biography=body,
        **fields,
    )
    return person, tuple(findings)


def claimed_identities(person: Contributor) -> Iterator[tuple[str, str]]:
    """Yield the identities that a person claims, as kind and value.

    >>> list(claimed_identities(Contributor("ada", "Ada Lee", Place("contributors/ada.md"), github="adal")))
    [('name', 'ada lee'), ('GitHub account', 'adal')]
    """
    yield "name", " ".join(person.name.casefold().split())
    for identity in person.identities:
        yield "name", " ".join(identity.casefold().split())
    if person.orcid:
        yield "ORCID iD", person.orcid.upper()
    if person.github:
        yield "GitHub account", person.github.casefold()
