"""Read what classes mean from style sheets: italics, bold, raised, lowered, struck and small-capital text."""

from __future__ import annotations

import re

from oerbook.model.untyped import XmlElement

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CLASS_SELECTOR = re.compile(r"(?:^|,)\s*(?:span|p|a)?\.([\w-]+)\s*(?=,|$)")
DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]+)")
COMMENT = re.compile(r"/\*.*?\*/|@(?:import|charset|namespace)[^;{]*;", re.S)
MAX_CSS_CHARS = 2_000_000


def read_class_styles(root: XmlElement, sheets: str = "") -> dict[str, dict[str, str]]:
    """Return the declarations of each class by its name, from the style elements of a page and other sheets."""
    text = sheets + "\n".join(element.text or "" for element in root.iter("style"))
    styles: dict[str, dict[str, str]] = {}
    for selectors, body in RULE.findall(COMMENT.sub("", text[:MAX_CSS_CHARS])):
        for name in CLASS_SELECTOR.findall(selectors.strip()):
            styles.setdefault(name, {}).update(_declarations(body))
    return styles


def style_tags(element: XmlElement, styles: dict[str, dict[str, str]]) -> list[str]:
    """Return the elements that say what the style of a span shows, the innermost last.

    >>> from lxml import etree
    >>> style_tags(etree.fromstring('<span class="c1" style="font-style:italic"/>'), {"c1": {"font-weight": "700"}})
    ['em', 'strong']
    """
    found: dict[str, str] = {}
    for name in (element.get("class") or "").split():
        found.update(styles.get(name, {}))
    found.update(_declarations(element.get("style") or ""))
    tags = []
    if found.get("font-style") in ("italic", "oblique"):
        tags.append("em")
    weight = found.get("font-weight", "")
    if weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600):
        tags.append("strong")
    decoration = found.get("text-decoration", "") + found.get("text-decoration-line", "")
    if "line-through" in decoration:
        tags.append("s")
    tags += {"super": ["sup"], "sub": ["sub"]}.get(found.get("vertical-align", ""), [])
    if any(font in found.get("font-family", "").lower() for font in ("courier", "consolas", "monospace")):
        tags.append("code")
    return tags


def _declarations(body: str) -> dict[str, str]:
    return {key.lower(): value.replace("!important", "").strip().lower() for key, value in DECLARATION.findall(body)}
