"""Page numbers for the EPUB: a mark every few hundred words, for citations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.markup.namespaces import EPUB_NS, XHTML_NS

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

WORDS_PER_PAGE = 300  # words per page
# A mark is placed at the start of an element or before it, anywhere in nested containers.
ELEMENTS_MARKED_INSIDE = {f"{{{XHTML_NS}}}p"}
ELEMENTS_MARKED_BEFORE = {
    f"{{{XHTML_NS}}}{name}" for name in ("figure", "table", "pre", "blockquote", "ul", "ol", "dl")
}
CONTAINER_ELEMENTS = {f"{{{XHTML_NS}}}{name}" for name in ("body", "section", "div", "aside")}


def mark_page_starts(root: Element, first: int) -> list[int]:
    """Number the pages of one file from `first`, and return the numbers.

    A page begins with the file and then about every `WORDS_PER_PAGE` words. Marks are between blocks or at their start,
    never inside one, so a long table is one page. Each has the id `page-NUMBER`.
    """
    numbers: list[int] = []
    words_on_page = 0
    for block in list(_blocks(root.find(f"{{{XHTML_NS}}}body"))):
        words = len("".join(map(str, block.itertext())).split())
        if not numbers or words_on_page + words / 2 > WORDS_PER_PAGE:
            numbers.append(first + len(numbers))
            _insert_mark(block, numbers[-1])
            words_on_page = 0
        words_on_page += words
    return numbers


def _blocks(element: Element | None) -> Iterator[Element]:
    for child in element if element is not None else ():
        if child.tag in CONTAINER_ELEMENTS and child.get("role") != "doc-endnotes":
            yield from _blocks(child)
        elif child.tag in ELEMENTS_MARKED_INSIDE or child.tag in ELEMENTS_MARKED_BEFORE:
            yield child


def _insert_mark(block: Element, number: int) -> None:
    page_break = etree.Element(f"{{{XHTML_NS}}}span", id=f"page-{number}", role="doc-pagebreak")
    page_break.set(f"{{{EPUB_NS}}}type", "pagebreak")
    page_break.set("aria-label", str(number))
    if block.tag in ELEMENTS_MARKED_INSIDE:
        page_break.tail, block.text = block.text, None
        block.insert(0, page_break)
    else:
        block.addprevious(page_break)


def add_page_list(navigation: Element, pages: Iterable[tuple[str, int]], title: str) -> None:
    """Add the page list to the navigation; `pages` are file names and numbers."""
    last_nav = list(navigation.iter(f"{{{XHTML_NS}}}nav"))[-1]
    nav = etree.Element(f"{{{XHTML_NS}}}nav", id="page-list", role="doc-pagelist", hidden="hidden")
    nav.set(f"{{{EPUB_NS}}}type", "page-list")
    etree.SubElement(nav, f"{{{XHTML_NS}}}h2").text = title
    listing = etree.SubElement(nav, f"{{{XHTML_NS}}}ol")
    for file, number in pages:
        link = etree.SubElement(etree.SubElement(listing, f"{{{XHTML_NS}}}li"), f"{{{XHTML_NS}}}a")
        link.set("href", f"{file}#page-{number}")
        link.text = str(number)
    last_nav.addnext(nav)
