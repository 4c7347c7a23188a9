"""Mark what each page of the EPUB is, and list the landmarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.formats.epub import page_list
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.manuscript import Manuscript
from oerbook.markup.namespaces import EPUB_NS, OPF_NS, XHTML_NS
from oerbook.metadata.labels import translated_label
from oerbook.text.translations import translate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

EPUB_TYPE = f"{{{EPUB_NS}}}type"
# Types of the structural vocabulary (https://www.w3.org/TR/epub-ssv-11/) and their DPUB-ARIA roles.
DPUB_ROLES = {
    "part": "doc-part",
    "chapter": "doc-chapter",
    "bibliography": "doc-bibliography",
    "glossary": "doc-glossary",
    "index": "doc-index",
}
BACK_MATTER_PAGES = {"bibliography": "bibliography", "genindex": "index"}
FRONT_MATTER_PAGES = {"title-page": "titlepage", "copyright-page": "copyright-page"}


def section_types(manuscript: Manuscript) -> dict[str, str]:
    """Return the type of each section of the EPUB by its id."""
    types = dict(FRONT_MATTER_PAGES)
    for section in manuscript.sections:
        special = BACK_MATTER_PAGES.get(
            section.slug, "glossary" if section.slug.rpartition("/")[2] == "glossary" else ""
        )
        kind = special or (section.kind if section.kind in ("part", "chapter") else "")
        if kind:
            types[book_anchor(section.slug, "")] = kind
    return types


def mark_section_type(root: Element, types: Mapping[str, str]) -> str:
    """Mark the type of a page in its XHTML tree and return it, "" for none."""
    body = root.find(f"{{{XHTML_NS}}}body")
    if body is None:
        return ""
    for section in body.iterfind(f"{{{XHTML_NS}}}section"):
        kind = types.get(section.get("id") or "", "")
        if not kind:
            continue
        section.set(EPUB_TYPE, kind)
        if kind in DPUB_ROLES:
            section.set("role", DPUB_ROLES[kind])
            _label_by_heading(section)
        if kind in FRONT_MATTER_PAGES.values():
            body.set(EPUB_TYPE, "frontmatter")
        elif kind in BACK_MATTER_PAGES.values() or kind == "glossary":
            body.set(EPUB_TYPE, "backmatter")
        return kind
    return ""


def _label_by_heading(section: Element) -> None:
    """Label a section by its heading, which screen readers announce."""
    heading = next((child for child in section if child.tag == f"{{{XHTML_NS}}}h1"), None)
    if heading is not None:
        section.set("aria-label", " ".join("".join(_words(heading)).split()))


def _words(element: Element) -> Iterator[str]:
    """Yield the texts of an element without the marks of its notes."""
    yield element.text or ""
    for child in element:
        if child.get("class") != "footnote-ref":
            yield from _words(child)
        yield child.tail or ""


def _remove_notes(root: Element) -> None:
    """Remove references to footnotes, which headings may have."""
    for link in list(root.iter(f"{{{XHTML_NS}}}a")):
        if link.get("class") == "footnote-ref":
            parent = link.getparent()
            if parent is not None:
                _insert_text_before(link, link.tail or "")
                parent.remove(link)


def _insert_text_before(element: Element, text: str) -> None:
    """Insert a text before an element."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text


def _name_pictures(root: Element) -> None:
    """Replace pictures in the entries by their descriptions; an entry must have words."""
    for picture in list(root.iter(f"{{{XHTML_NS}}}img")):
        _insert_text_before(picture, (picture.get("alt") or "") + (picture.tail or ""))
        parent = picture.getparent()
        if parent is not None:
            parent.remove(picture)
    for link in root.iter(f"{{{XHTML_NS}}}a"):
        if not "".join(str(text) for text in link.itertext()).strip():
            link.text = "…"


def complete_navigation(
    navigation: bytes, pages: dict[str, str], numbers: list[tuple[str, int]], manuscript: Manuscript
) -> bytes:
    """Return the navigation with nested chapters, landmarks and page list.

    `pages` maps file names to types, `numbers` are the page numbers with the name of the file they are in.
    """
    root = etree.fromstring(navigation)
    _remove_notes(root)
    _name_pictures(root)
    page_list.add_page_list(root, numbers, translated_label(manuscript.book, "pages"))
    contents, landmarks = list(root.iter(f"{{{XHTML_NS}}}nav"))[:2]
    _nest_chapters(contents, pages)
    listing = landmarks.find(f"{{{XHTML_NS}}}ol")
    assert listing is not None  # pandoc writes the cover's landmark
    first_of_type: dict[str, str] = {}
    for address, kind in pages.items():
        first_of_type.setdefault("bodymatter" if kind in ("part", "chapter") else kind, address)
    titles = {section.slug: section.title for section in manuscript.sections}
    names = {"titlepage": manuscript.book.title, "copyright-page": translated_label(manuscript.book, "copyright")}
    names["bodymatter"] = translate(manuscript.book.language, "Main text")
    names |= {kind: titles[slug] for slug, kind in BACK_MATTER_PAGES.items() if slug in titles}
    for kind, address in first_of_type.items():
        link = etree.SubElement(etree.SubElement(listing, f"{{{XHTML_NS}}}li"), f"{{{XHTML_NS}}}a", href=address)
        link.set(EPUB_TYPE, kind)
        link.text = names.get(kind) or translate(manuscript.book.language, kind.capitalize())
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _nest_chapters(contents: Element, pages: Mapping[str, str]) -> None:
    """Move the chapters in the table of contents below their part."""
    part = None
    listing = contents.find(f"{{{XHTML_NS}}}ol")
    for item in list(listing) if listing is not None else ():
        link = item.find(f"{{{XHTML_NS}}}a")
        kind = pages.get((link.get("href") or "").partition("#")[0], "") if link is not None else ""
        if kind == "part":
            part = item
        elif kind == "chapter" and part is not None:
            children = part.find(f"{{{XHTML_NS}}}ol")
            children = etree.SubElement(part, f"{{{XHTML_NS}}}ol") if children is None else children
            children.append(item)
        else:
            part = None


def move_contents_in_spine(package: bytes) -> bytes:
    """Return the package with the contents after title and copyright page."""
    root = etree.fromstring(package)
    spine = next(root.iter(f"{{{OPF_NS}}}spine"))
    items = {item.get("idref"): item for item in spine}
    if "nav" in items and "ch002_xhtml" in items:
        spine.remove(items["nav"])
        spine.insert(list(spine).index(items["ch002_xhtml"]) + 1, items["nav"])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
