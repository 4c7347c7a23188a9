"""Parse the XML and HTML of strangers: no entities, no network, no namespaces left, comments dropped."""

from __future__ import annotations

import codecs
import re
from html.entities import html5

from lxml import etree, html

from oerbook.errors import OerbookError
from oerbook.model.untyped import XmlElement

MAX_DEPTH = 80  # of nested elements
MAX_PAGE_BYTES = 60_000_000
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*?\?>")
DECLARED_ENCODING = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._-]+)""")
DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*(\[.*?\]\s*)?>", re.S | re.I)
CDATA_OR_ENTITY = re.compile(r"<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]*);", re.S)
XML_ENTITIES = frozenset(["amp", "lt", "gt", "quot", "apos"])
CONTROL_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
NESTING_TAG = re.compile(
    r"<(/?)(?:div|span|section|article|blockquote|b|i|em|strong|font|ul|ol|table|center)\b[^>]*>", re.I
)
NAMESPACE_PREFIX = re.compile(r"^(?:m|mml|mathml|math|svg|xhtml|html|h):(?=[a-z])")
PREFIX_BY_NAMESPACE = {"http://www.idpf.org/2007/ops": "epub:", "http://www.w3.org/XML/1998/namespace": "xml:"}
INVALID_NAME_CHARS = re.compile(r"[^\w.-]|^(?=[\d.-])")
NAME_BY_ATTRIBUTE = {"epub:type": "epub-type", "xml:lang": "lang", "xml:id": "id", "xml:base": "base"}


def decode(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, the encoding it declares, as UTF-8, or as Windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    declared = DECLARED_ENCODING.search(data[:2000])
    for encoding in ("utf-8", declared[1].decode("ascii") if declared else "", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def parse_xml(data: bytes, name: str, *, recover: bool = False) -> XmlElement:
    """Return the root of an XML document with local names only (`p`, not `{...}p`).

    A document type is ignored, so that no entity is expanded; HTML's named characters are known. Raises OerbookError if
    the document is not well-formed (unless `recover`), empty, or too large.
    """
    if len(data) > MAX_PAGE_BYTES:
        raise OerbookError(f"{name} is larger than {MAX_PAGE_BYTES // 1_000_000} MB", hint="Split it.")
    text = CONTROL_CHARS.sub("", XML_DECLARATION.sub("", decode(data).lstrip("\ufeff")))
    text = CDATA_OR_ENTITY.sub(_expand_entity, DOCTYPE.sub("", text, count=1))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise OerbookError(f"{name} is not well-formed XML: {error}", hint="Repair it, or export it again.") from error
    if root is None:
        raise OerbookError(f"{name} holds no XML", hint="Export it again.")
    _strip_namespaces(root)
    return root


def parse_page(data: bytes, name: str) -> XmlElement:
    """Return the root of an (X)HTML page with local names only; broken markup is repaired as browsers do.

    Raises OerbookError for a page that is empty or too large.
    """
    if len(data) > MAX_PAGE_BYTES:
        raise OerbookError(f"{name} is larger than {MAX_PAGE_BYTES // 1_000_000} MB", hint="Split it.")
    head = data[:1000].lstrip()
    if b"<?xml" in head[:100] or b"www.w3.org/1999/xhtml" in head:
        try:
            return parse_xml(data, name)
        except OerbookError:
            pass
    return parse_html(decode(data), name)


def parse_html(text: str, name: str) -> XmlElement:
    """Return the root of a text in HTML, repaired as browsers do. Raises OerbookError if it is empty."""
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8", recover=True
    )
    cleaned = CONTROL_CHARS.sub("", XML_DECLARATION.sub("", text.lstrip("\ufeff")))
    cleaned = _limit_tags(cleaned)
    try:
        root = html.document_fromstring((cleaned or " ").encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise OerbookError(f"{name} holds no text", hint="Export it again.") from error
    _strip_namespaces(root)
    _limit_depth(root)
    return root


def find_body(root: XmlElement) -> XmlElement:
    """Return the body of a page, or its root if it has none."""
    body = root.find(".//body")
    return root if body is None else body


def _limit_tags(text: str) -> str:
    """Return HTML without the tags of elements nested so deeply that the parser would lose their text."""
    pieces, depth, position = [], 0, 0
    for match in NESTING_TAG.finditer(text):
        closes = match[1] == "/"
        if depth > MAX_DEPTH or (depth == MAX_DEPTH and not closes):
            pieces.append(text[position : match.start()])
            position = match.end()
        depth = max(0, depth + (-1 if closes else 1))
    return "".join([*pieces, text[position:]])


def _limit_depth(root: XmlElement) -> None:
    """Replace what is nested too deeply for any page that a person wrote by its text."""
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
    for element in level:
        text = "".join(element.itertext())
        for child in list(element):
            element.remove(child)
        element.text = text


def _expand_entity(match: re.Match[str]) -> str:
    """Return HTML's named characters as characters, and a name that nobody knows as its text."""
    name = match[1]
    if name is None or name in XML_ENTITIES:
        return match[0]
    char = html5.get(f"{name};")
    return char if char is not None else f"&amp;{name};"


def _strip_namespaces(root: XmlElement) -> None:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        element.tag = _local_name(element.tag.lower() if element.tag.isupper() else element.tag)
        attributes = {_attribute_name(str(key)): value for key, value in element.attrib.items()}
        if list(attributes) != list(element.attrib):
            element.attrib.clear()
            element.attrib.update(attributes)
    etree.cleanup_namespaces(root)


def _local_name(tag: str) -> str:
    space, brace, local = tag.rpartition("}")
    return f"xi-{local}" if brace and space.endswith("XInclude") else NAMESPACE_PREFIX.sub("", local)


def _attribute_name(key: str) -> str:
    space, brace, local = key.rpartition("}")
    name = f"{PREFIX_BY_NAMESPACE.get(space[1:], '')}{local}" if brace else key
    known = NAME_BY_ATTRIBUTE.get(name, name.removeprefix("xlink:"))
    return INVALID_NAME_CHARS.sub("-", known) or "unnamed"
