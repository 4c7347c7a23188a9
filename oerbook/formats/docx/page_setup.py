"""Paper, margins, header and footer of the DOCX."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from oerbook.formats.pdf.page_layout import paper_scaling
from oerbook.markup.namespaces import RELATIONSHIPS_NAMESPACE_URI, WORD_NAMESPACE, WORD_NAMESPACE_URI, XML_DECLARATION

NAMESPACES = f'xmlns:w="{WORD_NAMESPACE_URI}" xmlns:r="{RELATIONSHIPS_NAMESPACE_URI}"'
TWIPS_PER_MM = 1440 / 25.4
TURNED_SIZES = {"w": "h", "h": "w"}  # by attribute, which one of a page that is not turned has its value
TURNED_MARGINS = {"top": "right", "right": "top", "bottom": "left", "left": "bottom"}
HEADER_ID, FOOTER_ID = "rIdHeader", "rIdFooter"
FIELD_XML = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Paper and margins in twips (1/1440 inch), and the size of the type in points."""

    width: int
    height: int
    side: int
    top: int
    bottom: int
    type_size_pt: float

    @classmethod
    def of(cls, paper: str, tokens: Mapping[str, str]) -> PageSetup:
        """Return the setup for a paper with the margins of a theme, the same on both sides."""
        values = paper_scaling(paper)
        across, down = float(values["across"]), float(values["down"])
        margins = (_mm(tokens["inside"]) + _mm(tokens["outside"])) / 2 * across
        return cls(
            width=_twips(_mm(values["page-width"])),
            height=_twips(_mm(values["page-height"])),
            side=_twips(margins),
            top=_twips(_mm(tokens["top"]) * down),
            bottom=_twips(_mm(tokens["bottom"]) * down),
            type_size_pt=float(re.sub(r"[a-z]+$", "", tokens["size"])) * float(values["small"]),
        )

    @property
    def line_twips(self) -> int:
        """The width of the text."""
        return self.width - 2 * self.side

    @property
    def turned_line_twips(self) -> int:
        """The width of the text on a turned page."""
        return self.height - self.top - self.bottom


def _mm(length: str) -> float:
    units = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
    match = re.fullmatch(r"\s*([\d.]+)\s*(mm|cm|in|pt)\s*", length)
    return float(match[1]) * units[match[2]] if match else 25.0


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_PER_MM)


def set_up_pages(members: Mapping[str, bytes], page: PageSetup, title: str) -> dict[str, bytes]:
    """Return the parts of the reference document with paper, header and footer."""
    section = (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{HEADER_ID}"/><w:footerReference w:type="default" '
        f'r:id="{FOOTER_ID}"/><w:footnotePr><w:numRestart w:val="eachSect"/></w:footnotePr>'
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"/><w:pgMar w:top="{page.top}" w:right="{page.side}" '
        f'w:bottom="{page.bottom}" w:left="{page.side}" w:header="{page.top // 2}" w:footer="{page.bottom // 2}" '
        'w:gutter="0"/><w:titlePg/></w:sectPr>'
    )
    document = re.sub(rb"<w:sectPr>.*?</w:sectPr>", section.encode(), members["word/document.xml"], flags=re.S)
    if RELATIONSHIPS_NAMESPACE_URI.encode() not in document[:2000]:
        document = document.replace(
            b"<w:document ", f'<w:document xmlns:r="{RELATIONSHIPS_NAMESPACE_URI}" '.encode(), 1
        )
    relations = "".join(
        f'<Relationship Type="{RELATIONSHIPS_NAMESPACE_URI}/{kind}" Id="{identifier}" Target="{kind}1.xml"/>'
        for kind, identifier in (("header", HEADER_ID), ("footer", FOOTER_ID))
    )
    types = "".join(
        f'<Override PartName="/word/{kind}1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'wordprocessingml.{kind}+xml"/>'
        for kind in ("header", "footer")
    )
    return {
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _before_end(members["word/_rels/document.xml.rels"], relations),
        "[Content_Types].xml": _before_end(members["[Content_Types].xml"], types),
        "word/header1.xml": _part("hdr", "Header", f'<w:r><w:t xml:space="preserve">{escape(title)}</w:t></w:r>'),
        "word/footer1.xml": _part("ftr", "Footer", FIELD_XML),
    }


def complete_sections(root: etree._Element) -> None:
    """Give the sections that turned pages begin and end the paper, header and footer of the document's own section.

    The translator of tables marks them with their orientation alone. Only the first page of a document has no header.
    """
    sections = list(root.iter(f"{WORD_NAMESPACE}sectPr"))
    own = sections[-1] if sections else None
    for section in sections[:-1]:
        size = section.find(f"{WORD_NAMESPACE}pgSz")
        is_turned = size is not None and size.get(f"{WORD_NAMESPACE}orient") == "landscape"
        section[:] = [copy.deepcopy(part) for part in own] if own is not None else []
        if is_turned:
            _turn(section)
    for section in sections[1:]:
        for part in section.findall(f"{WORD_NAMESPACE}titlePg"):
            section.remove(part)


def _turn(section: etree._Element) -> None:
    """Turn the paper of a section with its margins."""
    for name, turned in (("pgSz", TURNED_SIZES), ("pgMar", TURNED_MARGINS)):
        part = section.find(f"{WORD_NAMESPACE}{name}")
        if part is not None:
            values = {new: part.get(f"{WORD_NAMESPACE}{old}") or "" for new, old in turned.items()}
            for key, value in values.items():
                part.set(f"{WORD_NAMESPACE}{key}", value)
            if name == "pgSz":
                part.set(f"{WORD_NAMESPACE}orient", "landscape")


def _before_end(xml: bytes, addition: str) -> bytes:
    """Return XML with an addition before the end of its root element."""
    place = xml.rindex(b"</")
    return xml[:place] + addition.encode() + xml[place:]


def _part(tag: str, style: str, content: str) -> bytes:
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'
    return f"{XML_DECLARATION}<w:{tag} {NAMESPACES}>{paragraph}</w:{tag}>".encode()
