"""From what front matter holds to the nouns of the model: dates, lists, people, works."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from oerbook.model.book import Work
from oerbook.model.findings import Pairs
from oerbook.model.people import Affiliation, Declared
from oerbook.source.yaml_lines import text_of

MILLIMETRES = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|)")
LISTS = ("figures", "tables")  # that a printed book may have behind its contents
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%?")


def as_date(data: Any) -> date | None:
    """Return a date from a YAML date or a text that says one in ISO form."""
    if isinstance(data, date):
        return data
    try:
        return date.fromisoformat(text_of(data)[:10])
    except ValueError:
        return None


def as_texts(data: Any) -> tuple[str, ...]:
    """Return a list of texts, from a list or from one text with commas."""
    if data is None:
        return ()
    if isinstance(data, str):
        return tuple(part.strip() for part in data.split(",") if part.strip())
    return tuple(text_of(item) for item in data) if isinstance(data, list) else (text_of(data),)


def as_pairs(data: Any) -> Pairs:
    """Return names with texts; mystmd's `{macro: …}` and `[body, arguments]` forms give their body."""
    pairs = []
    for name, value in (data or {}).items():
        if isinstance(value, dict):
            value = value.get("macro", "")
        if isinstance(value, list):
            value = value[0] if value else ""
        pairs.append((str(name), text_of(value)))
    return tuple(pairs)


def as_affiliations(data: Any) -> tuple[Affiliation, ...]:
    """Return affiliations from a name, a list of names, or mystmd's mappings."""
    items = data if isinstance(data, list) else [data] if data else []
    found = []
    for item in items:
        if isinstance(item, dict):
            name = text_of(item.get("name") or item.get("institution") or item.get("id"))
            found.append(Affiliation(name, text_of(item.get("ror")), text_of(item.get("url"))))
        else:
            found.append(Affiliation(text_of(item)))
    return tuple(found)


def as_people(data: Any) -> tuple[Declared, ...]:
    """Return people from a text, a list of texts or mystmd's mappings; e-mail addresses are never kept."""
    items = data if isinstance(data, list) else [data] if data else []
    return tuple(_declared(item) for item in items)


def _declared(item: Any) -> Declared:
    if not isinstance(item, dict):
        return Declared(re.sub(r"\s*<[^>]*@[^>]*>", "", text_of(item)).strip())
    places = as_affiliations(item.get("affiliations", item.get("affiliation")))
    orcid = text_of(item.get("orcid")).removeprefix("https://orcid.org/")
    return Declared(text_of(item.get("id") or item.get("name")), as_texts(item.get("roles")), orcid, places)


def as_works(data: Any) -> tuple[Work, ...]:
    """Return works reused."""
    found = []
    for item in data or []:
        if isinstance(item, dict):
            words = {
                key: ", ".join(as_texts(item.get(key))) for key in ("title", "authors", "source", "license", "changes")
            }
            found.append(Work(**{**words, "source": words["source"] or text_of(item.get("url"))}))
        else:
            found.append(Work(text_of(item)))
    return tuple(found)


def as_share(data: Any, otherwise: float) -> float:
    """Return a share written in per cent.

    >>> as_share("5 %", 0.01), as_share(None, 0.01)
    (0.05, 0.01)
    """
    match = PERCENT.fullmatch(text_of(data))
    return float(match[1]) / 100 if match else otherwise


def as_millimetres(data: Any, otherwise: float) -> float:
    """Return a length in millimetres.

    >>> as_millimetres("0.12 mm", 0.1), as_millimetres(None, 0.1)
    (0.12, 0.1)
    """
    match = MILLIMETRES.fullmatch(text_of(data))
    return min(float(match[1]), 100.0) if match else otherwise
