"""Check a finished page, head and all, against the allow-lists."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection

from selectolax.lexbor import LexborHTMLParser, LexborNode

from oerbook.markup import allowed
from oerbook.markup.html import MAX_SANITIZER_PASSES, SanitizerRules, is_text_attribute, is_text_element, sanitize_tree
from oerbook.markup.urls import is_link_target

META_NAMES = frozenset(["author", "description", "generator", "keywords", "robots", "theme-color", "viewport"])
META_PREFIXES = ("citation_", "dc.", "dcterms.", "og:", "twitter:")  # what catalogues and previews of links read
LINK_RELATIONS = allowed.split_names(
    """
    alternate author canonical cite-as collection describedby help icon item license next prev schema.dc
    schema.dcterms search stylesheet type up
    """
)
DATA_BLOCK_TYPE = "application/ld+json"  # no browser runs it
STYLE_SHEET = re.compile(r"(?:\.{1,2}/)*_static/[\w./+-]+(?:\?v=\w+)?")
EMPTY_ICON = "data:,"


def script_hash(script: str) -> str:
    """Return the source expression of the Content-Security-Policy for an inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def sanitize_page(page: str, scripts: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """Return a finished page, and the names of what was removed from it.

    `scripts` are the only ones that a page may hold; they load all others.
    """
    rules = SanitizerRules(lambda node: _is_element(node, scripts), _is_attribute)
    removed: list[str] = []
    for _pass in range(MAX_SANITIZER_PASSES):
        # Browsers read what is in <noscript> in two ways, with scripts and without.
        names = []
        for scripting in (True, False) if "<noscript" in page.lower() else (True,):
            parser = LexborHTMLParser(page, scripting=scripting)
            if found := sanitize_tree(parser, rules):
                names += found
                page = parser.html or ""
        if not names:
            return page, tuple(removed)
        removed += names
    return "", tuple(removed)


def _is_element(node: LexborNode, scripts: Collection[str]) -> bool:
    name = node.tag or ""
    is_in_head = node.parent is not None and node.parent.tag == "head"
    if name == "script":
        return is_in_head and (node.attributes.get("type") == DATA_BLOCK_TYPE or node.text(deep=True) in scripts)
    if name == "meta":
        return is_in_head and _is_meta(node)
    if name == "link":
        return _is_link(node)
    return is_text_element(node) or name in allowed.PAGE_ELEMENTS or name in allowed.PAGE_SVG_ELEMENTS


def _is_meta(node: LexborNode) -> bool:
    if "http-equiv" in node.attributes:
        return node.attributes["http-equiv"] == "Content-Security-Policy"
    name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
    return "charset" in node.attributes or name in META_NAMES or name.startswith(META_PREFIXES)


def _is_link(node: LexborNode) -> bool:
    relations = (node.attributes.get("rel") or "").lower().split()
    is_sheet = "stylesheet" in relations
    is_ours = STYLE_SHEET.fullmatch(node.attributes.get("href") or "") is not None
    return bool(relations) and LINK_RELATIONS.issuperset(relations) and (is_ours or not is_sheet)


def _is_attribute(node: LexborNode, name: str, value: str) -> bool:
    element = node.tag or ""
    if element in ("html", "body"):
        return name in allowed.GLOBAL_ATTRIBUTES or name.startswith("data-")
    if element in allowed.PAGE_SVG_ELEMENTS:
        return name in allowed.PAGE_SVG_ATTRIBUTES or is_text_attribute(node, name, value)
    if name == "id" and (value.startswith(allowed.RESERVED_ID_PREFIX) or value in allowed.RESERVED_IDS):
        return True
    if element == "input" and name == "type" and value == "search":
        return True
    if name in allowed.EXTRA_PAGE_ATTRIBUTES.get(element, ()):
        is_icon = element == "link" and node.attributes.get("rel") == "icon" and value == EMPTY_ICON
        return is_icon or name not in allowed.URL_ATTRIBUTES or is_link_target(value)
    return is_text_attribute(node, name, value)
