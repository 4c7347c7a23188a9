"""Read front matter and check its keys and values against the schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from stdnum import isbn, isni
from stdnum.exceptions import InvalidChecksum, ValidationError

from oerbook.licensing.spdx import closest_license, find_license
from oerbook.markup.urls import (
    github_account,
    has_email_address,
    is_link_target,
    repository_url,
    scheme_of,
    web_url,
)
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.paper_sizes import paper_size_mm
from oerbook.source.schema import FOREIGN_KEYS, KIND_EXAMPLES, NESTED_KEYS, Schema
from oerbook.source.values import PRINT_LISTS, as_date, as_millimetres, as_people, as_share, as_texts
from oerbook.source.yaml_lines import YamlData, YamlMapping, YamlProblem, YamlValue, as_text, parse_yaml, to_plain_data

OPENING_LINE = re.compile(r"^---[ \t]*$")
CLOSING_LINE = re.compile(r"^(---|\.\.\.)[ \t]*$")
EMAIL_AS_NAME = "an e-mail address is not printed; write the name of the person"
KEPT_THOUGH_INVALID = frozenset({"isbn", "orcid", "license", "doi"})  # kinds whose value is reported and still used


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a file."""

    values: dict[str, YamlData]
    lines: dict[str, int]  # 1-based, by key
    findings: tuple[Finding, ...]
    body_line: int  # 1-based line on which the body starts
    error: str = ""  # why it cannot be read


def split(text: str) -> tuple[str | None, int]:
    """Return the YAML at the start of a text and the line on which the body starts.

    The YAML is None when there is no front matter; the line is 0 when the front matter has no closing line.

    >>> split("---\\ntitle: A\\n---\\nHello")
    ('title: A', 4)
    """
    lines = text.split("\n")
    if not lines or not OPENING_LINE.match(lines[0]):
        return None, 1
    for index, line in enumerate(lines[1:], start=1):
        if CLOSING_LINE.match(line):
            return "\n".join(lines[1:index]), index + 2
    return None, 0


def read(text: str, path: str, schema: Schema) -> FrontMatter:
    """Return the front matter of a file, with a finding for each problem in it."""
    yaml_source, body_line = split(text)
    if yaml_source is None and body_line == 0:
        hint = "End the front matter with a line of three hyphens: ---"
        return _broken("the front matter starts here and is never closed", Place(path, 1), hint, 1)
    if yaml_source is None:
        return FrontMatter({}, {}, tuple(_misplaced(text, path, schema)), body_line)
    value = parse_yaml(yaml_source, 2)
    if isinstance(value, YamlProblem):
        return _broken(value.message, Place(path, value.line), value.hint, body_line)
    if value.data is None:
        return FrontMatter({}, {}, (), body_line)
    if not isinstance(value.data, YamlMapping):
        hint = "Write each fact on a line of its own: title: Soil and water"
        return _broken("the front matter is not a list of keys and values", Place(path, value.line), hint, body_line)
    return _check_keys(value.data, path, schema, body_line)


def _broken(message: str, place: Place, hint: str, body_line: int) -> FrontMatter:
    finding = Finding("front-matter", message, place, Severity.ERROR, hint)
    return FrontMatter({}, {}, (finding,), body_line, error=message)


def _misplaced(text: str, path: str, schema: Schema) -> Iterator[Finding]:
    """Report front matter that is shown as text because its start is malformed."""
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    opened = bool(OPENING_LINE.match(lines[first]))
    block = list(takewhile(str.strip, lines[first + opened :]))
    key = block[0].partition(": ")[0].rstrip(":") if block else ""
    if key in schema and any(CLOSING_LINE.match(line) for line in block[1:]):
        hint = "Remove the empty lines above it." if opened else "Start the file with a line of three hyphens: ---"
        message = "these lines look like front matter, but are shown as text"
        yield Finding("front-matter", message, Place(path, first + 1), Severity.ERROR, hint)


def _check_keys(mapping: YamlMapping, path: str, schema: Schema, body_line: int) -> FrontMatter:
    values: dict[str, YamlData] = {}
    lines: dict[str, int] = {}
    findings: list[Finding] = []
    top_level = schema not in NESTED_KEYS.values()
    for key, line, value in _with_myst_substitutions(mapping) if top_level else mapping:
        if top_level and (key.startswith(":") or (key in FOREIGN_KEYS and key not in schema)):
            continue  # keys of other tools, and Sphinx's field lists such as ":og:title:"
        if key not in schema:
            findings.append(_unknown_key(key, path, line, schema))
            continue
        kind = schema[key].kind
        if kind in NESTED_KEYS and isinstance(value.data, YamlMapping):
            nested = _check_keys(value.data, path, NESTED_KEYS[kind], body_line)
            findings += nested.findings
            values[key], lines[key] = nested.values, line
            continue
        problem = _problem(kind, value)
        if problem:
            place, hint = Place(path, line), _hint(kind, value)
            findings.append(Finding("front-matter-value", f"{key}: {problem}", place, schema[key].severity, hint))
        if not problem or kind in KEPT_THOUGH_INVALID or (kind == "people" and problem == EMAIL_AS_NAME):
            values[key], lines[key] = to_plain_data(value), line
    return FrontMatter(values, lines, tuple(findings), body_line)


def _with_myst_substitutions(mapping: YamlMapping) -> Iterator[tuple[str, int, YamlValue]]:
    """Yield the pairs of a mapping, and those of `myst: substitutions` (MyST-Parser)."""
    for key, line, value in mapping:
        yield key, line, value
        if key == "myst" and isinstance(value.data, YamlMapping) and not mapping.get("substitutions"):
            yield from (pair for pair in value.data if pair[0] == "substitutions")


def _hint(kind: str, value: YamlValue) -> str:
    if "|" in kind:
        choices = kind.split("|")
        close = difflib.get_close_matches(_display(value.data).lower(), choices, 1, 0.6)
        guess = f"Did you mean {close[0]}? " if close else ""
        return f"{guess}Write one of: {', '.join(choices)}."
    return f"It takes {KIND_EXAMPLES[kind]}."


def _unknown_key(key: str, path: str, line: int, schema: Schema) -> Finding:
    close = difflib.get_close_matches(key.lower(), list(schema), 1, 0.6)
    hint = f"Did you mean {close[0]}?" if close else "The handbook lists the keys of front matter."
    return Finding("front-matter-key", f"unknown key {key}", Place(path, line), Severity.ERROR, hint)


def _problem(kind: str, value: YamlValue) -> str:
    """Return what is wrong with a value of a kind, or ""."""
    data = value.data
    if data is None or kind == "any":
        return ""
    scalar = not isinstance(data, YamlMapping | list)
    if "|" in kind:
        return "" if scalar and as_text(data) in kind.split("|") else f"{_display(data)} is not one of its values"
    if kind in NESTED_KEYS:
        return "nested keys are expected here"
    if kind in ("text", "file"):
        return "" if scalar else "a text is expected here"
    check = VALUE_CHECKS.get(kind)
    return check(to_plain_data(value)) if check else ""


def _display(data: object) -> str:
    return "a list" if isinstance(data, list) else "a mapping" if isinstance(data, YamlMapping) else as_text(data)[:60]


def _flag(data: YamlData) -> str:
    return "" if isinstance(data, bool) else "true or false is expected here"


def _count(data: YamlData) -> str:
    return "" if type(data) is int and data >= 0 else f"{as_text(data)[:30]} is not a whole number"


def _share(data: YamlData) -> str:
    if isinstance(data, float) and 0 < data < 1:
        return f"{data} may mean {data} % or {100 * data:g} %: write it with the % sign"
    return "" if 0 <= as_share(data, -1) <= 1 else f"{as_text(data)[:30]} is not a share in per cent"


def _paper(data: YamlData) -> str:
    return "" if paper_size_mm(as_text(data)) else f"{as_text(data)[:30]} is not a known paper size"


def _length(data: YamlData) -> str:
    return "" if as_millimetres(data, -1) >= 0 else f"{as_text(data)[:30]} is not a length in millimetres"


def _lists(data: YamlData) -> str:
    unknown = [name for name in as_texts(data) if name not in PRINT_LISTS]
    return f"there is no list of {unknown[0][:30]}" if unknown else ""


def _texts(data: YamlData) -> str:
    if isinstance(data, str | int | float):
        return ""
    valid = isinstance(data, list) and all(not isinstance(item, dict | list) for item in data)
    return "" if valid else "a list of texts is expected here"


def _date(data: YamlData) -> str:
    return "" if as_date(data) else f"{as_text(data)[:30]} is not a date"


def _language(data: YamlData) -> str:
    valid = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", as_text(data))
    return "" if valid else f"{as_text(data)[:30]} is not a language tag"


def _license(data: YamlData) -> str:
    ids = [data.get("content"), data.get("code")] if isinstance(data, dict) else [data]
    for item in ids:
        name = item.get("id") if isinstance(item, dict) else item
        if isinstance(name, list):
            return "a licence is expected here"
        if name and find_license(as_text(name)) is None:
            close = closest_license(as_text(name))
            return f"{as_text(name)[:40]} is not a known licence" + (f"; did you mean {close}?" if close else "")
    return ""


def _people(data: YamlData) -> str:
    items = data if isinstance(data, list) else [data]
    for item in items:
        if isinstance(item, list) or (isinstance(item, dict) and not (item.get("name") or item.get("id"))):
            return "each person needs a name, or the id of a file in contributors/"
    return EMAIL_AS_NAME if any(has_email_address(person.name) for person in as_people(data)) else ""


def _works(data: YamlData) -> str:
    if not isinstance(data, list) or not all(isinstance(item, dict | str) for item in data):
        return "a list of works is expected here"
    sources = [as_text(item.get(key)) for item in data if isinstance(item, dict) for key in ("source", "url")]
    wrong = next((source for source in sources if not is_link_target(source) and " " not in source.strip()), "")
    return f"{wrong[:60]} is not a web address" if wrong else ""


def _pairs(data: YamlData) -> str:
    return "" if isinstance(data, dict) else "names with texts are expected here"


def _numbering(data: YamlData) -> str:
    return "" if isinstance(data, bool | dict) else "true or false is expected here"


def _url(data: YamlData) -> str:
    return "" if isinstance(data, str) and web_url(data) else f"{as_text(data)[:60]} is not a web address"


def _repository(data: YamlData) -> str:
    return "" if repository_url(as_text(data)) else f"{as_text(data)[:60]} is not the address of a repository"


def _account(data: YamlData) -> str:
    return "" if github_account(as_text(data)) else f"{as_text(data)[:40]} is not an account on GitHub"


def _name(data: YamlData) -> str:
    if isinstance(data, dict | list):
        return "a text is expected here"
    return EMAIL_AS_NAME if has_email_address(as_text(data)) else ""


def _affiliations(data: YamlData) -> str:
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            urls = [as_text(item.get(key)) for key in ("url", "ror") if item.get(key)]
            wrong = next((url for url in urls if scheme_of(url) and not web_url(url)), "")
            if wrong:
                return f"{wrong[:60]} is not a web address"
    return ""


def _isbn(data: YamlData) -> str:
    return _checked_number(data, "an ISBN", isbn.validate)


def _orcid(data: YamlData) -> str:
    return _checked_number(data, "an ORCID iD", isni.validate)  # every ORCID iD is an ISNI


def _checked_number(data: YamlData, kind: str, validate: Callable[[str], str]) -> str:
    """Return what is wrong with a number that ends in a check digit."""
    try:
        validate(as_text(data).removeprefix("https://orcid.org/"))
    except InvalidChecksum:
        return f"the last digit of {as_text(data)} does not match the others, so one digit is wrong"
    except ValidationError:
        return f"{as_text(data)[:40]} is not {kind}"
    return ""


def _doi(data: YamlData) -> str:
    valid = re.fullmatch(r"(https?://(dx\.)?doi\.org/)?10\.\d{4,9}/\S+", as_text(data))
    return "" if valid else f"{as_text(data)[:40]} is not a DOI"


VALUE_CHECKS: dict[str, Callable[[YamlData], str]] = {
    "flag": _flag,
    "count": _count,
    "share": _share,
    "texts": _texts,
    "date": _date,
    "language": _language,
    "license": _license,
    "people": _people,
    "works": _works,
    "pairs": _pairs,
    "numbering": _numbering,
    "paper": _paper,
    "length": _length,
    "lists": _lists,
    "url": _url,
    "repository": _repository,
    "account": _account,
    "name": _name,
    "affiliations": _affiliations,
    "isbn": _isbn,
    "orcid": _orcid,
    "doi": _doi,
}
