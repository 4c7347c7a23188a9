"""Constructors for pandoc's document elements as dictionaries (pandoc-types 1.23)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from oerbook.model.untyped import Json

Block = dict[str, Json]
Inline = dict[str, Json]

MAX_HEADING_LEVEL = 6


def attributes(identifier: str = "", classes: Iterable[str] = (), **pairs: str) -> list[Json]:
    """Return pandoc's attributes: id, classes, key-value pairs."""
    return [identifier, list(classes), [[key.replace("_", "-"), value] for key, value in pairs.items()]]


def text_inlines(text: str) -> list[Inline]:
    """Return text as pandoc inlines: Str, Space and SoftBreak.

    >>> [element["t"] for element in text_inlines("soil is\\nalive")]
    ['Str', 'Space', 'Str', 'SoftBreak', 'Str']
    """
    result: list[Inline] = []
    for piece in re.split(r"([ \t\r\n\f]+)", text):
        if not piece:
            continue
        if piece.isspace() and piece[0] in " \t\r\n\f":
            result.append({"t": "SoftBreak" if "\n" in piece else "Space"})
        else:
            result.append({"t": "Str", "c": piece})
    return result


def inline(kind: str, content: Json) -> Inline:
    """Return an inline element of a kind: Emph, Strong, Strikeout …"""
    return {"t": kind, "c": content}


def span(content: Sequence[Inline], identifier: str = "", classes: Iterable[str] = (), **pairs: str) -> Inline:
    """Return a span."""
    return {"t": "Span", "c": [attributes(identifier, classes, **pairs), list(content)]}


def code(text: str, classes: Iterable[str] = ()) -> Inline:
    """Return inline code."""
    return {"t": "Code", "c": [attributes("", classes), text]}


def link(content: Sequence[Inline], target: str, title: str = "", classes: Iterable[str] = ()) -> Inline:
    """Return a link."""
    return {"t": "Link", "c": [attributes("", classes), list(content), [target, title]]}


def raw_inline(kind: str, text: str) -> Inline:
    """Return raw inline markup in a format (html, typst …)."""
    return {"t": "RawInline", "c": [kind, text]}


def raw_block(kind: str, text: str) -> Block:
    """Return a raw block in a format (html, typst …)."""
    return {"t": "RawBlock", "c": [kind, text]}


def para(content: Sequence[Inline]) -> Block:
    """Return a paragraph."""
    return {"t": "Para", "c": list(content)}


def plain(content: Sequence[Inline]) -> Block:
    """Return text without paragraph spacing."""
    return {"t": "Plain", "c": list(content)}


def div(content: Sequence[Block], identifier: str = "", classes: Iterable[str] = (), **pairs: str) -> Block:
    """Return a div."""
    return {"t": "Div", "c": [attributes(identifier, classes, **pairs), list(content)]}


def header(level: int, content: Sequence[Inline], identifier: str = "", classes: Iterable[str] = ()) -> Block:
    """Return a heading."""
    return {"t": "Header", "c": [level, attributes(identifier, classes), list(content)]}


def lower_headings(blocks: Sequence[Block], levels: int) -> list[Block]:
    """Return blocks with their headings on lower levels; below the sixth they stay there.

    >>> lower_headings([header(1, []), header(6, [])], 1) == [header(2, []), header(6, [])]
    True
    """
    lowered: list[Block] = []
    for block in blocks:
        if block["t"] == "Header":
            level, attribute, content = block["c"]
            lowered.append({"t": "Header", "c": [min(level + levels, MAX_HEADING_LEVEL), attribute, content]})
        elif block["t"] == "Div":
            lowered.append({"t": "Div", "c": [block["c"][0], lower_headings(block["c"][1], levels)]})
        else:
            lowered.append(block)
    return lowered


def code_block(text: str, language: str = "", identifier: str = "", classes: Iterable[str] = ()) -> Block:
    """Return a code block."""
    languages = [language] if language else []
    return {"t": "CodeBlock", "c": [attributes(identifier, [*languages, *classes]), text]}


def typst_string(text: str) -> str:
    """Return text as a Typst string literal.

    >>> typst_string('a "b"')
    '"a \\\\"b\\\\""'
    """
    line = " ".join(text.split())
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_label(identifier: str) -> str:
    """Return Typst markup for an invisible link target."""
    return f"#[#metadata(none)<{identifier}>]"
