"""Sanitize SVG images: no scripts, unsafe links or external resources."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree

from oerbook.document.safety.directives import SAFE_SCHEMES, scheme_of

ACTIVE_SVG_ELEMENTS = {"script", "foreignObject", "iframe", "object", "embed", "handler", "listener"}
XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.I)
# Anything that CSS loads, except fragments of the image itself and embedded images and fonts.
EXTERNAL_LOAD = re.compile(
    r"@import|(?:url|image|image-set|src)\("
    r"(?![\s\"']*(?:#|data:(?:image/(?:png|jpe?g|gif|webp)|font/|application/[\w-]*font)))",
    re.I,
)
CSS_ESCAPE = re.compile(r"\\[0-9a-f]", re.I)  # a letter written as its code point
ATTRIBUTE_ANIMATIONS = {"set", "animate"}  # elements that set attributes of another one


def sanitize_svg(raw: bytes) -> bytes | None:
    """Return an SVG image without active content, or None if it has none.

    Raises `etree.XMLSyntaxError` if it is not XML, `ValueError` if it is not SVG.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(raw, parser)
    if etree.QName(root).localname != "svg":
        raise ValueError("not an SVG image")
    changed = bool(root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in raw)
    # A processing instruction before the root, such as a style sheet, is dropped when the root is serialized.
    changed |= any(node.tag is etree.PI for node in root.itersiblings(preceding=True))
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.getparent() is not None and _is_active(element):
            _remove(element)
            changed = True
            continue
        for key, value in list(element.attrib.items()):
            if _is_unsafe(element, key, value):
                del element.attrib[key]
                changed = True
    return etree.tostring(root) if changed else None


def svg_problem(path: Path) -> str:
    """Return a message about active content in an SVG file, "" if it has none."""
    try:
        raw = path.read_bytes()
        is_active = sanitize_svg(raw) is not None or b"<!ENTITY" in raw or (b"<!DOCTYPE" in raw and b"[" in raw[:2000])
    except (OSError, ValueError, etree.XMLSyntaxError):
        return "this file is not a valid SVG image"
    return "this SVG image contains a script, an external reference or XML entities" if is_active else ""


def _is_active(element: Any) -> bool:
    """Return whether an element runs or loads something, or makes another do so."""
    name = etree.QName(element)
    if name.localname in ACTIVE_SVG_ELEMENTS or name.namespace == XHTML_NAMESPACE:
        return True
    if name.localname in ATTRIBUTE_ANIMATIONS:
        attribute = str(element.get("attributeName", "")).rpartition(":")[2].strip().lower()
        return attribute == "href" or attribute.startswith("on")
    return name.localname == "style" and _loads("".join(element.itertext()))


def _is_unsafe(element: Any, key: str, value: str) -> bool:
    """Return whether an attribute runs or loads something, or has an unsafe URL."""
    name = etree.QName(key).localname
    scheme = scheme_of(value)
    if name.startswith("on") or scheme in ("javascript", "vbscript"):
        return True
    if key in (XLINK_HREF, "href"):
        if etree.QName(element).localname == "a":
            return bool(scheme) and scheme not in SAFE_SCHEMES
        return not value.startswith("#") and not DATA_IMAGE.match(value)
    return ("(" in value or "@" in value) and _loads(value)


def _loads(style: str) -> bool:
    return EXTERNAL_LOAD.search(style) is not None or (CSS_ESCAPE.search(style) is not None and "(" in style)


def _remove(element: Any) -> None:
    """Remove an element, but keep the text after it."""
    parent, previous = element.getparent(), element.getprevious()
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
