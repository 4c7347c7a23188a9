"""Read front matter and check its keys and values against the schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.schema import EXAMPLE_BY_KIND, NESTED_KEYS, Schema
from oerbook.source.settings.foreign_keys import FOREIGN_KEYS
from oerbook.source.value_checks import EMAIL_AS_NAME_MESSAGE, VALUE_CHECK_BY_KIND
from oerbook.source.yaml_lines import (
    YamlData,
    YamlMapping,
    YamlProblem,
    YamlValue,
    parse_yaml,
    scalar_as_text,
    without_line_numbers,
)

OPENING_LINE = re.compile(r"^---[ \t]*$")
CLOSING_LINE = re.compile(r"^(---|\.\.\.)[ \t]*$")
KEYS_KEPT_IF_INVALID = frozenset({"isbn", "orcid", "license", "doi"})  # kinds whose value is reported and still used
NOTEBOOK_KEYS = ("jupytext", "kernelspec")  # of a page that is a notebook's text: tools keep their settings beside them
NOTEBOOK_HINT = "It is ignored, like other settings of notebook tools."


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a file."""

    values: dict[str, YamlData]
    lines: dict[str, int]  # 1-based, by key
    findings: tuple[Finding, ...]
    body_line: int  # 1-based line on which the body starts
    error: str = ""  # why it cannot be read


def split_front_matter(text: str) -> tuple[str | None, int]:
    """Return the YAML at the start of a text and the line on which the body starts.

    The YAML is None when there is no front matter; the line is 0 when the front matter has no closing line.

    >>> split_front_matter("---\\ntitle: A\\n---\\nHello")
    ('title: A', 4)
    """
    lines = text.split("\n")
    if not lines or not OPENING_LINE.match(lines[0]):
        return None, 1
    for index, line in enumerate(lines[1:], start=1):
        if CLOSING_LINE.match(line):
            return "\n".join(lines[1:index]), index + 2
    return None, 0


def read_front_matter(text: str, path: str, schema: Schema) -> FrontMatter:
    """Return the front matter of a file, with a finding for each problem in it."""
    yaml_source, body_line = split_front_matter(text)
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
    is_notebook = top_level and any(mapping.get(key) for key in NOTEBOOK_KEYS)
    for key, line, value in _with_myst_substitutions(mapping) if top_level else mapping:
        if top_level and (key.startswith(":") or (key in FOREIGN_KEYS and key not in schema)):
            continue  # keys of other tools, and Sphinx's field lists such as ":og:title:"
        if key not in schema:
            unknown = _unknown_key(key, path, line, schema)
            findings.append(replace(unknown, severity=Severity.INFO, hint=NOTEBOOK_HINT) if is_notebook else unknown)
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
        if not problem or kind in KEYS_KEPT_IF_INVALID or (kind == "people" and problem == EMAIL_AS_NAME_MESSAGE):
            values[key], lines[key] = without_line_numbers(value), line
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
    return f"It takes {EXAMPLE_BY_KIND[kind]}."


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
        return (
            "" if scalar and scalar_as_text(data) in kind.split("|") else f"{_display(data)} is not one of its values"
        )
    if kind in NESTED_KEYS:
        return "nested keys are expected here"
    if kind in ("text", "file"):
        return "" if scalar else "a text is expected here"
    check = VALUE_CHECK_BY_KIND.get(kind)
    return check(without_line_numbers(value)) if check else ""


def _display(data: object) -> str:
    return (
        "a list"
        if isinstance(data, list)
        else "a mapping"
        if isinstance(data, YamlMapping)
        else scalar_as_text(data)[:60]
    )
