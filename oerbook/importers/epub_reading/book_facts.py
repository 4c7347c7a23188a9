"""The facts of an EPUB as front matter of the title page, and its people by role."""

from __future__ import annotations

import re
from collections.abc import Mapping

from oerbook.importers.epub_reading.package import Package
from oerbook.importers.reading.author_names import read_authors
from oerbook.model.untyped import Yaml

FIELD_BY_ROLE = {"aut": "authors", "cre": "authors", "edt": "editors", "": "authors"}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def people_of(package: Package) -> dict[str, tuple[str, ...]]:
    """Return the names of authors, editors and contributors."""
    people: dict[str, list[str]] = {}
    for role, text in package.people:
        names, _rest = read_authors(_in_reading_order(text))
        people.setdefault(FIELD_BY_ROLE.get(role, "contributors"), []).extend(names)
    return {field: tuple(dict.fromkeys(names)) for field, names in people.items()}


def title_page_front_matter(package: Package, people: Mapping[str, tuple[str, ...]]) -> dict[str, Yaml]:
    """Return the keys of the title page that the package states."""
    date = ISO_DATE.match(package.facts.get("date", ""))
    front: dict[str, Yaml] = {
        "subtitle": package.subtitle,
        **{field: list(names) for field, names in people.items()},
        "publisher": package.facts.get("publisher", ""),
        "description": package.facts.get("description", ""),
        "date": date[0] if date else "",
        "keywords": list(package.subjects),
    }
    return {key: value for key, value in front.items() if value}


def _in_reading_order(name: str) -> str:
    """Return "Lee, Ada" as "Ada Lee".

    >>> _in_reading_order("Lee, Ada"), _in_reading_order("Ada Lee, Bo Chan")
    ('Ada Lee', 'Ada Lee, Bo Chan')
    """
    match = re.fullmatch(r"([^\s,]+(?: (?:Jr|Sr|van|de|von)\.?)?), ([^,]+)", name)
    return f"{match[2]} {match[1]}" if match else name
