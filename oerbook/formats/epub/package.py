"""Complete pandoc's EPUB: accessibility metadata, languages, labels, landmarks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.formats.epub import landmarks, page_list
from oerbook.formats.epub.accessibility import add_accessibility_metadata
from oerbook.formats.epub.code_lines import mark_code_lines
from oerbook.formats.epub.colors import darken_until_readable
from oerbook.licensing.spdx import find_license
from oerbook.manuscript.manuscript import Manuscript
from oerbook.markup.namespaces import OPF_NS, XHTML_NS
from oerbook.metadata.labels import publication_year, sort_name
from oerbook.model.book import Book
from oerbook.text.translations import translate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

DC_NS = "http://purl.org/dc/elements/1.1/"


def complete_package(members: dict[str, bytes], manuscript: Manuscript) -> dict[str, bytes]:
    """Return the members of the EPUB with the package and the pages completed."""
    package = next(name for name in members if name.endswith(".opf"))
    pages = {name: data for name, data in members.items() if name.endswith(".xhtml")}
    folder, types = package.rpartition("/")[0], landmarks.section_types(manuscript)
    completed, type_by_file, numbers = dict(members), dict[str, str](), list[tuple[str, int]]()
    navigation = next(name for name in pages if name.endswith("nav.xhtml"))
    for name, data in sorted(pages.items()):
        root = _complete_page(data, manuscript.book.language)
        kind = landmarks.mark_section_type(root, types)
        address = name.removeprefix(f"{folder}/")
        type_by_file |= {address: kind} if kind else {}
        if (
            name != navigation
            and not name.endswith("cover.xhtml")
            and kind not in landmarks.FRONT_MATTER_PAGES.values()
        ):
            numbers += [(address, number) for number in page_list.mark_page_starts(root, len(numbers) + 1)]
        completed[name] = etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>")
    completed[navigation] = landmarks.complete_navigation(completed[navigation], type_by_file, numbers, manuscript)
    opf = landmarks.move_contents_in_spine(_complete_package(members[package], members, manuscript))
    with_math = {name.removeprefix(f"{folder}/") for name, data in pages.items() if b"<math" in data}
    completed[package] = _declare_math(opf, with_math)
    return completed


def _declare_math(package: bytes, pages: set[str]) -> bytes:
    """Declare in the package which pages contain formulas."""
    root = etree.fromstring(package)
    for item in root.iter(f"{{{OPF_NS}}}item"):
        properties = set((item.get("properties") or "").split())
        if item.get("href") in pages:
            item.set("properties", " ".join(sorted(properties | {"mathml"})))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _complete_page(data: bytes, language: str) -> Element:
    """Return the tree of a page with language, labels and unique ids."""
    root = etree.fromstring(data)
    root.set("lang", language)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    mark_code_lines(root)
    for cell in root.iterfind(f".//{{{XHTML_NS}}}table/{{{XHTML_NS}}}thead//{{{XHTML_NS}}}th"):
        cell.set("scope", "col")
    for cell in root.iterfind(f".//{{{XHTML_NS}}}table/{{{XHTML_NS}}}tbody//{{{XHTML_NS}}}th"):
        cell.set("scope", "row")
    for cell in list(root.iter(f"{{{XHTML_NS}}}th")):
        if not "".join(map(str, cell.itertext())).strip() and not len(cell):
            cell.tag = f"{{{XHTML_NS}}}td"
            cell.attrib.pop("scope", "")
    for section in root.iter(f"{{{XHTML_NS}}}section"):
        if section.get("role") == "doc-endnotes" and not section.get("aria-label"):
            section.set("aria-label", translate(language, "Notes"))
    for pre in root.iter(f"{{{XHTML_NS}}}pre"):
        pre.set("tabindex", "0")
    for colored in root.iterfind(".//*[@mathcolor]"):
        colored.set("mathcolor", darken_until_readable(str(colored.get("mathcolor"))))
    _remove_duplicate_ids(root)
    return root


def _remove_duplicate_ids(root: Element) -> None:
    """Remove ids that are used twice, except for the first."""
    seen: set[str] = set()
    for element in root.iter():
        identifier = element.get("id")
        if identifier in seen:
            del element.attrib["id"]
        elif identifier:
            seen.add(identifier)


def _complete_package(data: bytes, members: Mapping[str, bytes], manuscript: Manuscript) -> bytes:
    """Return the package with accessibility metadata, sort names and license."""
    root = etree.fromstring(data)
    metadata = root.find(f"{{{OPF_NS}}}metadata")
    assert metadata is not None
    for meta in list(metadata.iterfind(f"{{{OPF_NS}}}meta")):
        name = meta.get("property") or ""
        if name.startswith("schema:") or name == "dcterms:modified":
            metadata.remove(meta)
    if not publication_year(manuscript.book, manuscript.epoch):  # pandoc writes the date of the files
        for date in list(metadata.iterfind(f"{{{DC_NS}}}date")):
            metadata.remove(date)
    modified = datetime.fromtimestamp(manuscript.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _add_meta(metadata, "dcterms:modified", modified)
    add_accessibility_metadata(metadata, members, manuscript)
    for creator in [*metadata.iterfind(f"{{{DC_NS}}}creator"), *metadata.iterfind(f"{{{DC_NS}}}contributor")]:
        _add_sort_name(metadata, creator)
    _set_license(metadata, manuscript.book.license)
    for source in _sources(manuscript.book):
        etree.SubElement(metadata, f"{{{DC_NS}}}source").text = source
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _sources(book: Book) -> list[str]:
    """Return title, authors and address of every work that the book reuses."""
    works = [work for page in (book.index, *book.chapters) for work in page.reused_works]
    texts = (". ".join(filter(None, (work.title, work.authors, work.source))) for work in works)
    return list(dict.fromkeys(filter(None, texts)))


def _set_license(metadata: Element, license_id: str) -> None:
    """Replace the rights statement by the license's name, and link to it."""
    terms = find_license(license_id) if license_id else None
    if not terms:
        return
    for rights in list(metadata.iterfind(f"{{{DC_NS}}}rights")):
        metadata.remove(rights)
    etree.SubElement(metadata, f"{{{DC_NS}}}rights").text = f"{terms.name} ({terms.spdx})"
    etree.SubElement(metadata, f"{{{OPF_NS}}}link", rel="dcterms:license", href=terms.url)


def _add_meta(metadata: Element, name: str, value: str) -> None:
    etree.SubElement(metadata, f"{{{OPF_NS}}}meta", property=name).text = value


def _add_sort_name(metadata: Element, creator: Element) -> None:
    """Add a `file-as` property to a creator or contributor that has none."""
    identifier = creator.get("id")
    refinements = [m for m in metadata.iterfind(f"{{{OPF_NS}}}meta") if m.get("refines") == f"#{identifier}"]
    if not identifier or any(meta.get("property") == "file-as" for meta in refinements):
        return
    meta = etree.SubElement(metadata, f"{{{OPF_NS}}}meta", refines=f"#{identifier}", property="file-as")
    meta.text = sort_name(creator.text or "")
