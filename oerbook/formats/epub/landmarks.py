"""What each page of the EPUB is, said to reading systems: title page, part, chapter, bibliography, index; and landmarks."""

from __future__ import annotations

from typing import Any

from lxml import etree

from oerbook.formats.epub import page_list
from oerbook.manuscript.anchors import anchor
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.labels import word

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
OPF = "http://www.idpf.org/2007/opf"
TYPE = f"{{{EPUB}}}type"
# Of the vocabulary for structure (https://www.w3.org/TR/epub-ssv-11/), with the role of DPUB-ARIA that goes with it.
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
    """Return what the section with an id is: a kind of the vocabulary."""
    found = dict(FRONT)
    for section in manuscript.sections:
        special = SPECIAL.get(section.slug, "glossary" if section.slug.rpartition("/")[2] == "glossary" else "")
        kind = special or (section.kind if section.kind in ("part", "chapter") else "")
        if kind:
            found[anchor(section.slug, "")] = kind
    return found


def named(root: Any, known: dict[str, str]) -> str:
    """Say on a page what it is; return its kind."""
    body = root.find(f"{{{XHTML}}}body")
    for section in body.iterfind(f"{{{XHTML}}}section") if body is not None else ():
        kind = known.get(section.get("id") or "", "")
        if kind:
            section.set(TYPE, kind)
            if kind in ROLES:
                section.set("role", ROLES[kind])
                _labelled(section)
            if kind in FRONT.values():
                body.set(TYPE, "frontmatter")
            elif kind in SPECIAL.values() or kind == "glossary":
                body.set(TYPE, "backmatter")
            return kind
    return ""


def _labelled(section: Any) -> None:
    """Name a section with a role by its heading, as screen readers announce it."""
    heading = next((child for child in section if child.tag == f"{{{XHTML}}}h1"), None)
    if heading is not None:
        section.set("aria-label", " ".join("".join(heading.itertext()).split()))


def with_landmarks(
    navigation: bytes, pages: dict[str, str], numbers: list[tuple[str, int]], manuscript: Manuscript
) -> bytes:
    """Return the page of contents with parts that hold their chapters, landmarks and the list of pages.

    `pages` are kinds by address, `numbers` each page's number with the address of the file that it begins in.
    """
    root = etree.fromstring(navigation)
    page_list.listed(root, numbers, word(manuscript.book, "pages"))
    navs: list[Any] = list(root.iter(f"{{{XHTML}}}nav"))
    contents, marks = navs[:2]
    _nested(contents, pages)
    listing: Any = marks.find(f"{{{XHTML}}}ol")
    firsts: dict[str, str] = {}
    for address, kind in pages.items():
        firsts.setdefault("bodymatter" if kind in ("part", "chapter") else kind, address)
    titles = {section.slug: section.title for section in manuscript.sections}
    names = {"titlepage": manuscript.book.title, "copyright-page": word(manuscript.book, "copyright")}
    names |= {kind: titles.get(slug, kind) for slug, kind in SPECIAL.items()}
    for kind, address in firsts.items():
        item = etree.SubElement(etree.SubElement(listing, f"{{{XHTML}}}li"), f"{{{XHTML}}}a", href=address)
        item.set(TYPE, kind)
        item.text = names.get(kind) or kind.capitalize()
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _nested(contents: Any, pages: dict[str, str]) -> None:
    """Move chapters below their part."""
    part = None
    for item in list(contents.find(f"{{{XHTML}}}ol")):
        link = item.find(f"{{{XHTML}}}a")
        kind = pages.get(link.get("href").partition("#")[0], "") if link is not None else ""
        if kind == "part":
            part = item
        elif kind == "chapter" and part is not None:
            inner = part.find(f"{{{XHTML}}}ol")
            inner = etree.SubElement(part, f"{{{XHTML}}}ol") if inner is None else inner
            inner.append(item)
        else:
            part = None


def reading_order(package: bytes) -> bytes:
    """Return the package with the contents behind title and copyright page, where books have them."""
    root = etree.fromstring(package)
    spine = next(root.iter(f"{{{OPF}}}spine"))
    items = {item.get("idref"): item for item in spine}
    if "nav" in items and "ch002_xhtml" in items:
        spine.remove(items["nav"])
        spine.insert(list(spine).index(items["ch002_xhtml"]) + 1, items["nav"])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
