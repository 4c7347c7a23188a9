"""Check a finished page, head and all, against the allow-lists."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from lxml import etree, html

from oerbook.markup import allowed
from oerbook.markup.html import is_text_attribute, is_text_element
from oerbook.markup.urls import is_link_target

META_NAMES = frozenset(["author", "description", "generator", "keywords", "robots", "theme-color", "viewport"])
META_PREFIXES = ("citation_", "dc.", "dcterms.", "og:", "twitter:")  # what catalogues and previews of links read
LINK_RELATIONS = frozenset(
    [
        "alternate",
        "author",
        "canonical",
        "cite-as",
        "collection",
        "describedby",
        "help",
        "icon",
        "item",
        "license",
        "next",
        "prev",
        "schema.dc",
        "schema.dcterms",
        "search",
        "stylesheet",
        "type",
        "up",
    ]
)
DATA_BLOCK = "application/ld+json"  # no browser runs it
STYLE_SHEET = re.compile(r"(?:\.{1,2}/)*_static/[\w./+-]+(?:\?v=\w+)?")
_LOWER_SVG = frozenset(name.lower() for name in allowed.SVG_ELEMENTS) - {"a", "image", "set", "style", "use"}


def script_hash(script: str) -> str:
    """Return the source expression of the Content-Security-Policy for an inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def sanitize_page(page: str, start_script: str) -> tuple[str, tuple[str, ...]]:
    """Return a finished page, and the names of what was removed from it.

    `start_script` is the only script that a page may hold; all others are loaded by it.
    """
    root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8")) if page.strip() else None
    if root is None:
        return page, ()
    removed = [name for element in list(root.iter(etree.Element)) for name in _sanitize(element, start_script)]
    if not removed:
        return page, ()
    text = html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return str(text), tuple(removed)


def _sanitize(element: Any, start_script: str) -> list[str]:
    """Remove an element or attributes that are not allowed; return their names."""
    if not _is_allowed(element, start_script):
        name = element.tag
        if element.getparent() is not None:
            element.drop_tree()
        return [f"<{name}"]
    names = [name for name, value in element.items() if not _is_attribute(element, name, value)]
    for name in names:
        del element.attrib[name]
    return names


def _is_allowed(element: Any, start_script: str) -> bool:
    name = element.tag
    if name == "script":
        runs = element.get("type") != DATA_BLOCK
        return element.getparent().tag == "head" and (not runs or (element.text or "") == start_script)
    if name == "meta":
        return _is_meta(element)
    if name == "link":
        relations = (element.get("rel") or "").lower().split()
        is_sheet = "stylesheet" in relations
        return (
            bool(relations)
            and LINK_RELATIONS.issuperset(relations)
            and (not is_sheet or STYLE_SHEET.fullmatch(element.get("href") or "") is not None)
        )
    return is_text_element(name) or name in allowed.PAGE_ELEMENTS or name in _LOWER_SVG


def _is_meta(element: Any) -> bool:
    if element.getparent().tag != "head":
        return False
    if element.get("http-equiv") is not None:
        return element.get("http-equiv") == "Content-Security-Policy"
    name = (element.get("name") or element.get("property") or "").lower()
    return element.get("charset") is not None or name in META_NAMES or name.startswith(META_PREFIXES)


def _is_attribute(element: Any, name: str, value: str) -> bool:
    tag = element.tag
    if name.startswith("on") or (name in allowed.URL_ATTRIBUTES and not is_link_target(value)):
        return tag == "link" and element.get("rel") == "icon" and value == "data:,"
    if tag in _LOWER_SVG and not is_text_element(tag):
        return name not in ("href", "xlink:href")
    if name == "id" and value.startswith(allowed.RESERVED_ID_PREFIX):
        return True
    if tag == "input" and name == "type" and value == "search":
        return True
    return (
        name in allowed.PAGE_ATTRIBUTES.get(tag, ())
        or is_text_attribute(tag, name, value)
        or tag in ("html", "body", "svg", "path")
    )
