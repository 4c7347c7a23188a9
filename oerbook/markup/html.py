"""Sanitize HTML with allow-lists of elements, attributes and URL schemes.

HTML is parsed as browsers parse it (HTML5, with Lexbor). What holds nothing else stays as it is to the byte; what was
removed from is parsed again, until nothing is left to remove.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from oerbook.markup import allowed
from oerbook.markup.urls import is_link_target

DROPPED_WITH_CONTENT = allowed.split_names(
    """
    applet base embed frame frameset iframe link math meta noembed noframes noscript object plaintext script
    style svg template textarea title xmp
    """
)
MAX_SANITIZER_PASSES = 4
BODY_START = "<!DOCTYPE html><html><head></head><body>"


@dataclass(frozen=True, slots=True)
class SanitizerRules:
    """What a tree may hold: elements, and attributes with their values."""

    is_element: Callable[[LexborNode], bool]
    is_attribute: Callable[[LexborNode, str, str], bool]


def sanitize_html(body: str) -> tuple[str, str]:
    """Return HTML with allowed content only, and the first name removed, or "".

    >>> sanitize_html('<p>on x=1</p>'), sanitize_html('<p onclick="f()">a<script>f()</script>b</p>')
    (('<p>on x=1</p>', ''), ('<p>ab</p>', 'onclick'))
    >>> sanitize_html('&lt;b&gt;<p onclick="f()">a</p>'), sanitize_html('<a href="java&#9;script:f()">a</a>')
    (('&lt;b&gt;<p>a</p>', 'onclick'), ('<a>a</a>', 'href'))
    """
    if "<" not in body:
        return body, ""
    first = ""
    for _pass in range(MAX_SANITIZER_PASSES):
        parser = LexborHTMLParser(BODY_START + body, scripting=True)
        removed = sanitize_tree(parser, TEXT_RULES)
        if not removed:
            return body, first
        first = first or removed[0]
        body = (parser.body.inner_html or "") if parser.body else ""
    return escape(parser.text(), quote=False), first


def sanitize_tree(parser: LexborHTMLParser, rules: SanitizerRules) -> list[str]:
    """Remove what the rules do not allow from a parsed document; return its names.

    An element without a meaning of its own is replaced by its content.
    """
    removed, unwanted = [], []
    for node in parser.root.traverse(include_text=False) if parser.root else ():
        if not node.is_element_node:
            continue
        if not rules.is_element(node):
            unwanted.append(node)
            removed.append(f"<{node.tag}")
            continue
        for name in [
            name for name, value in node.attributes.items() if not rules.is_attribute(node, name, value or "")
        ]:
            del node.attrs[name]
            removed.append(name)
    for node in reversed(unwanted):  # inner elements first: removing an outer one frees them
        if (node.tag or "").lower() in DROPPED_WITH_CONTENT or node.first_child is None:
            node.decompose()
        else:
            node.unwrap()
    return removed


def is_text_element(node: LexborNode) -> bool:
    """Return whether an element may be part of the text of a page."""
    name = node.tag or ""
    return name in allowed.TEXT_ELEMENTS or name in allowed.MATH_ELEMENTS or name in allowed.ICON_ELEMENTS


def is_text_attribute(node: LexborNode, name: str, value: str) -> bool:
    """Return whether an attribute may be part of the text of a page."""
    return is_text_attribute_of(node.tag or "", name, value)


def is_text_attribute_of(element: str, name: str, value: str) -> bool:
    """Return whether an attribute of an element, both given by name, may be part of the text of a page."""
    named = (
        name in allowed.GLOBAL_ATTRIBUTES
        or name.startswith(allowed.ATTRIBUTE_PREFIXES)
        or name in allowed.HTML_ATTRIBUTES.get(element, ())
        or (element in allowed.MATH_ELEMENTS and name in allowed.MATH_ATTRIBUTES)
        or (element in allowed.ICON_ELEMENTS and name in allowed.ICON_ATTRIBUTES)
    )
    return named and _is_value(element, name, value)


def _is_value(element: str, name: str, value: str) -> bool:
    if name in allowed.URL_ATTRIBUTES:
        return is_link_target(value)
    if name == "style":
        return allowed.is_safe_style(value)
    if name == "id":
        return not value.startswith(allowed.RESERVED_ID_PREFIX) and value not in allowed.RESERVED_IDS
    if name == "srcset":
        return ":" not in value and "//" not in value
    if name == "tabindex":
        return value in ("0", "-1")
    return not (element == "input" and name == "type") or value.lower() in allowed.INPUT_TYPES


def _is_body_element(node: LexborNode) -> bool:
    return node.tag in ("html", "head", "body") or is_text_element(node)


def _is_body_attribute(node: LexborNode, name: str, value: str) -> bool:
    return node.tag not in ("html", "head", "body") and is_text_attribute(node, name, value)


TEXT_RULES = SanitizerRules(_is_body_element, _is_body_attribute)
