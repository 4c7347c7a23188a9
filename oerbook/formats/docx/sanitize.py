"""Check the finished DOCX: its links and fields against allow-lists, and no part that runs or loads something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.formats.removed_content import removed_content_findings
from oerbook.markup.namespaces import RELATIONSHIPS_NAMESPACE, WORD_NAMESPACE
from oerbook.markup.urls import is_link_target, url_scheme
from oerbook.model.findings import Finding

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Parts that a document consists of; not among them: macros, controls, embedded objects, templates, sub-documents.
PART_TYPES = frozenset(
    [
        "comments", "core-properties", "custom-properties", "endnotes", "extended-properties", "font", "fontTable",
        "footer", "footnotes", "header", "hyperlink", "image", "numbering", "officeDocument", "settings", "styles",
        "theme", "webSettings",
    ]
)  # fmt: skip
# Fields that show numbers of pages, contents and places in the document itself.
SAFE_FIELD = re.compile(r"\s*(?:(?:TOC|PAGE|NUMPAGES|PAGEREF|REF|SEQ|STYLEREF|INDEX|XE)\b|HYPERLINK\s+\\l\b).*", re.S)


def sanitize_members(members: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Return the members of a DOCX with allowed links, fields and parts only, and findings about what was removed."""
    checked, removed = dict(members), list[str]()
    for name in [name for name in members if name.endswith(".rels")]:
        root = etree.fromstring(members[name])
        refused = [relation for relation in root.iter(RELATIONSHIP) if not _is_allowed(relation)]
        for relation in refused:
            removed.append(_label(relation))
            root.remove(relation)
            checked.pop(_part(name, relation.get("Target") or ""), None)
        if refused:
            checked[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            owner = _owner(name)
            if owner in checked:
                checked[owner] = _without_references(checked[owner], {str(r.get("Id")) for r in refused})
    for name in [name for name in checked if name.startswith("word/") and name.endswith(".xml")]:
        checked[name], fields = _without_fields(checked[name])
        removed += fields
    return checked, removed_content_findings("the DOCX", removed)


def _is_allowed(relation: Element) -> bool:
    kind, target = (relation.get("Type") or "").rpartition("/")[2], relation.get("Target") or ""
    if relation.get("TargetMode") == "External":
        return kind == "hyperlink" and is_link_target(target) and not target.replace("\\", "/").startswith("//")
    return kind in PART_TYPES and not url_scheme(target)


def _label(relation: Element) -> str:
    kind, scheme = (relation.get("Type") or "").rpartition("/")[2], url_scheme(relation.get("Target") or "")
    return f"{scheme}:" if scheme and kind == "hyperlink" else kind


def _owner(relations: str) -> str:
    """Return the part that a file of relations belongs to.

    >>> _owner("word/_rels/document.xml.rels")
    'word/document.xml'
    """
    path = PurePosixPath(relations)
    return (path.parent.parent / path.name.removesuffix(".rels")).as_posix()


def _part(relations: str, target: str) -> str:
    """Return the name of the part that a relation points to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return (PurePosixPath(relations).parent.parent / target).as_posix()


def _without_references(part: bytes, ids: set[str]) -> bytes:
    """Return a part whose links with these ids are plain text, and whose other references to them are gone."""
    root = etree.fromstring(part)
    for element in list(root.iter()):
        for name, value in list(element.attrib.items()):
            if str(name).startswith(RELATIONSHIPS_NAMESPACE) and value in ids:
                del element.attrib[name]
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _without_fields(part: bytes) -> tuple[bytes, list[str]]:
    """Return a part whose fields are all allowed, and the names of those that were removed."""
    if b"instrText" not in part and b"fldSimple" not in part:
        return part, []
    root = etree.fromstring(part)
    removed = []
    for field in list(_fields(root)):
        text = (
            (field.text or "")
            if field.tag == f"{WORD_NAMESPACE}instrText"
            else field.get(f"{WORD_NAMESPACE}instr") or ""
        )
        if not SAFE_FIELD.fullmatch(text):
            removed.append((text.split() or ["a field"])[0][:20])
            field.text = "" if field.tag == f"{WORD_NAMESPACE}instrText" else field.text
            field.attrib.pop(f"{WORD_NAMESPACE}instr", "")
    if not removed:
        return part, []
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)), removed


def _fields(root: Element) -> Iterator[Element]:
    yield from root.iter(f"{WORD_NAMESPACE}instrText", f"{WORD_NAMESPACE}fldSimple")
