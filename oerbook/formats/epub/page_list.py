"""Page numbers for the EPUB: marks every few hundred words, so that a class or a citation can name a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
WORDS = 300
# A mark may stand at the beginning of these, or before them; what else there is belongs to a block around it.
INSIDE = {f"{{{XHTML}}}p"}
BEFORE = {f"{{{XHTML}}}{name}" for name in ("figure", "table", "pre", "blockquote", "ul", "ol", "dl")}
THROUGH = {f"{{{XHTML}}}{name}" for name in ("body", "section", "div", "aside")}


def mark(root: Any, first: int) -> list[int]:
    """Number the pages of one file from `first`: a page begins with the file and then every `WORDS` words or so.

    A mark stands between or at the beginning of blocks, never inside of one, so a long table is one page. Returns the
    numbers that were given; each has a mark with the id `page-NUMBER`.
    """
    given: list[int] = []
    said = 0
    for block in list(_blocks(root.find(f"{{{XHTML}}}body"))):
        words = len("".join(block.itertext()).split())
        if not given or said + words / 2 > WORDS:
            given.append(first + len(given))
            _put(block, given[-1])
            said = 0
        said += words
    return given


def _blocks(element: Any) -> Iterable[Any]:
    for child in element if element is not None else ():
        if child.tag in THROUGH and child.get("role") != "doc-endnotes":
            yield from _blocks(child)
        elif child.tag in INSIDE or child.tag in BEFORE:
            yield child


def _put(block: Any, number: int) -> None:
    sign = etree.Element(f"{{{XHTML}}}span", id=f"page-{number}", role="doc-pagebreak")
    sign.set(f"{{{EPUB}}}type", "pagebreak")
    sign.set("aria-label", str(number))
    if block.tag in INSIDE:
        sign.tail, block.text = block.text, None
        block.insert(0, sign)
    else:
        block.addprevious(sign)


def listed(navigation: Any, pages: Iterable[tuple[str, int]], title: str) -> None:
    """Add the list of pages, (address of the file, number) each, to the contents."""
    marks = list(navigation.iter(f"{{{XHTML}}}nav"))[-1]
    nav = etree.Element(f"{{{XHTML}}}nav", id="page-list", role="doc-pagelist", hidden="hidden")
    nav.set(f"{{{EPUB}}}type", "page-list")
    etree.SubElement(nav, f"{{{XHTML}}}h2").text = title
    listing = etree.SubElement(nav, f"{{{XHTML}}}ol")
    for address, number in pages:
        link = etree.SubElement(etree.SubElement(listing, f"{{{XHTML}}}li"), f"{{{XHTML}}}a")
        link.set("href", f"{address}#page-{number}")
        link.text = str(number)
    marks.addnext(nav)
