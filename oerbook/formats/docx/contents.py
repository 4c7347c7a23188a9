"""Fill the table of contents of a DOCX: Word shows what is there until somebody updates it.

The entries link to the headings. Word computes the numbers of the pages when it opens the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from oerbook.markup.namespaces import MATH_NAMESPACE, SPACE_ATTRIBUTE, WORD_NAMESPACE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PLACEHOLDER_STYLE = "ContentsPlaceholder"
ENTRY_STYLES = {"PartTitle": "TOC1", "Heading1": "TOC1", "Heading2": "TOC2"}
TOC_FIELD_CODE = r' TOC \o "1-2" \h \z \u '


class ContentsEntry(NamedTuple):
    """An entry: its style, the bookmark of its heading, its words."""

    style: str
    bookmark: str
    words: str


def fill_contents(root: Element, title: str) -> None:
    """Replace the placeholder in the tree of a document by its table of contents."""
    placeholder = next((p for p in root.iter(f"{WORD_NAMESPACE}p") if paragraph_style_id(p) == PLACEHOLDER_STYLE), None)
    if placeholder is None:
        return
    heading = _paragraph("TOCHeading", _run("t", title))
    lines = [heading, *_entries(list(find_headings(root)))]
    content = etree.Element(f"{WORD_NAMESPACE}sdtContent")
    content.extend(lines)
    properties = etree.fromstring(
        f'<w:sdtPr xmlns:w="{WORD_NAMESPACE[1:-1]}"><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        "<w:docPartUnique/></w:docPartObj></w:sdtPr>"
    )
    block = etree.Element(f"{WORD_NAMESPACE}sdt")
    block.extend([properties, content])
    placeholder.addprevious(block)
    parent = placeholder.getparent()
    assert parent is not None
    parent.remove(placeholder)


def find_headings(root: Element) -> Iterator[ContentsEntry]:
    """Yield the headings of parts, chapters and sections that have a bookmark."""
    for paragraph in root.iter(f"{WORD_NAMESPACE}p"):
        style = ENTRY_STYLES.get(paragraph_style_id(paragraph))
        bookmark = _bookmark(paragraph) if style else ""
        if style and bookmark:
            yield ContentsEntry(style, bookmark, _words(paragraph))


def begin_on_new_page(paragraph: Element | None) -> None:
    """Let a paragraph begin on a new page."""
    properties = paragraph.find(f"{WORD_NAMESPACE}pPr") if paragraph is not None else None
    if properties is not None:
        properties.insert(1, etree.Element(f"{WORD_NAMESPACE}pageBreakBefore"))  # behind the style: the order is fixed


def paragraph_style_id(paragraph: Element) -> str:
    """Return the id of a paragraph's style, "" for the default."""
    style = paragraph.find(f"{WORD_NAMESPACE}pPr/{WORD_NAMESPACE}pStyle")
    return str(style.get(f"{WORD_NAMESPACE}val")) if style is not None else ""


def _bookmark(paragraph: Element) -> str:
    """Return the name of a bookmark that begins directly before a paragraph or in it."""
    before = paragraph.getprevious()
    while before is not None and before.tag == f"{WORD_NAMESPACE}bookmarkEnd":
        before = before.getprevious()
    inside = paragraph.find(f"{WORD_NAMESPACE}bookmarkStart")
    start = before if before is not None and before.tag == f"{WORD_NAMESPACE}bookmarkStart" else inside
    return str(start.get(f"{WORD_NAMESPACE}name")) if start is not None else ""


def _words(paragraph: Element) -> str:
    pieces: list[str] = []
    for run in paragraph.iter(f"{WORD_NAMESPACE}r", f"{MATH_NAMESPACE}t"):
        if run.tag == f"{MATH_NAMESPACE}t":
            pieces.append(run.text or "")
        elif run.find(f"{WORD_NAMESPACE}footnoteReference") is None:
            pieces += [text.text or "" for text in run.iterfind(f"{WORD_NAMESPACE}t")]
    return " ".join("".join(pieces).split())


def _entries(entries: list[ContentsEntry]) -> list[Element]:
    """Return the paragraphs of the entries; the field of the contents goes from the first to the last."""
    lines = [_line(entry) for entry in entries] or [_paragraph("TOC1")]
    start = [_character("begin", dirty=True), _run("instrText", TOC_FIELD_CODE), _character("separate")]
    for run in reversed(start):
        lines[0].insert(1, run)
    return [*lines, _paragraph("TOC2", _character("end"))]


def _line(entry: ContentsEntry) -> Element:
    link = etree.Element(f"{WORD_NAMESPACE}hyperlink")
    link.set(f"{WORD_NAMESPACE}anchor", entry.bookmark)
    tab = etree.Element(f"{WORD_NAMESPACE}r")
    etree.SubElement(tab, f"{WORD_NAMESPACE}tab")
    page = [_character("begin"), _run("instrText", f" PAGEREF {entry.bookmark} \\h "), _character("separate")]
    link.extend([_run("t", entry.words), tab, *page, _run("t", ""), _character("end")])
    return _paragraph(entry.style, link)


def _paragraph(style: str, *content: Element) -> Element:
    paragraph = etree.Element(f"{WORD_NAMESPACE}p")
    etree.SubElement(etree.SubElement(paragraph, f"{WORD_NAMESPACE}pPr"), f"{WORD_NAMESPACE}pStyle").set(
        f"{WORD_NAMESPACE}val", style
    )
    paragraph.extend(content)
    return paragraph


def _run(tag: str, text: str) -> Element:
    run = etree.Element(f"{WORD_NAMESPACE}r")
    content = etree.SubElement(run, f"{WORD_NAMESPACE}{tag}")
    content.set(SPACE_ATTRIBUTE, "preserve")
    content.text = text
    return run


def _character(kind: str, *, dirty: bool = False) -> Element:
    """Return a run with the begin, middle or end of a field."""
    run = etree.Element(f"{WORD_NAMESPACE}r")
    character = etree.SubElement(run, f"{WORD_NAMESPACE}fldChar")
    character.set(f"{WORD_NAMESPACE}fldCharType", kind)
    if dirty:
        character.set(f"{WORD_NAMESPACE}dirty", "true")
    return run
