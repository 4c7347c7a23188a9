"""Links inside a manuscript: one that leads nowhere becomes plain words, since a dead one breaks EPUB and PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from oerbook.document.manuscript import Section

LABEL = re.compile(r"<([A-Za-z][\w.:-]*)>")
ATTRIBUTED = {"Header": 1, "Div": 0, "Span": 0, "CodeBlock": 0, "Code": 0, "Table": 0, "Figure": 0, "Link": 0, "Image": 0}


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every element below plain pandoc JSON, outermost first."""
    pending = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, dict):
            if "t" in here:
                yield here
            pending.extend(reversed([value for key, value in here.items() if key != "t"]))
        elif isinstance(here, list):
            pending.extend(reversed(here))


def anchors(blocks: Any) -> set[str]:
    """Return every id that a link can lead to."""
    found: set[str] = set()
    for element in walk(blocks):
        kind = element["t"]
        if kind in ATTRIBUTED:
            identifier = element["c"][ATTRIBUTED[kind]][0]
            found |= {identifier} if identifier else set()
        elif kind in ("RawInline", "RawBlock") and element["c"][0] == "typst":
            found |= set(LABEL.findall(element["c"][1]))
    return found


def settle(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """Unlink what leads nowhere, in place; return (page, words) of each such link."""
    known: set[str] = set()
    for section in sections:
        known |= anchors(section.blocks)
    dead = []
    for section in sections:
        for element in walk(section.blocks):
            if element["t"] != "Link" or not element["c"][2][0].startswith("#"):
                continue
            if element["c"][2][0][1:] in known:
                continue
            attributes, words, _target = element["c"]
            dead.append((section.slug, text(words)))
            element["t"], element["c"] = "Span", [attributes, words]
    return dead


def text(inlines: Any) -> str:
    """Return the words of inlines."""
    parts = []
    for element in walk(inlines):
        if element["t"] == "Str":
            parts.append(element["c"])
        elif element["t"] in ("Space", "SoftBreak"):
            parts.append(" ")
        elif element["t"] in ("Code", "Math"):
            parts.append(str(element["c"][1]))
    return "".join(parts)
