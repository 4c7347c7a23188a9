"""The files of a Word document: read within bounds, changed for pandoc, and counted apart from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from oerbook.errors import OerbookError
from oerbook.importers.conversion.archives import pack_archive, read_archive
from oerbook.importers.conversion.plain_text import count_words
from oerbook.importers.conversion.xml_files import parse_xml
from oerbook.importers.word.headings import style_of
from oerbook.importers.word.namespaces import M_NAMESPACE, STRICT_W_NAMESPACE, W_NAMESPACE, w
from oerbook.importers.word.styles import StyleSheet, guess_role, read_styles
from oerbook.model.untyped import XmlElement

MAIN_PART, STYLES_PART = "word/document.xml", "word/styles.xml"
NOTE_PARTS = ("word/footnotes.xml", "word/endnotes.xml")


@dataclass(frozen=True, slots=True)
class WordPackage:
    """The members of a document, its main part, its styles, and the name of its file."""

    name: str
    members: Mapping[str, bytes]
    document: XmlElement
    styles: XmlElement
    sheet: StyleSheet

    def part(self, name: str) -> XmlElement | None:
        """Return the root element of a part, None if there is none."""
        return parse_xml(self.members[name], f"{self.name}: {name}") if name in self.members else None


def read_package(source: Path) -> WordPackage:
    """Return the files of a Word document. Raises OerbookError if it is damaged or too large."""
    members = read_archive(source)
    for name, data in members.items():
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in data[:2000]:
            hint = "Open it in a word processor, save it again, and import that."
            raise OerbookError(f"{source.name}: {name} has a document type, which no Word file has", hint=hint)
    if MAIN_PART not in members:
        raise OerbookError(f"{source.name} has no {MAIN_PART}", hint="Save it again as a Word document (.docx).")
    data = members[MAIN_PART].replace(STRICT_W_NAMESPACE.encode(), W_NAMESPACE.encode())
    document = parse_xml(data, f"{source.name}: {MAIN_PART}")
    styles = parse_xml(members[STYLES_PART], STYLES_PART) if STYLES_PART in members else etree.Element(w("styles"))
    return WordPackage(source.name, members, document, styles, read_styles(styles))


def keep_code_spaces(document: XmlElement, sheet: StyleSheet, declared: Mapping[str, str]) -> None:
    """Replace spaces in paragraphs of code by ones that pandoc does not join, in place."""
    for paragraph in document.iter(w("p")):
        if guess_role(sheet, style_of(paragraph), declared) == "code":
            for text in paragraph.iter(w("t")):
                text.text = (text.text or "").replace(" ", "\u00a0")
            for tab in paragraph.iter(w("tab")):
                if tab.getparent().tag == w("r"):
                    tab.tag, tab.text = w("t"), "\u00a0" * 4


def pack_package(package: WordPackage, document: XmlElement) -> bytes:
    """Return a document with another main part, without what it would load from outside."""
    members = {
        name: data for name, data in package.members.items() if not name.startswith(("customXml/", "word/embeddings/"))
    }
    members[MAIN_PART] = etree.tostring(document, xml_declaration=True, encoding="UTF-8", standalone=True)
    members[STYLES_PART] = etree.tostring(package.styles, xml_declaration=True, encoding="UTF-8", standalone=True)
    return pack_archive({name: _without_external(name, data) for name, data in members.items()})


def count_content(
    package: WordPackage, document: XmlElement, declared: Mapping[str, str]
) -> tuple[Counter[str], Counter[str]]:
    """Return the numbers of things in a document, and how often each word occurs in what is imported."""
    words: Counter[str] = Counter()
    parts = [document, *(part for name in NOTE_PARTS if (part := package.part(name)) is not None)]
    for part in parts:
        for paragraph in part.iter(w("p")):
            if guess_role(package.sheet, style_of(paragraph), declared) != "drop":
                words.update(count_words(_visible_text(paragraph)))
    counts = Counter(
        {
            "formulas": sum(1 for _ in document.iter(f"{{{M_NAMESPACE}}}oMath")),
            "notes": sum(1 for tag in ("footnoteReference", "endnoteReference") for _ in document.iter(w(tag))),
            "tables": sum(1 for _ in document.iter(w("tbl"))),
            "index entries": sum(
                "".join(e.itertext()).strip().startswith("XE ") for e in document.iter(w("instrText"))
            ),
        }
    )
    return counts, words


def _visible_text(paragraph: XmlElement) -> str:
    """Return the text of a paragraph with its tabs and breaks, without that of paragraphs in it."""
    pieces = []
    for element in paragraph.iter():
        if element.tag in (w("t"), w("noBreakHyphen"), w("tab"), w("br"), w("cr")):
            home = next(ancestor for ancestor in element.iterancestors() if ancestor.tag == w("p"))
            if home is paragraph:
                pieces.append(
                    (element.text or "") if element.tag == w("t") else "-" if "Hyphen" in element.tag else " "
                )
    return "".join(pieces)


def _without_external(name: str, data: bytes) -> bytes:
    """Return relationships without pictures and templates on other computers; links to the web stay links."""
    if not name.endswith(".rels") or b"External" not in data:
        return data
    root = parse_xml(data, name)
    for element in list(root):
        is_link = str(element.get("Type", "")).endswith("/hyperlink")
        if element.get("TargetMode") == "External" and not is_link:
            root.remove(element)
    result: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return result
