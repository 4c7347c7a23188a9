"""Drawings (SVG): what in them runs, leads elsewhere or loads something from another place is taken out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree

from oerbook.document.safety.directives import SAFE, scheme_of

ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "handler", "listener"}
WEB_PAGE = "http://www.w3.org/1999/xhtml"
HREF = "{http://www.w3.org/1999/xlink}href"
PICTURES = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.I)
# What a style sheet loads: anything but a place in the drawing itself, and pictures and fonts that are written into it.
LOADS = re.compile(
    r"@import|(?:url|image|image-set|src)\("
    r"(?![\s\"']*(?:#|data:(?:image/(?:png|jpe?g|gif|webp)|font/|application/[\w-]*font)))",
    re.I,
)
ESCAPED = re.compile(r"\\[0-9a-f]", re.I)  # another way to write a letter
MOVES = {"set", "animate"}  # elements that give another one a new attribute


def cleaned(raw: bytes) -> bytes | None:
    """Return a drawing without its active parts, or None when it has none.

    Raises `etree.XMLSyntaxError` when it is not XML at all.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(raw, parser)
    if etree.QName(root).localname != "svg":
        raise ValueError("not a drawing")
    found = bool(root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in raw)
    found |= any(
        node.tag is etree.PI for node in root.itersiblings(preceding=True)
    )  # a style sheet; it is not written again
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.getparent() is not None and _acts(element):
            _take_out(element)
            found = True
            continue
        for key, value in list(element.attrib.items()):
            if _leads_out(element, key, value):
                del element.attrib[key]
                found = True
    return etree.tostring(root) if found else None


def active_drawing(path: Path) -> str:
    """Return what a drawing does that no picture should, "" when it is only a picture."""
    try:
        raw = path.read_bytes()
        acts = cleaned(raw) is not None or b"<!ENTITY" in raw or (b"<!DOCTYPE" in raw and b"[" in raw[:2000])
    except (OSError, ValueError, etree.XMLSyntaxError):
        return "this drawing is damaged, or no drawing"
    return "this drawing carries a script, points to another site, or defines words of its own" if acts else ""


def _acts(element: Any) -> bool:
    """Say whether an element does something that no picture should."""
    name = etree.QName(element)
    if name.localname in ACTIVE or name.namespace == WEB_PAGE:
        return True
    if name.localname in MOVES:
        moved = str(element.get("attributeName", "")).rpartition(":")[2].strip().lower()
        return moved == "href" or moved.startswith("on")
    return name.localname == "style" and _loads("".join(element.itertext()))


def _leads_out(element: Any, key: str, value: str) -> bool:
    """Say whether an attribute runs something, leads somewhere that is no page, or loads what lies elsewhere."""
    name = etree.QName(key).localname
    scheme = scheme_of(value)
    if name.startswith("on") or scheme in ("javascript", "vbscript"):
        return True
    if key in (HREF, "href"):
        if etree.QName(element).localname == "a":
            return bool(scheme) and scheme not in SAFE
        return not value.startswith("#") and not PICTURES.match(value)
    return ("(" in value or "@" in value) and _loads(value)


def _loads(style: str) -> bool:
    return LOADS.search(style) is not None or (ESCAPED.search(style) is not None and "(" in style)


def _take_out(element: Any) -> None:
    """Take an element out, and leave what follows it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
