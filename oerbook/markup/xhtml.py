"""Check a finished XHTML page of an EPUB against the allow-lists of HTML pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.markup import allowed
from oerbook.markup.html import DROPPED_WITH_CONTENT, is_text_attribute_of
from oerbook.markup.urls import is_link_target, url_scheme

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

XHTML, MATHML, SVG = (
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/2000/svg",
)
OPS, XML, XLINK = "http://www.idpf.org/2007/ops", "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/1999/xlink"
ELEMENTS = {
    XHTML: allowed.TEXT_ELEMENTS | {"html", "head", "body", "title", "meta", "link", "style"},
    MATHML: allowed.MATH_ELEMENTS,
    SVG: allowed.ICON_ELEMENTS | {"image"},
}
NAMESPACED_ATTRIBUTES = frozenset({f"{{{OPS}}}type", f"{{{XML}}}lang", f"{{{XML}}}space"})
RESOURCE_ATTRIBUTES = frozenset({"src", "poster", "data", "background"})  # what a reader loads without being asked
LOADING_RULE = re.compile(r"url\s*\(|@import|\\|<", re.I)
EPUB_PAGE_ATTRIBUTES = {
    "link": frozenset({"rel", "type", "href"}),
    "meta": frozenset({"charset", "name", "content"}),
    "image": frozenset({"width", "height", f"{{{XLINK}}}href"}),
}


def sanitize_xhtml(page: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a page of an EPUB, and the names of what was removed from it; bytes of a clean page stay as they are.

    Raises `etree.XMLSyntaxError` if the page is not XML, or names entities.
    """
    root = etree.fromstring(page, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    removed: list[str] = []
    for element in list(root.iter()):
        if element.getparent() is None and element is not root:
            continue
        if not isinstance(element.tag, str):
            if element.tag is not etree.Comment:  # processing instructions and entities
                _remove(element)
                removed.append("<?" if element.tag is etree.PI else "&")
        elif not _is_element(element):
            removed.append(f"<{etree.QName(element).localname}")
            _replace(element)
        else:
            names = [
                name for name, value in element.attrib.items() if not _is_attribute(element, str(name), str(value))
            ]
            for name in names:
                del element.attrib[name]
            removed += [etree.QName(name).localname for name in names]
    if not removed:
        return page, ()
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>"), tuple(removed)


def _is_element(element: Element) -> bool:
    name = etree.QName(element)
    if name.localname not in ELEMENTS.get(name.namespace or "", ()):
        return False
    if name.localname == "style":  # pandoc's own rules for columns and lists
        parent = element.getparent()
        is_in_head = parent is not None and parent.tag == f"{{{XHTML}}}head"
        return is_in_head and not LOADING_RULE.search(element.text or "")
    if name.localname == "link":
        return element.get("rel") == "stylesheet"
    return name.localname != "meta" or element.get("http-equiv") is None


def _is_attribute(element: Element, name: str, value: str) -> bool:
    local = etree.QName(element).localname
    if name in NAMESPACED_ATTRIBUTES or name.startswith(f"{{{OPS}}}"):
        return True
    if name in RESOURCE_ATTRIBUTES or name == f"{{{XLINK}}}href" or (name == "href" and local == "link"):
        allows_name = name in EPUB_PAGE_ATTRIBUTES.get(local, ()) or name in allowed.HTML_ATTRIBUTES.get(local, ())
        return allows_name and _is_in_book(value)
    if name in EPUB_PAGE_ATTRIBUTES.get(local, ()):
        return True
    if name == "href":
        return local == "a" and is_link_target(value)
    return is_text_attribute_of(local, name, value)


def _is_in_book(value: str) -> bool:
    """Say whether an address is that of a file in the EPUB."""
    return not url_scheme(value) and not value.replace("\\", "/").lstrip().startswith("//")


def _replace(element: Element) -> None:
    """Replace an element by its content, unless its content has no meaning without it."""
    name, parent = etree.QName(element), element.getparent()
    if parent is not None and name.namespace == XHTML and name.localname.lower() not in DROPPED_WITH_CONTENT:
        _join_text(element, element.text or "")
        place = parent.index(element)
        for offset, child in enumerate(list(element)):
            parent.insert(place + offset, child)
    _remove(element)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        _join_text(element, element.tail or "")
        parent.remove(element)


def _join_text(element: Element, text: str) -> None:
    """Add a text before an element."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text
