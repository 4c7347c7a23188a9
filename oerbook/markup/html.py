"""Sanitize HTML with allow-lists of elements, attributes and URL schemes.

The text of a page is parsed and written again by an HTML5 parser (nh3), so that browsers read the same tree that was
checked. A finished page is checked as a whole a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import nh3
from lxml import etree, html

from oerbook.markup import allowed
from oerbook.markup.urls import LINK_SCHEMES, is_link_target

DROPPED_WITH_CONTENT = {"script", "style", "template", "iframe", "object", "noembed", "noframes", "xmp", "plaintext"}
ElementRule = Callable[[Any], str]  # returns what is wrong with an element, or ""


def sanitize_html(body: str) -> tuple[str, str]:
    """Return HTML with allowed content only, and the first name removed, or "".

    >>> sanitize_html('<p>on x=1</p>'), sanitize_html('<p onclick="f()">a<script>f()</script>b</p>')
    (('<p>on x=1</p>', ''), ('<p>ab</p>', 'onclick'))
    >>> sanitize_html('&lt;b&gt;<p onclick="f()">a</p>'), sanitize_html('<a href="java&#9;script:f()">a</a>')
    (('&lt;b&gt;<p>a</p>', 'onclick'), ('<a>a</a>', 'href'))
    """
    if "<" not in body:
        return body, ""
    return _cleaner().clean(body), next(_removed(body), "")


@cache
def _cleaner() -> nh3.Cleaner:
    attributes: dict[str, set[str]] = {name: set(names) for name, names in allowed.HTML_ATTRIBUTES.items()}
    attributes |= {name: set(allowed.MATH_ATTRIBUTES) for name in allowed.MATH_ELEMENTS}
    attributes |= {name: set(allowed.ICON_ATTRIBUTES) for name in allowed.ICON_ELEMENTS}
    attributes["*"] = set(allowed.GLOBAL_ATTRIBUTES)
    return nh3.Cleaner(
        tags=set(allowed.TEXT_ELEMENTS | allowed.MATH_ELEMENTS | allowed.ICON_ELEMENTS),
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=attributes,
        attribute_filter=_filter_attribute,
        strip_comments=True,
        link_rel=None,
        generic_attribute_prefixes=set(allowed.ATTRIBUTE_PREFIXES),
        url_schemes=set(LINK_SCHEMES),
    )


def _filter_attribute(element: str, name: str, value: str) -> str | None:
    """Return the value of an attribute that the tables allow, None to remove it."""
    return _allowed_value(element, name, value)


def _allowed_value(element: str, name: str, value: str) -> str | None:
    if name == "style":
        return value if allowed.safe_style(value) == value.strip().rstrip(";").strip() else allowed.safe_style(value)
    if name == "id":
        return None if value.startswith(allowed.RESERVED_ID_PREFIX) else value
    if name in allowed.URL_ATTRIBUTES and not is_link_target(value):
        return None
    if name == "srcset" and (":" in value or "//" in value):
        return None
    if element == "input" and name == "type" and value.lower() not in allowed.INPUT_TYPES:
        return "checkbox"
    if name == "tabindex" and value not in ("0", "-1"):
        return None
    return value


def _removed(body: str) -> Iterator[str]:
    """Yield the names of elements and attributes that are not allowed in a text."""
    root = html.fragment_fromstring(body, create_parent="div")
    for element in root.iter(etree.Element):
        if not is_text_element(element.tag):
            yield f"<{element.tag}"
        yield from (name for name, value in element.items() if not is_text_attribute(element.tag, name, value))


_LOWER_ICON_ATTRIBUTES = frozenset(map(str.lower, allowed.ICON_ATTRIBUTES))


def is_text_element(name: str) -> bool:
    """Return whether an element may be part of the text of a page."""
    return name in allowed.TEXT_ELEMENTS or name in allowed.MATH_ELEMENTS or name in allowed.ICON_ELEMENTS


def is_text_attribute(element: str, name: str, value: str) -> bool:
    """Return whether an attribute may be part of the text of a page."""
    named = (
        name in allowed.GLOBAL_ATTRIBUTES
        or name.startswith(tuple(allowed.ATTRIBUTE_PREFIXES))
        or name in allowed.HTML_ATTRIBUTES.get(element, ())
        or (element in allowed.MATH_ELEMENTS and name in allowed.MATH_ATTRIBUTES)
        or (element in allowed.ICON_ELEMENTS and name in _LOWER_ICON_ATTRIBUTES)
    )
    return named and _allowed_value(element, name, value) == value
