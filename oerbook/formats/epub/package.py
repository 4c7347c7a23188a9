"""The EPUB after pandoc: the package says what the book holds, pages say their language, nothing is left ambiguous."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from oerbook.formats.epub import landmarks, page_list
from oerbook.licensing.spdx import license_of
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.labels import file_as

OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
SUMMARY = "This book is reflowable text with a table of contents, headings in order and a logical reading order. {what}"


def mended(members: dict[str, bytes], manuscript: Manuscript) -> dict[str, bytes]:
    """Return the members of the archive with package and pages completed."""
    package = next(name for name in members if name.endswith(".opf"))
    pages = {n: data for n, data in members.items() if n.endswith(".xhtml")}
    folder, known = package.rpartition("/")[0], landmarks.kinds(manuscript)
    found, addresses, numbers = dict(members), dict[str, str](), list[tuple[str, int]]()
    navigation = next(name for name in pages if name.endswith("nav.xhtml"))
    for name, data in sorted(pages.items()):
        root, kind = _page(data, manuscript, known)
        address = name.removeprefix(f"{folder}/")
        addresses |= {address: kind} if kind else {}
        if name != navigation and not name.endswith("cover.xhtml") and kind not in landmarks.FRONT.values():
            numbers += [(address, number) for number in page_list.mark(root, len(numbers) + 1)]
        found[name] = etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>")
    found[navigation] = landmarks.with_landmarks(found[navigation], addresses, numbers, manuscript)
    opf = landmarks.reading_order(_package(members[package], b"".join(pages.values()), manuscript))
    holding = {name.removeprefix(f"{folder}/") for name, data in pages.items() if b"<math" in data}
    found[package] = _with_math(opf, holding)
    return found


def _with_math(package: bytes, pages: set[str]) -> bytes:
    """Declare in the package which pages hold formulas, the contents among them."""
    root = etree.fromstring(package)
    for item in root.iter(f"{{{OPF}}}item"):
        properties = set((item.get("properties") or "").split())
        if item.get("href") in pages:
            item.set("properties", " ".join(sorted(properties | {"mathml"})))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _page(data: bytes, manuscript: Manuscript, known: dict[str, str]) -> tuple[etree._Element, str]:
    root = etree.fromstring(data)
    language = manuscript.book.language
    root.set("lang", language)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    for table in root.iter(f"{{{XHTML}}}table"):
        if table.find(f"{{{XHTML}}}thead") is not None:
            for cell in table.iterfind(f"{{{XHTML}}}thead//{{{XHTML}}}th"):
                cell.set("scope", "col")
    for cell in list(root.iter(f"{{{XHTML}}}th")):
        if not "".join(map(str, cell.itertext())).strip() and not len(cell):
            cell.tag = f"{{{XHTML}}}td"
            cell.attrib.pop("scope", "")
    for note in root.iter(f"{{{XHTML}}}section"):
        if note.get("role") == "doc-endnotes" and not note.get("aria-label"):
            note.set("aria-label", "Notes")
    for pre in root.iter(f"{{{XHTML}}}pre"):
        pre.set("tabindex", "0")
    _unempty(root)
    return root, landmarks.named(root, known)


def _unempty(root: etree._Element) -> None:
    """Take out ids that stand twice, keeping the first."""
    seen: set[str] = set()
    for element in root.iter():
        identifier = element.get("id")
        if identifier in seen:
            del element.attrib["id"]
        elif identifier:
            seen.add(identifier)


def _package(data: bytes, pages: bytes, manuscript: Manuscript) -> bytes:
    root = etree.fromstring(data)
    metadata: Any = root.find(f"{{{OPF}}}metadata")
    book = manuscript.book
    for old in list(metadata.iterfind(f"{{{OPF}}}meta")):
        name = old.get("property") or ""
        if name.startswith("schema:") or name == "dcterms:modified":
            metadata.remove(old)
    when = datetime.fromtimestamp(manuscript.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _meta(metadata, "dcterms:modified", when)
    math, pictures = b"<math" in pages, b"<img" in pages
    features = ["tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability"]
    features += ["pageNavigation", "pageBreakMarkers"]
    features += ["MathML"] if math else []
    described = pictures and not re.search(rb'<img[^>]*alt=""', pages)
    features += ["alternativeText"] if described or not pictures else []
    features += ["index"] if any(section.slug == "genindex" for section in manuscript.sections) else []
    for mode in ["textual", *(["visual"] if pictures else [])]:
        _meta(metadata, "schema:accessMode", mode)
    _meta(metadata, "schema:accessModeSufficient", "textual" if described or not pictures else "textual,visual")
    _meta(metadata, "pageBreakSource", "none")
    for feature in features:
        _meta(metadata, "schema:accessibilityFeature", feature)
    _meta(metadata, "schema:accessibilityHazard", "none")
    _meta(metadata, "schema:accessibilitySummary", SUMMARY.format(what=_what(math, pictures, described)).strip())
    for creator in [*metadata.iterfind(f"{{{DC}}}creator"), *metadata.iterfind(f"{{{DC}}}contributor")]:
        _file_as(metadata, creator)
    terms = license_of(book.license) if book.license else None
    if terms:
        for old in list(metadata.iterfind(f"{{{DC}}}rights")):
            metadata.remove(old)
        rights = etree.SubElement(metadata, f"{{{DC}}}rights")
        rights.text = f"{terms.name} ({terms.spdx})"
        etree.SubElement(metadata, f"{{{OPF}}}link", rel="dcterms:license", href=terms.url)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _what(math: bool, pictures: bool, described: bool) -> str:
    said = []
    if pictures:
        said.append("All pictures have descriptions." if described else "Some pictures have no description.")
    if math:
        said.append("Formulas are MathML with a description in words.")
    return " ".join(said)


def _meta(metadata: etree._Element, name: str, value: str) -> None:
    etree.SubElement(metadata, f"{{{OPF}}}meta", property=name).text = value


def _file_as(metadata: etree._Element, creator: etree._Element) -> None:
    identifier = creator.get("id")
    known = [m for m in metadata.iterfind(f"{{{OPF}}}meta") if m.get("refines") == f"#{identifier}"]
    if not identifier or any(meta.get("property") == "file-as" for meta in known):
        return
    meta = etree.SubElement(metadata, f"{{{OPF}}}meta", refines=f"#{identifier}", property="file-as")
    meta.text = file_as(creator.text or "")
