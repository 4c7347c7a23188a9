"""The record of a taken page in its front matter: where it comes from, its license, and the revision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from oerbook.errors import OerbookError
from oerbook.source.front_matter import split_front_matter
from oerbook.source.yaml_lines import YamlValue, parse_yaml, scalar_as_text, without_line_numbers

SOURCES_KEY_LINE = re.compile(r"^sources:[ \t]*(?:#.*)?$", re.M)


@dataclass(frozen=True, slots=True)
class TakenRecord:
    """Where a page was taken from: the address of the repository, the file in it, and its last commit then."""

    address: str
    file: str
    revision: str


def with_record(text: str, record: Mapping[str, str], license_: str) -> str:
    """Return the text of a page with a record of its source, and with its license if it states none.

    >>> print(with_record("# Soil\\n", {"title": "Soil", "revision": "a1"}, "CC-BY-4.0"))
    ---
    license: CC-BY-4.0
    sources:
      - title: Soil
        revision: a1
    ---
    <BLANKLINE>
    # Soil
    <BLANKLINE>
    """
    front, body_line = split_front_matter(text)
    body = "\n".join(text.split("\n")[body_line - 1 :]) if front is not None else f"\n{text}"
    front = front or ""
    if not re.search(r"^license:", front, re.M):
        front = f"license: {license_}\n{front}" if front else f"license: {license_}"
    front = _add_record(front, record)
    return f"---\n{front}\n---\n{body}"


def _add_record(front: str, record: Mapping[str, str]) -> str:
    """Return front matter with one more work under `sources`."""
    lines = yaml.safe_dump(dict(record), sort_keys=False, allow_unicode=True, width=1000).splitlines()
    match = SOURCES_KEY_LINE.search(front)
    if match is None and re.search(r"^sources:", front, re.M):
        hint = "Write each work on lines of its own, which begin with “- title:”, and take the chapter then."
        raise OerbookError("the chapter lists its sources in one line of its front matter", hint=hint)
    if match is None:
        item = "\n".join(f"{'  - ' if number == 0 else '    '}{line}" for number, line in enumerate(lines))
        return f"{front}\nsources:\n{item}"
    following = re.match(r"\n([ \t]*)- ", front[match.end() :])
    indent = following[1] if following else "  "
    item = "\n".join(f"{indent}{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines))
    return f"{front[: match.end()]}\n{item}{front[match.end() :]}"


def taken_record(text: str) -> TakenRecord | None:
    """Return the record of a page that was taken, None if it was not.

    >>> taken_record("---\\nsources:\\n  - title: Soil\\n    file: a.md\\n    revision: a1\\n---\\n")
    TakenRecord(address='', file='a.md', revision='a1')
    """
    front, _line = split_front_matter(text)
    value = parse_yaml(front, 2) if front else None
    data = without_line_numbers(value) if isinstance(value, YamlValue) else None
    works = data.get("sources") if isinstance(data, dict) else None
    for work in works if isinstance(works, list) else ():
        if isinstance(work, dict) and work.get("revision") and work.get("file"):
            return TakenRecord(
                scalar_as_text(work.get("source")), scalar_as_text(work["file"]), scalar_as_text(work["revision"])
            )
    return None
