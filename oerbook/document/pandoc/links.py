"""Links inside a manuscript: one that leads nowhere becomes plain words, since a dead one breaks EPUB and PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from oerbook.manuscript.manuscript import Section

LABEL = re.compile(r"<([A-Za-z][\w.:-]*)>")
ATTRIBUTED = {
    "Header": 1,
    "Div": 0,
    "Span": 0,
    "CodeBlock": 0,
    "Code": 0,
    "Table": 0,
    "Figure": 0,
    "Link": 0,
    "Image": 0,
}


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


def _single(blocks: Any, known: set[str]) -> None:
    """Keep the first of each id, in place: a second one breaks EPUB and PDF."""
    for element in walk(blocks):
        kind: str = element["t"]
        content: Any = element.get("c")
        if kind in ATTRIBUTED:
            attributes = content[ATTRIBUTED[kind]]
            attributes[0] = "" if attributes[0] in known else attributes[0]
            known |= {attributes[0]} - {""}
        elif kind in ("RawInline", "RawBlock") and content[0] == "typst" and content[1].startswith("#[#metadata"):
            names = set(LABEL.findall(content[1]))
            content[1] = "" if names & known else content[1]
            known |= names


def settle(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """Unlink what leads nowhere, in place; return (page, words) of each such link."""
    known: set[str] = set()
    for section in sections:
        _single(section.blocks, known)
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
