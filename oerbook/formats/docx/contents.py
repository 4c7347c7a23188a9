"""Fill the table of contents of a DOCX: Word shows what is there until somebody updates it.

The entries link to the headings. Word computes the numbers of the pages when it opens the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
SPACE_ATTRIBUTE = "{http://www.w3.org/XML/1998/namespace}space"
PLACEHOLDER_STYLE = "ContentsPlaceholder"
ENTRY_STYLES = {"PartTitle": "TOC1", "Heading1": "TOC1", "Heading2": "TOC2"}
FIELD = r' TOC \o "1-2" \h \z \u '


class Entry(NamedTuple):
    """An entry: its style, the bookmark of its heading, its words."""

    style: str
    bookmark: str
    words: str


def fill_contents(root: Element, title: str) -> None:
    """Replace the placeholder in the tree of a document by its table of contents."""
    placeholder = next((p for p in root.iter(f"{W}p") if style_of(p) == PLACEHOLDER_STYLE), None)
    if placeholder is None:
        return
    heading = _paragraph("TOCHeading", _run("t", title))
    lines = [heading, *_entries(list(find_headings(root)))]
    content = etree.Element(f"{W}sdtContent")
    content.extend(lines)
    properties = etree.fromstring(
        f'<w:sdtPr xmlns:w="{W[1:-1]}"><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        "<w:docPartUnique/></w:docPartObj></w:sdtPr>"
    )
    block = etree.Element(f"{W}sdt")
    block.extend([properties, content])
    placeholder.addprevious(block)
    parent = placeholder.getparent()
    assert parent is not None
    parent.remove(placeholder)


def find_headings(root: Element) -> Iterator[Entry]:
    """Yield the headings of parts, chapters and sections that have a bookmark."""
    for paragraph in root.iter(f"{W}p"):
        style = ENTRY_STYLES.get(style_of(paragraph))
        bookmark = _bookmark(paragraph) if style else ""
        if style and bookmark:
            yield Entry(style, bookmark, _words(paragraph))


def begin_on_new_page(paragraph: Element | None) -> None:
    """Let a paragraph begin on a new page."""
    properties = paragraph.find(f"{W}pPr") if paragraph is not None else None
    if properties is not None:
        properties.insert(1, etree.Element(f"{W}pageBreakBefore"))  # behind the style: the order is fixed


def style_of(paragraph: Element) -> str:
    """Return the id of a paragraph's style, "" for the default."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return str(style.get(f"{W}val")) if style is not None else ""


def _bookmark(paragraph: Element) -> str:
    """Return the name of a bookmark that begins directly before a paragraph or in it."""
    before = paragraph.getprevious()
    while before is not None and before.tag == f"{W}bookmarkEnd":
        before = before.getprevious()
    inside = paragraph.find(f"{W}bookmarkStart")
    start = before if before is not None and before.tag == f"{W}bookmarkStart" else inside
    return str(start.get(f"{W}name")) if start is not None else ""


def _words(paragraph: Element) -> str:
    pieces: list[str] = []
    for run in paragraph.iter(f"{W}r", f"{MATH}t"):
        if run.tag == f"{MATH}t":
            pieces.append(run.text or "")
        elif run.find(f"{W}footnoteReference") is None:
            pieces += [text.text or "" for text in run.iterfind(f"{W}t")]
    return " ".join("".join(pieces).split())


def _entries(entries: list[Entry]) -> list[Element]:
    """Return the paragraphs of the entries; the field of the contents goes from the first to the last."""
    lines = [_line(entry) for entry in entries] or [_paragraph("TOC1")]
    start = [_character("begin", dirty=True), _run("instrText", FIELD), _character("separate")]
    for run in reversed(start):
        lines[0].insert(1, run)
    return [*lines, _paragraph("TOC2", _character("end"))]


def _line(entry: Entry) -> Element:
    link = etree.Element(f"{W}hyperlink")
    link.set(f"{W}anchor", entry.bookmark)
    tab = etree.Element(f"{W}r")
    etree.SubElement(tab, f"{W}tab")
    page = [_character("begin"), _run("instrText", f" PAGEREF {entry.bookmark} \\h "), _character("separate")]
    link.extend([_run("t", entry.words), tab, *page, _run("t", ""), _character("end")])
    return _paragraph(entry.style, link)


def _paragraph(style: str, *content: Element) -> Element:
    paragraph = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(paragraph, f"{W}pPr"), f"{W}pStyle").set(f"{W}val", style)
    paragraph.extend(content)
    return paragraph


def _run(tag: str, text: str) -> Element:
    run = etree.Element(f"{W}r")
    content = etree.SubElement(run, f"{W}{tag}")
    content.set(SPACE_ATTRIBUTE, "preserve")
    content.text = text
    return run


def _character(kind: str, *, dirty: bool = False) -> Element:
    """Return a run with the begin, middle or end of a field."""
    run = etree.Element(f"{W}r")
    character = etree.SubElement(run, f"{W}fldChar")
    character.set(f"{W}fldCharType", kind)
    if dirty:
        character.set(f"{W}dirty", "true")
    return run
