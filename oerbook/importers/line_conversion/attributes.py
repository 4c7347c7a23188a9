"""Attributes of pandoc and Quarto in braces, and the options of code chunks."""

from __future__ import annotations

import re

ITEM = re.compile(
    r"#(?P<id>[^\s{}=]+)|\.(?P<class>[^\s{}=.#]+)|(?P<key>[\w.:-]+)\s*=\s*(?:\"(?P<double>(?:\\.|[^\"\\])*)\"|"
    r"'(?P<single>(?:\\.|[^'\\])*)'|(?P<plain>[^\s{}\"',]+))|(?P<minus>-)(?=[\s}]|$)"
)
TRAILING = re.compile(r"[ \t]*\{(?P<items>(?:[^{}\"']|\"[^\"]*\"|'[^']*')*)\}[ \t]*#*[ \t]*$")


def parse_attributes(text: str) -> dict[str, str]:
    """Return attributes by name; classes are joined, and `-` is the class `unnumbered`.

    >>> parse_attributes('#fig-worm .wide .x width=50% fig-alt="A worm"')
    {'id': 'fig-worm', 'class': 'wide x', 'width': '50%', 'fig-alt': 'A worm'}
    """
    attributes: dict[str, str] = {}
    for match in ITEM.finditer(text):
        if match["id"]:
            attributes["id"] = match["id"]
        elif match["class"] or match["minus"]:
            attributes["class"] = f"{attributes.get('class', '')} {match['class'] or 'unnumbered'}".strip()
        else:
            value = next(match[name] for name in ("double", "single", "plain") if match[name] is not None)
            attributes[match["key"]] = value.replace('\\"', '"').replace("\\'", "'")
    return attributes


def split_attributes(text: str) -> tuple[str, dict[str, str]]:
    """Return text without the attributes at its end, and these.

    >>> split_attributes("Words {#sec-x .unnumbered}")
    ('Words', {'id': 'sec-x', 'class': 'unnumbered'})
    >>> split_attributes("A set {a}")
    ('A set {a}', {})
    """
    match = TRAILING.search(text)
    attributes = parse_attributes(match["items"]) if match else {}
    return (text[: match.start()], attributes) if match and attributes else (text, {})
