"""Attributes in braces as pandoc and Quarto write them: `{#fig-worm .wide width=50%}`.

MyST reads `{#id .class key="value"}` after images, links, code and spans. pandoc also allows values without quotes, and
attributes after headings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

ATTRIBUTE_ITEM = r"(?:#[\w:.-]+|\.[\w:-]+|-|=\w+|[\w:-]+=(?:\"[^\"{}]*\"|'[^'{}]*'|[^\s{}\"']+))"
BRACED_ATTRIBUTES = re.compile(r"\{\s*(?P<items>" + ATTRIBUTE_ITEM + r"(?:\s+" + ATTRIBUTE_ITEM + r")*)\s*\}")
TRAILING_ATTRIBUTES = re.compile(r"[ \t]*" + BRACED_ATTRIBUTES.pattern + r"[ \t]*#*[ \t]*$")
ATTRIBUTE_ITEMS = re.compile(ATTRIBUTE_ITEM)
TOKENS_WITH_ATTRIBUTES = ("image", "code_inline", "link_close", "span_close")
RENAMED_KEYS = {"fig-alt": "alt", "fig-align": "align"}
ALLOWED_KEYS = frozenset(["width", "height", "align", "alt", "title", "fig-cap"])


def parse_attributes(text: str) -> dict[str, str]:
    """Return attributes by name.

    >>> parse_attributes('#fig-worm .wide width=50% fig-alt="A worm"')
    {'id': 'fig-worm', 'class': 'wide', 'width': '50%', 'alt': 'A worm'}
    """
    attributes: dict[str, str] = {}
    for item in ATTRIBUTE_ITEMS.findall(text):
        if item.startswith("#"):
            attributes["id"] = item[1:]
        elif item.startswith("."):
            attributes["class"] = f"{attributes.get('class', '')} {item[1:]}".strip()
        elif "=" in item and not item.startswith("="):
            key, _equals, value = item.partition("=")
            attributes[RENAMED_KEYS.get(key, key)] = value.strip("\"'")
    return attributes


def keep_allowed_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that have an effect; all others are dropped."""
    return {key: value for key, value in attributes.items() if key in ALLOWED_KEYS or key in ("id", "class")}


def attribute_rule(state: StateInline, silent: bool) -> bool:
    """Parse attributes that MyST's own rule does not read, because a value has no quotes."""
    if (
        state.src[state.pos] != "{"
        or state.pending
        or not state.tokens
        or state.tokens[-1].type not in TOKENS_WITH_ATTRIBUTES
    ):
        return False
    match = BRACED_ATTRIBUTES.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        depth, index = 0, len(state.tokens) - 1
        while index > 0 and (depth := depth + state.tokens[index].nesting) < 0:
            index -= 1
        token, attributes = state.tokens[index], keep_allowed_attributes(parse_attributes(match["items"]))
        classes = f"{token.attrs.get('class', '')} {attributes.pop('class', '')}".strip()
        token.attrs.update({**attributes, **({"class": classes} if classes else {})})
    state.pos = match.end()
    return True


def heading_attribute_rule(state: StateCore) -> None:
    """Move attributes at the end of headings to their tokens."""
    for index, token in enumerate(state.tokens[:-1]):
        inline = state.tokens[index + 1]
        match = TRAILING_ATTRIBUTES.search(inline.content) if token.type == "heading_open" else None
        if match:
            inline.content = inline.content[: match.start()]
            attributes = parse_attributes(match["items"])
            token.attrs.update({key: attributes[key] for key in ("id", "class") if key in attributes})


def add_attributes(parser: MarkdownIt) -> None:
    """Add the rules to a parser."""
    parser.inline.ruler.before("attr", "pandoc_attr", attribute_rule)
    parser.core.ruler.after("block", "heading_attr", heading_attribute_rule)
