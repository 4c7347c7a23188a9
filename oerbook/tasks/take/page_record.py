"""The record of a taken page in its front matter: where it comes from, its license, and the revision."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from oerbook.source.front_matter import split_front_matter

SOURCES_LINE = re.compile(r"^sources:[ \t]*$", re.M)
REVISION_LINE = re.compile(r"^([ \t]*revision:[ \t]*)\S+", re.M)


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
    match = SOURCES_LINE.search(front)
    if match is None:
        item = "\n".join(f"{'  - ' if number == 0 else '    '}{line}" for number, line in enumerate(lines))
        return f"{front}\nsources:\n{item}"
    following = re.match(r"\n([ \t]*)- ", front[match.end() :])
    indent = following[1] if following else "  "
    item = "\n".join(f"{indent}{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines))
    return f"{front[: match.end()]}\n{item}{front[match.end() :]}"


def taken_revision(text: str) -> str:
    """Return the revision at which a page was taken, "" if it was not.

    >>> taken_revision("---\\nsources:\\n  - title: Soil\\n    revision: a1\\n---\\n")
    'a1'
    """
    front, _line = split_front_matter(text)
    match = REVISION_LINE.search(front or "")
    return match[0].partition(":")[2].strip() if match else ""
