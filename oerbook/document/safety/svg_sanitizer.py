"""Sanitize SVG images: no scripts, unsafe links or external resources."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree

from oerbook.markup.svg_attributes import ANIMATED_ATTRIBUTES, SVG_ATTRIBUTES
from oerbook.markup.urls import LINK_SCHEMES, url_scheme

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
# The elements of SVG 1.1 and 2 that draw, describe or animate (https://www.w3.org/TR/SVG2/eltindex.html).
ALLOWED_ELEMENTS = frozenset(
    [
        "a", "altGlyph", "altGlyphDef", "altGlyphItem", "animate", "animateColor", "animateMotion",
        "animateTransform", "circle", "clipPath", "color-profile", "cursor", "defs", "desc", "ellipse", "feBlend",
        "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting",
        "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR",
        "feGaussianBlur", "feImage", "feMerge", "feMergeNode", "feMorphology", "feOffset", "fePointLight",
        "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence", "filter", "font", "font-face",
        "font-face-name", "font-face-src", "font-face-uri", "g", "glyph", "glyphRef", "hkern", "image", "line",
        "linearGradient", "marker", "mask", "metadata", "missing-glyph", "mpath", "path", "pattern", "polygon",
        "polyline", "radialGradient", "rect", "set", "stop", "style", "svg", "switch", "symbol", "text", "textPath",
        "title", "tref", "tspan", "use", "view", "vkern", "hatch", "hatchpath", "mesh", "meshgradient", "meshpatch",
        "meshrow", "solidcolor", "flowRoot", "flowRegion", "flowPara", "flowSpan", "foreignObject",
    ]
)  # fmt: skip
FOREIGN_OBJECT = f"{{{SVG_NAMESPACE}}}foreignObject"
NON_TEXT_HTML_ELEMENTS = {"script", "style", "iframe", "object", "embed", "template", "noscript"}
DATA_IMAGE_URL = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.I)
# Anything that CSS loads, except fragments of the image itself and embedded images and fonts.
EXTERNAL_LOAD = re.compile(
    r"@import|(?:url|image|image-set|src)\("
    r"(?![\s\"']*(?:#|data:(?:image/(?:png|jpe?g|gif|webp)|font/|application/[\w-]*font)))",
    re.I,
)
CSS_ESCAPE = re.compile(r"\\[0-9a-f]", re.I)  # a letter written as its code point
ATTRIBUTE_ANIMATION_ELEMENTS = {"set", "animate"}  # elements that set attributes of another one
LINE_HEIGHT_PX = 16  # font size of text that replaces HTML


def parse_svg(raw: bytes) -> Any:
    """Return the root of an SVG image, with the texts that its entities stand for.

    Raises `etree.XMLSyntaxError` if it is not XML or has entities outside the file, `ValueError` if it is not SVG.
    """
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs are those of an earlier lxml
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    root = etree.fromstring(raw, parser)
    if not isinstance(root.tag, str) or etree.QName(root).localname != "svg":
        raise ValueError("not an SVG image")
    if etree.QName(root).namespace is None:  # copied from a web page, where the namespace is not written
        named = etree.tostring(root).replace(b"<svg", f'<svg xmlns="{SVG_NAMESPACE}"'.encode(), 1)
        return etree.fromstring(named, parser)
    return root


def sanitize_svg(raw: bytes) -> bytes | None:
    """Return an SVG image without active content and without declarations, or None if it has none.

    Raises like `parse_svg`.
    """
    root = parse_svg(raw)
    converted = replace_html_text(root)
    changed = remove_active_content(root)
    # Browsers know other encodings than we do, and may read other elements in the same bytes.
    is_utf8 = str(root.getroottree().docinfo.encoding or "UTF-8").upper() in ("UTF-8", "ASCII", "US-ASCII")
    rewrite = changed or converted or not is_utf8 or _declares(root, "<!ENTITY", "<!ATTLIST")
    return etree.tostring(root) if rewrite else None


def remove_active_content(root: Any) -> bool:
    """Remove what runs or loads something from a tree; return whether there was anything."""
    # Only the root is serialized: without a style sheet before it, and without attributes that its DTD adds.
    has_style_sheet = any(node.tag is etree.PI for node in root.itersiblings(preceding=True))
    changed = has_style_sheet or _declares(root, "<!ATTLIST")
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
    return changed


def _declares(root: Any, *kinds: str) -> bool:
    """Return whether a file declares entities or attributes (`<!ENTITY`, `<!ATTLIST`) before its root element.

    Browsers add what is declared; our tree holds entities, but no attributes that are only declared.
    """
    document = root.getroottree()
    if document.docinfo.internalDTD is None:
        return False
    text = etree.tostring(document, encoding="unicode")  # the file may be in any encoding
    return any(kind in text for kind in kinds)


def replace_html_text(root: Any) -> bool:
    """Replace HTML in a drawing (foreignObject) by SVG text; return whether there was any.

    Only browsers display it. In a `switch` the alternative that follows it is displayed instead.
    """
    found = [element for element in root.iter(FOREIGN_OBJECT) if not _runs(element)]
    for element in found:
        parent = element.getparent()
        has_alternative = etree.QName(parent).localname == "switch" and element.getnext() is not None
        text = " ".join(" ".join(_texts(element)).split())
        if text and not has_alternative:
            element.addprevious(_svg_text(element, text))
        _remove(element)
    return bool(found)


def active_content_message(path: Path) -> str:
    """Return a message about active content in an SVG file, "" if it has none."""
    try:
        root = parse_svg(path.read_bytes())
        replace_html_text(root)
        is_active = remove_active_content(root) or _has_nested_entities(root)
    except (OSError, ValueError, etree.XMLSyntaxError):
        return "this file is not a valid SVG image"
    return "this SVG image contains a script, an external reference or hidden markup" if is_active else ""


def _has_nested_entities(root: Any) -> bool:
    """Return whether entities stand for markup or for other entities; drawing programs use them for short texts."""
    declared = root.getroottree().docinfo.internalDTD
    entities = declared.iterentities() if declared is not None else ()
    return any(char in str(entity.content) for entity in entities for char in "<&")


def _texts(element: Any) -> list[str]:
    return [str(text) for text in element.itertext(etree.Element)] if element is not None else []


def _runs(element: Any) -> bool:
    """Return whether HTML in a drawing has more than text, pictures of its own and their styles."""
    for inner in element.iter(etree.Element):
        if etree.QName(inner).localname.lower() in NON_TEXT_HTML_ELEMENTS:
            return True
        if any(_is_unsafe(inner, key, value) or key == "srcdoc" for key, value in inner.attrib.items()):
            return True
    return False


def _svg_text(element: Any, text: str) -> Any:
    """Return SVG text in the middle of the area of an element."""
    x, y, width, height = (_number(element.get(key)) for key in ("x", "y", "width", "height"))
    attributes = {"x": f"{x + width / 2:g}", "y": f"{y + height / 2:g}", "text-anchor": "middle"}
    if element.get("transform"):
        attributes["transform"] = element.get("transform")
    size = {"font-size": str(LINE_HEIGHT_PX), "font-family": "sans-serif", "dominant-baseline": "central"}
    node = etree.Element(f"{{{SVG_NAMESPACE}}}text", {**attributes, **size})
    node.text = text
    return node


def _number(value: str | None) -> float:
    match = re.match(r"\s*(-?\d{1,9}(?:\.\d{0,9})?)\s*(?:px)?\s*$", value or "")
    return float(match[1]) if match else 0.0


def _is_active(element: Any) -> bool:
    """Return whether an element is none of SVG's, or runs or loads something, or makes another do so."""
    name = etree.QName(element)
    if name.namespace == XHTML_NAMESPACE or name.localname == "foreignObject":
        return True
    if name.namespace in (SVG_NAMESPACE, None) and name.localname not in ALLOWED_ELEMENTS:
        return True
    if name.localname in NON_TEXT_HTML_ELEMENTS - {"style"}:
        return True
    if name.localname in ATTRIBUTE_ANIMATION_ELEMENTS:
        return str(element.get("attributeName", "")).strip() not in ANIMATED_ATTRIBUTES
    return name.localname == "style" and _loads("".join(element.itertext()))


def _is_unsafe(element: Any, key: str, value: str) -> bool:
    """Return whether an attribute runs or loads something, or has an unsafe URL."""
    name = etree.QName(key).localname
    scheme = url_scheme(value)
    if name.lower().startswith("on") or scheme in ("javascript", "vbscript"):
        return True
    if key in (XLINK_HREF, "href"):
        if etree.QName(element).localname == "a":
            return bool(scheme) and scheme not in LINK_SCHEMES
        return not value.startswith("#") and not DATA_IMAGE_URL.match(value)
    if not _is_named(element, key):
        return True
    return ("(" in value or "@" in value) and _loads(value)


def _is_named(element: Any, key: str) -> bool:
    """Return whether SVG has an attribute of this name; other programs have theirs in namespaces of their own."""
    name = etree.QName(key)
    if name.namespace is None and etree.QName(element).namespace in (SVG_NAMESPACE, None):
        return name.localname in SVG_ATTRIBUTES or name.localname.startswith(("aria-", "data-"))
    return name.namespace != XML_NAMESPACE or name.localname in ("id", "lang", "space")


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
