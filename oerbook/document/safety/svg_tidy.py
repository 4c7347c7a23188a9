"""Prepare SVG images for every format: nothing active, no metadata, a size that a page can show, XML ids."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree

from oerbook.document.safety.svg_limits import MAX_SVG_BYTES, needs_trial_rendering, svg_size_problem, svg_size_px
from oerbook.document.safety.svg_sanitizer import (
    SVG_NAMESPACE,
    XLINK_HREF,
    parse_svg,
    remove_active_content,
    replace_html_text,
)
from oerbook.images.kinds import HEAD_BYTES, RASTER_KINDS, identify_image_kind
from oerbook.images.raster import ImageError, prepare_raster

XLINK_NAMESPACE = "http://www.w3.org/1999/xlink"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
KEPT_NAMESPACES = frozenset({SVG_NAMESPACE, XLINK_NAMESPACE, XML_NAMESPACE, None})
# Attributes in which drawing programs keep the drawing's source, its file name and their own settings.
EDITOR_ATTRIBUTES = frozenset({"content", "contentScriptType", "data-name", "enable-background"})
# Folders of a person and addresses, in titles, descriptions, styles and ids.
PERSONAL_PATH_OR_ADDRESS = re.compile(
    r"(?:file:/*)?(?:/(?:home|Users|root|export/home|mnt/c/Users)/"
    r"|[A-Za-z]:[\\/]+(?:Users|Documents and Settings)[\\/]+)"
    r"[^\s\"'<>;]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
XML_NAME = re.compile(r"[A-Za-z_À-ɏ][\w.\-]*\Z")
INVALID_XML_NAME_CHARS = re.compile(r"[^\w.\-]")
MIME_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class PreparedSvg:
    """An SVG image that can be published: its bytes and size, and what was changed."""

    data: bytes
    width: int
    height: int
    had_active_content: bool
    had_html_text: bool
    needs_trial: bool


def prepare_svg(raw: bytes) -> PreparedSvg:
    """Return an SVG image as every format can show it. Raises ImageError if it cannot be drawn."""
    if len(raw) > MAX_SVG_BYTES:
        raise ImageError(f"an SVG drawing of {len(raw) / 1e6:.0f} MB", "Save it as PNG, or with fewer points.")
    try:
        root = parse_svg(raw)
    except (ValueError, etree.XMLSyntaxError) as error:
        raise ImageError("damaged or not an SVG drawing", "Save the picture again as plain SVG.") from error
    html_text = replace_html_text(root)
    active = remove_active_content(root)
    fault = svg_size_problem(root)
    if fault:
        raise ImageError(fault, "Save it with fewer elements and a smaller size, or as PNG.")
    _remove_metadata(root)
    _prepare_embedded_images(root)
    _repair_ids(root)
    etree.cleanup_namespaces(root)
    has_size = root.get("width") or root.get("height")  # else it is as wide as there is room
    width, height = svg_size_px(root) if has_size else (0, 0)
    return PreparedSvg(
        etree.tostring(root), round(width), round(height), active, html_text, needs_trial_rendering(root)
    )


def _remove_metadata(root: Any) -> None:
    """Remove comments, metadata, what drawing programs keep for themselves, and private texts."""
    for node in list(root.iter()):
        if not isinstance(node.tag, str):
            _drop(node)
            continue
        name = etree.QName(node)
        if node is not root and (name.namespace not in KEPT_NAMESPACES or name.localname == "metadata"):
            _drop(node)
            continue
        for key, value in list(node.attrib.items()):
            attribute = etree.QName(key)
            if attribute.namespace not in KEPT_NAMESPACES or key in EDITOR_ATTRIBUTES:
                del node.attrib[key]
            elif (
                key not in ("d", "points") and not value.startswith("data:") and PERSONAL_PATH_OR_ADDRESS.search(value)
            ):
                node.set(key, PERSONAL_PATH_OR_ADDRESS.sub("", value))
        if name.localname in ("title", "desc", "style") and node.text and PERSONAL_PATH_OR_ADDRESS.search(node.text):
            node.text = PERSONAL_PATH_OR_ADDRESS.sub("", node.text) if name.localname != "style" else node.text


def _drop(node: Any) -> None:
    parent = node.getparent()
    if parent is None:
        return
    previous = node.getprevious()
    if node.tail and previous is not None:
        previous.tail = (previous.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def _prepare_embedded_images(root: Any) -> None:
    """Prepare the images in an image like files; those that cannot be read are removed."""
    for element in list(root.iter(f"{{{SVG_NAMESPACE}}}image", f"{{{SVG_NAMESPACE}}}feImage")):
        key = XLINK_HREF if element.get(XLINK_HREF) is not None else "href"
        uri = element.get(key) or ""
        if not uri.startswith("data:"):
            continue
        try:
            element.set(key, _prepared_data_url(uri))
        except (ImageError, ValueError, binascii.Error):
            _drop(element)


def _prepared_data_url(uri: str) -> str:
    header, _comma, body = uri[5:].partition(",")
    data = base64.b64decode(body) if header.endswith(";base64") else unquote_to_bytes(body)
    kind = identify_image_kind(data[:HEAD_BYTES])
    if kind not in RASTER_KINDS:
        raise ValueError(kind)
    image = prepare_raster(data, kind)
    return f"data:{MIME_TYPES[image.suffix]};base64,{base64.b64encode(image.data).decode()}"


def _repair_ids(root: Any) -> None:
    """Rename ids that are no XML names, which EPUB forbids, and the references to them."""
    ids = {str(element.get("id")) for element in root.iter(etree.Element) if element.get("id") is not None}
    names: dict[str, str] = {}
    for identifier in sorted(ids):
        if not XML_NAME.match(identifier):
            name = "x" + INVALID_XML_NAME_CHARS.sub("-", identifier)
            while name in ids or name in names.values():
                name += "-"
            names[identifier] = name
    if not names:
        return
    for element in root.iter(etree.Element):
        for key, value in list(element.attrib.items()):
            if key == "id" and value in names:
                element.set(key, names[value])
            elif key in (XLINK_HREF, "href") and value[1:] in names and value.startswith("#"):
                element.set(key, "#" + names[value[1:]])
            elif "url(" in value:
                element.set(key, _with_names(value, names))
        if etree.QName(element).localname == "style" and element.text:
            element.text = _with_names(element.text, names)


def _with_names(text: str, names: dict[str, str]) -> str:
    return re.sub(r"(url\(\s*[\"']?#)([^\"')]+)", lambda m: m[1] + names.get(m[2].strip(), m[2]), text)
