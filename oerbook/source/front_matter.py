"""Reading front matter: finding it in a file, checking each key against the schema, and saying exactly what is wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from oerbook.licensing.spdx import license_of, meant
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.paper_sizes import dimensions
from oerbook.source.schema import EXAMPLES, FOREIGN, MAPPINGS
from oerbook.source.values import LISTS, as_date, as_millimetres, as_share, as_texts
from oerbook.source.yaml_lines import Fault, Mapping, Value, parse, plain, text_of

FENCE = re.compile(r"^---[ \t]*$")
END = re.compile(r"^(---|\.\.\.)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Matter:
    """The front matter of a file: its keys as plain values, their lines, what is wrong, and where the body begins."""

    values: Table[str, Any]
    lines: Table[str, int]
    findings: tuple[Finding, ...]
    body_line: int
    broken: str = ""


def split(text: str) -> tuple[str | None, int]:
    """Return the YAML at the head of a text (None when there is none) and the line on which the body begins.

    >>> split("---\\ntitle: A\\n---\\nHello")
    ('title: A', 4)
    """
    lines = text.split("\n")
    if not lines or not FENCE.match(lines[0]):
        return None, 1
    for place, line in enumerate(lines[1:], start=1):
        if END.match(line):
            return "\n".join(lines[1:place]), place + 2
    return None, 0


def read(text: str, path: str, schema: Table[str, str]) -> Matter:
    """Return what the front matter of a file says, with a finding for everything in it that cannot be so."""
    yaml_text, body_line = split(text)
    if yaml_text is None and body_line == 0:
        hint = "End the front matter with a line of three hyphens."
        words = "the front matter begins here and never ends"
        return _broken(words, Finding("front-matter", words, Place(path, 1), Severity.ERROR, hint), 1)
    if yaml_text is None:
        return Matter({}, {}, tuple(_astray(text, path, schema)), body_line)
    value = parse(yaml_text, 2)
    if isinstance(value, Fault):
        finding = Finding("front-matter", value.message, Place(path, value.line), Severity.ERROR, value.hint)
        return _broken(value.message, finding, body_line)
    if value.data is None:
        return Matter({}, {}, (), body_line)
    if not isinstance(value.data, Mapping):
        words = "the front matter is not a list of keys and values"
        hint = "Write each fact on a line of its own: title: Soil and water"
        return _broken(words, Finding("front-matter", words, Place(path, value.line), Severity.ERROR, hint), body_line)
    return _checked(value.data, path, schema, body_line)


def _astray(text: str, path: str, schema: Table[str, str]) -> Iterator[Finding]:
    """Report front matter that does not begin in the first line, or not with its three hyphens: it would be shown."""
    lines = text.split("\n")
    place = next((n for n, line in enumerate(lines) if line.strip()), 0)
    begun = bool(FENCE.match(lines[place]))
    block = list(takewhile(str.strip, lines[place + begun :]))
    key = block[0].partition(": ")[0].rstrip(":") if block else ""
    if key in schema and any(END.match(line) for line in block[1:]):
        hint = "Take out the empty lines above it." if begun else "Begin the file with a line of three hyphens: ---"
        words = "these lines were to be front matter, and are shown as text"
        yield Finding("front-matter", words, Place(path, place + 1), Severity.ERROR, hint)


def _broken(words: str, finding: Finding, body_line: int) -> Matter:
    return Matter({}, {}, (finding,), body_line, broken=words)


def _checked(mapping: Mapping, path: str, schema: Table[str, str], body_line: int) -> Matter:
    values, lines, findings = {}, {}, []
    top = schema not in MAPPINGS.values()
    for key, line, value in _lifted(mapping) if top else mapping:
        if top and (key.startswith(":") or (key in FOREIGN and key not in schema)):
            continue  # other tools' keys, Sphinx's field lists (":og:title:") among them
        if key not in schema:
            findings.append(_unknown(key, path, line, schema))
            continue
        if schema[key] in MAPPINGS and isinstance(value.data, Mapping):
            inner = _checked(value.data, path, MAPPINGS[schema[key]], body_line)
            findings += inner.findings
            values[key], lines[key] = inner.values, line
            continue
        problem = _problem(schema[key], value)
        if problem:
            advice = _advice(schema[key], value)
            findings.append(Finding("front-matter-value", f"{key}: {problem}", Place(path, line), *advice))
            if schema[key] not in ("isbn", "orcid", "license", "doi"):
                continue
        values[key], lines[key] = plain(value), line
    return Matter(values, lines, tuple(findings), body_line)


def _lifted(mapping: Mapping) -> Iterator[tuple[str, int, Value]]:
    """Yield the pairs of front matter, and the substitutions that MyST-Parser and Jupyter Book keep under `myst:`."""
    for key, line, value in mapping:
        yield key, line, value
        if key == "myst" and isinstance(value.data, Mapping) and not mapping.get("substitutions"):
            yield from (pair for pair in value.data if pair[0] == "substitutions")


def _advice(kind: str, value: Value) -> tuple[Severity, str]:
    if "|" in kind:
        close = difflib.get_close_matches(_shown(value.data).lower(), kind.split("|"), 1, 0.6)
        guess = f"Did you mean {close[0]}? " if close else ""
        return Severity.ERROR, guess + "Write one of: " + ", ".join(kind.split("|")) + "."
    return Severity.ERROR, f"It takes {EXAMPLES[kind]}."


def _unknown(key: str, path: str, line: int, schema: Table[str, str]) -> Finding:
    close = difflib.get_close_matches(key.lower(), list(schema), 1, 0.6)
    hint = f"Did you mean {close[0]}?" if close else "The handbook lists the keys that front matter may have."
    return Finding("front-matter-key", f"nothing is known of the key {key}", Place(path, line), Severity.ERROR, hint)


def _problem(kind: str, value: Value) -> str:
    """Return what is wrong with a value of a kind, or ""."""
    data = value.data
    if data is None or kind == "any":
        return ""
    scalar = not isinstance(data, Mapping | list)
    if "|" in kind:
        return "" if scalar and text_of(data) in kind.split("|") else f"{_shown(data)} is not one of its values"
    if kind in MAPPINGS:
        return "names with values are expected here"
    if kind in ("text", "file"):
        return "" if scalar else "a text is expected here"
    check = CHECKS.get(kind)
    return check(plain(value)) if check else ""


def _shown(data: Any) -> str:
    return "a list" if isinstance(data, list) else "a mapping" if isinstance(data, Mapping) else text_of(data)[:60]


def _flag(data: Any) -> str:
    return "" if isinstance(data, bool) else "true or false is expected here"


def _count(data: Any) -> str:
    return "" if type(data) is int and data >= 0 else f"{text_of(data)[:30]} is not a number of words"


def _share(data: Any) -> str:
    if isinstance(data, float) and 0 < data < 1:
        return f"{data} may mean {data} % or {100 * data:g} %: write the sign"
    return "" if 0 <= as_share(data, -1) <= 1 else f"{text_of(data)[:30]} is not a share in per cent"


def _paper(data: Any) -> str:
    return "" if dimensions(text_of(data)) else f"{text_of(data)[:30]} is no paper that we know"


def _length(data: Any) -> str:
    return "" if as_millimetres(data, -1) >= 0 else f"{text_of(data)[:30]} is not a length in millimetres"


def _lists(data: Any) -> str:
    strange = [word for word in as_texts(data) if word not in LISTS]
    return f"there is no list of {strange[0][:30]}" if strange else ""


def _texts(data: Any) -> str:
    if isinstance(data, str | int | float):
        return ""
    good = isinstance(data, list) and all(not isinstance(item, dict | list) for item in data)
    return "" if good else "a list of texts is expected here"


def _date(data: Any) -> str:
    return "" if as_date(data) else f"{text_of(data)[:30]} is not a date"


def _language(data: Any) -> str:
    good = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text_of(data))
    return "" if good else f"{text_of(data)[:30]} is not a language tag"


def _license(data: Any) -> str:
    ids = [data.get("content"), data.get("code")] if isinstance(data, dict) else [data]
    for item in ids:
        name = item.get("id") if isinstance(item, dict) else item
        if isinstance(name, list):
            return "a licence is expected here"
        if name and license_of(text_of(name)) is None:
            close = meant(text_of(name))
            return f"{text_of(name)[:40]} is not a licence we know" + (f"; did you mean {close}?" if close else "")
    return ""


def _people(data: Any) -> str:
    items = data if isinstance(data, list) else [data]
    for item in items:
        if isinstance(item, list) or (isinstance(item, dict) and not (item.get("name") or item.get("id"))):
            return "each person needs a name, or the id of a file in contributors/"
    return ""


def _works(data: Any) -> str:
    good = isinstance(data, list) and all(isinstance(item, dict | str) for item in data)
    return "" if good else "a list of works is expected here"


def _pairs(data: Any) -> str:
    return "" if isinstance(data, dict) else "names with texts are expected here"


def _numbering(data: Any) -> str:
    return "" if isinstance(data, bool | dict) else "true or false is expected here"


def _url(data: Any) -> str:
    good = isinstance(data, str) and re.fullmatch(r"(https?://\S+|[\w.-]+/[\w.-]+)", data)
    return "" if good else f"{text_of(data)[:60]} is not a web address"


def _isbn(data: Any) -> str:
    digits = re.sub(r"[\s-]", "", text_of(data)).upper()
    if re.fullmatch(r"\d{13}", digits):
        good = sum(int(d) * (1 + 2 * (place % 2)) for place, d in enumerate(digits)) % 10 == 0
    elif re.fullmatch(r"\d{9}[\dX]", digits):
        good = sum((10 if d == "X" else int(d)) * (10 - place) for place, d in enumerate(digits)) % 11 == 0
    else:
        return f"{text_of(data)[:30]} is not an ISBN"
    return "" if good else f"the last digit of {text_of(data)} does not fit the others, so one of them is wrong"


def _orcid(data: Any) -> str:
    digits = text_of(data).removeprefix("https://orcid.org/").replace("-", "").upper()
    if not re.fullmatch(r"\d{15}[\dX]", digits):
        return f"{text_of(data)[:40]} is not an ORCID iD"
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11  # ISO 7064 mod 11-2, as ORCID documents it
    good = digits[15] == ("X" if check == 10 else str(check))
    return "" if good else f"the last digit of {text_of(data)} does not fit the others, so one of them is wrong"


def _doi(data: Any) -> str:
    good = re.fullmatch(r"(https?://(dx\.)?doi\.org/)?10\.\d{4,9}/\S+", text_of(data))
    return "" if good else f"{text_of(data)[:40]} is not a DOI"


CHECKS = {
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
    "isbn": _isbn,
    "orcid": _orcid,
    "doi": _doi,
}
