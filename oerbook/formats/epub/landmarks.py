"""Mark what each page of the EPUB is, and list the landmarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.formats.epub import page_list
from oerbook.manuscript.anchors import anchor
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.labels import word

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
OPF = "http://www.idpf.org/2007/opf"
TYPE = f"{{{EPUB}}}type"
# Types of the structural vocabulary (https://www.w3.org/TR/epub-ssv-11/) and their DPUB-ARIA roles.
ROLES = {
    "part": "doc-part",
    "chapter": "doc-chapter",
    "bibliography": "doc-bibliography",
    "glossary": "doc-glossary",
    "index": "doc-index",
}
SPECIAL = {"bibliography": "bibliography", "genindex": "index"}
FRONT = {"title-page": "titlepage", "copyright-page": "copyright-page"}


def kinds(manuscript: Manuscript) -> dict[str, str]:
    """Return the type of each section of the EPUB by its id."""
    types = dict(FRONT)
    for section in manuscript.sections:
        special = SPECIAL.get(section.slug, "glossary" if section.slug.rpartition("/")[2] == "glossary" else "")
        kind = special or (section.kind if section.kind in ("part", "chapter") else "")
        if kind:
            types[anchor(section.slug, "")] = kind
    return types


def named(root: Element, types: Mapping[str, str]) -> str:
    """Mark the type of a page in its XHTML tree and return it, "" for none."""
    body = root.find(f"{{{XHTML}}}body")
    if body is None:
        return ""
    for section in body.iterfind(f"{{{XHTML}}}section"):
        kind = types.get(section.get("id") or "", "")
        if not kind:
            continue
        section.set(TYPE, kind)
        if kind in ROLES:
            section.set("role", ROLES[kind])
            _label_by_heading(section)
        if kind in FRONT.values():
            body.set(TYPE, "frontmatter")
        elif kind in SPECIAL.values() or kind == "glossary":
            body.set(TYPE, "backmatter")
        return kind
    return ""


def _label_by_heading(section: Element) -> None:
    """Label a section by its heading, which screen readers announce."""
    heading = next((child for child in section if child.tag == f"{{{XHTML}}}h1"), None)
    if heading is not None:
        section.set("aria-label", " ".join("".join(map(str, heading.itertext())).split()))


def with_landmarks(
    navigation: bytes, pages: dict[str, str], numbers: list[tuple[str, int]], manuscript: Manuscript
) -> bytes:
    """Return the navigation with nested chapters, landmarks and page list.

    `pages` maps file names to types, `numbers` are the page numbers with the name of the file they are in.
    """
    root = etree.fromstring(navigation)
    page_list.listed(root, numbers, word(manuscript.book, "pages"))
    contents, landmarks = list(root.iter(f"{{{XHTML}}}nav"))[:2]
    _nest_chapters(contents, pages)
    listing = landmarks.find(f"{{{XHTML}}}ol")
    assert listing is not None  # pandoc writes the cover's landmark
    first_of_type: dict[str, str] = {}
    for address, kind in pages.items():
        first_of_type.setdefault("bodymatter" if kind in ("part", "chapter") else kind, address)
    titles = {section.slug: section.title for section in manuscript.sections}
    names = {"titlepage": manuscript.book.title, "copyright-page": word(manuscript.book, "copyright")}
    names |= {kind: titles.get(slug, kind) for slug, kind in SPECIAL.items()}
    for kind, address in first_of_type.items():
        link = etree.SubElement(etree.SubElement(listing, f"{{{XHTML}}}li"), f"{{{XHTML}}}a", href=address)
        link.set(TYPE, kind)
        link.text = names.get(kind) or kind.capitalize()
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _nest_chapters(contents: Element, pages: Mapping[str, str]) -> None:
    """Move the chapters in the table of contents below their part."""
    part = None
    listing = contents.find(f"{{{XHTML}}}ol")
    for item in list(listing) if listing is not None else ():
        link = item.find(f"{{{XHTML}}}a")
        kind = pages.get((link.get("href") or "").partition("#")[0], "") if link is not None else ""
        if kind == "part":
            part = item
        elif kind == "chapter" and part is not None:
            children = part.find(f"{{{XHTML}}}ol")
            children = etree.SubElement(part, f"{{{XHTML}}}ol") if children is None else children
            children.append(item)
        else:
            part = None


def reading_order(package: bytes) -> bytes:
    """Return the package with the contents after title and copyright page."""
    root = etree.fromstring(package)
    spine = next(root.iter(f"{{{OPF}}}spine"))
    items = {item.get("idref"): item for item in spine}
    if "nav" in items and "ch002_xhtml" in items:
        spine.remove(items["nav"])
        spine.insert(list(spine).index(items["ch002_xhtml"]) + 1, items["nav"])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
