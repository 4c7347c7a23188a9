"""Convert values of front matter to values and fields of the model, by the kinds that `schema.py` gives the keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date

from oerbook.markup.urls import (
    has_email_address,
    is_link_target,
    to_github_account,
    to_repository_url,
    to_web_url,
    url_scheme,
)
from oerbook.media.embeds import is_host_name
from oerbook.model.accessibility import AccessibilityClaim
from oerbook.model.book import CreditPolicy, ReusedWork
from oerbook.model.findings import Pairs
from oerbook.model.people import Affiliation, NamedPerson
from oerbook.model.printing import PrintSettings
from oerbook.model.sentences import BackMatterSettings
from oerbook.model.untyped import Yaml
from oerbook.source.schema import NESTED_KEYS, Schema
from oerbook.source.yaml_lines import YamlData, scalar_as_text
from oerbook.text.name_lists import split_names_of_people

LENGTH_IN_MM_PATTERN = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|)")
PRINT_LISTS = ("figures", "tables")  # that a printed book can have after its table of contents
AUTHOR_KEYS = ("authors", "creators", "author", "creator")  # of a reused work: all mean the same
ISBN_FORMATS = ("hardcover", "paperback", "print", "pdf", "epub", "docx", "html")
PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)\s*%?")


def read_fields(model: type, values: Mapping[str, YamlData], schema: Schema) -> dict[str, Yaml]:
    """Return the fields of a dataclass that keys give a value; the others keep their defaults.

    Of two keys for one field, the first in the schema counts. A value that is not of its key's kind is reported when
    the front matter is checked, and gives none.

    >>> read_fields(CreditPolicy, {"min_words": 5, "order": "random", "bots": "a, b"}, NESTED_KEYS["credit"])
    {'min_words': 5, 'bots': ('a', 'b')}
    """
    names = {one.name for one in fields(model)}
    found: dict[str, Yaml] = {}
    for name, key in schema.items():
        field = key.field or name
        if field not in names or field in found or values.get(name) is None:
            continue
        value = _read_value(key.kind, values[name])
        if value is not None and value not in ("", ()):
            found[field] = value
    return found


def as_date(data: YamlData) -> date | None:
    """Return a date from a YAML date or a text in ISO 8601 form; None for anything else."""
    if isinstance(data, date):
        return data
    try:
        return date.fromisoformat(scalar_as_text(data)[:10])
    except ValueError:
        return None


def as_text_list(data: YamlData) -> tuple[str, ...]:
    """Return the texts of a list, or the parts of a text with commas."""
    if data is None:
        return ()
    if isinstance(data, str):
        return tuple(part.strip() for part in data.split(",") if part.strip())
    return tuple(scalar_as_text(item) for item in data) if isinstance(data, list) else (scalar_as_text(data),)


def as_pairs(data: YamlData) -> Pairs:
    """Return a mapping as pairs of texts.

    Of mystmd's forms `{macro: …}` and `[body, arguments]`, only the body is used.
    """
    pairs = []
    for name, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, dict):
            value = value.get("macro", "")
        if isinstance(value, list):
            value = value[0] if value else ""
        pairs.append((str(name), scalar_as_text(value)))
    return tuple(pairs)


def as_affiliations(data: YamlData) -> tuple[Affiliation, ...]:
    """Return affiliations from a name, a list of names, or mystmd's mappings."""
    affiliations = []
    for item in _as_list(data):
        if isinstance(item, dict):
            name = scalar_as_text(item.get("name") or item.get("institution") or item.get("id"))
            affiliations.append(
                Affiliation(name, _ror(scalar_as_text(item.get("ror"))), to_web_url(scalar_as_text(item.get("url"))))
            )
        else:
            affiliations.append(Affiliation(scalar_as_text(item)))
    return tuple(affiliations)


def _ror(text: str) -> str:
    """Return a ROR id, given as an id or an address, "" for anything with another scheme."""
    return text if not url_scheme(text) or to_web_url(text) else ""


def as_people(data: YamlData) -> tuple[NamedPerson, ...]:
    """Return people from texts or mystmd's mappings; addresses in angle brackets are dropped.

    >>> [person.name for person in as_people("Jane Roe and John Doe <john@doe.org>")]
    ['Jane Roe', 'John Doe']
    """
    people: list[NamedPerson] = []
    for item in _as_list(data):
        people += [_person(item)] if isinstance(item, dict) else map(NamedPerson, _names(scalar_as_text(item)))
    return tuple(people)


def _names(text: str) -> list[str]:
    return split_names_of_people(re.sub(r"\s*<[^>]*@[^>]*>", "", text).strip())


def people_with_names(data: YamlData) -> tuple[NamedPerson, ...]:
    """Return the people who have a name, not an e-mail address in its place."""
    return tuple(person for person in as_people(data) if not has_email_address(person.name))


def _as_list(data: YamlData) -> list[YamlData]:
    return data if isinstance(data, list) else [data] if data else []


def _person(item: dict[str, YamlData]) -> NamedPerson:
    affiliations = as_affiliations(item.get("affiliations", item.get("affiliation")))
    orcid = scalar_as_text(item.get("orcid")).removeprefix("https://orcid.org/")
    return NamedPerson(
        scalar_as_text(item.get("id") or item.get("name")), as_text_list(item.get("roles")), orcid, affiliations
    )


def as_reused_works(data: YamlData) -> tuple[ReusedWork, ...]:
    """Return reused works from a list of mappings or titles."""
    works = []
    for item in data if isinstance(data, list) else ():
        if isinstance(item, dict):
            works.append(as_work(item))
        else:
            works.append(ReusedWork(scalar_as_text(item)))
    return tuple(works)


def as_work(item: Mapping[str, YamlData]) -> ReusedWork:
    """Return a reused work from a mapping.

    >>> as_work({"title": "Soil", "creators": ["Ada Lee", "Bo Li"], "url": "https://a.org"}).authors
    'Ada Lee, Bo Li'
    """
    source = scalar_as_text(item.get("source") or item.get("url"))
    authors = next((item[key] for key in AUTHOR_KEYS if item.get(key)), None)
    names = authors if isinstance(authors, list) else [authors] if authors else []
    return ReusedWork(
        title=scalar_as_text(item.get("title")),
        authors=", ".join(scalar_as_text(name.get("name") if isinstance(name, dict) else name) for name in names),
        source=source if " " in source or is_link_target(source) else "",
        license=scalar_as_text(item.get("license")),
        changes=", ".join(as_text_list(item.get("changes"))),
        relation=scalar_as_text(item.get("relation")).casefold(),
        retrieved=scalar_as_text(item.get("retrieved")),
    )


def as_share(data: YamlData) -> float | None:
    """Return a percentage as a share between 0 and 1.

    >>> as_share("5 %"), as_share("half")
    (0.05, None)
    """
    match = PERCENTAGE.fullmatch(scalar_as_text(data))
    return float(match[1]) / 100 if match else None


def as_millimetres(data: YamlData) -> float | None:
    """Return a length in millimetres, at most 100.

    >>> as_millimetres("0.12 mm"), as_millimetres("thin")
    (0.12, None)
    """
    match = LENGTH_IN_MM_PATTERN.fullmatch(scalar_as_text(data))
    return min(float(match[1]), 100.0) if match else None


def _read_value(kind: str, data: YamlData) -> Yaml:
    """Return a value of a kind, None if it is not of that kind or its reading depends on the book's files."""
    if "|" in kind:
        return scalar_as_text(data) if scalar_as_text(data) in kind.split("|") else None
    reader = READER_BY_KIND.get(kind)
    return reader(data) if reader else None


def _is_numbered(data: YamlData) -> bool:
    if isinstance(data, dict):
        heading = data.get("headings", data.get("title", data.get("heading_1", True)))
        heading = heading.get("enabled", True) if isinstance(heading, dict) else heading
        return heading is not False
    return data is not False


def _license(data: YamlData) -> str:
    if isinstance(data, dict):
        data = data.get("content") or data.get("id")
    if isinstance(data, dict):
        data = data.get("id")
    return scalar_as_text(data)


def as_isbns(data: YamlData) -> Pairs:
    """Return the ISBNs of a mapping from formats, such as `{epub: …, paperback: …}`, in a fixed order.

    >>> as_isbns({"epub": "978-3-16-148410-0", "brochure": "978-3-16-148410-0"})
    (('epub', '978-3-16-148410-0'),)
    """
    numbers = data if isinstance(data, dict) else {}
    return tuple((name, scalar_as_text(numbers[name])) for name in ISBN_FORMATS if numbers.get(name))


def _isbn(data: YamlData) -> str:
    """Return the ISBN of the book: that of its printed edition, if it has several."""
    isbns = as_isbns(data)
    return isbns[0][1] if isbns else "" if isinstance(data, dict) else scalar_as_text(data)


def _print_lists(data: YamlData) -> tuple[str, ...]:
    names = as_text_list(data)
    return tuple(kind.removesuffix("s") for kind in PRINT_LISTS if kind in names)


def _nested(model: type, kind: str) -> Callable[[YamlData], Yaml]:
    return lambda data: model(**read_fields(model, data if isinstance(data, dict) else {}, NESTED_KEYS[kind]))


READER_BY_KIND: dict[str, Callable[[YamlData], Yaml]] = {
    **dict.fromkeys(("text", "name", "language", "paper", "conformance", "issn"), scalar_as_text),
    "isbn": _isbn,
    "texts": as_text_list,
    "hosts": lambda data: tuple(name for name in as_text_list(data) if is_host_name(name)),
    "flag": lambda data: data if isinstance(data, bool) else None,
    "count": lambda data: data if isinstance(data, int) else None,
    "date": as_date,
    "share": as_share,
    "length": as_millimetres,
    "lists": _print_lists,
    "license": _license,
    "people": people_with_names,
    "works": as_reused_works,
    "pairs": as_pairs,
    "numbering": _is_numbered,
    "affiliations": as_affiliations,
    "doi": lambda data: scalar_as_text(data).removeprefix("https://doi.org/"),
    "orcid": lambda data: scalar_as_text(data).removeprefix("https://orcid.org/"),
    "url": lambda data: to_web_url(scalar_as_text(data)),
    "repository": lambda data: to_repository_url(scalar_as_text(data)),
    "account": lambda data: to_github_account(scalar_as_text(data)),
    "credit": _nested(CreditPolicy, "credit"),
    "print": _nested(PrintSettings, "print"),
    "accessibility": _nested(AccessibilityClaim, "accessibility"),
    "back_matter": _nested(BackMatterSettings, "back_matter"),
}
