"""Number and mark the lines of code in the pages of the EPUB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from oerbook.manuscript.code_lines import FIRST_LINE, MARKED_LINES, CodeLines, parse_code_lines
from oerbook.markup.namespaces import XHTML_NS

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def mark_code_lines(root: Element) -> None:
    """Put numbers before the lines of code blocks that ask for them, and marks around lines, in place.

    pandoc keeps the attributes on the block, and puts each line of highlighted code into a span of its own. Its own
    line numbers are empty links, which screen readers announce.
    """
    for element in list(root.iter(f"{{{XHTML_NS}}}pre", f"{{{XHTML_NS}}}div")):
        lines = parse_code_lines({str(key): str(value) for key, value in element.attrib.items()})
        code = next(element.iter(f"{{{XHTML_NS}}}code"), None)
        if lines is None or code is None:
            continue
        for name in (FIRST_LINE, MARKED_LINES):
            element.attrib.pop(name, "")
        _mark(_line_elements(code), lines)


def _line_elements(code: Element) -> list[Element]:
    """Return one element for each line; code without highlighting is cut into lines here."""
    if len(code):
        return [child for child in code if child.tag == f"{{{XHTML_NS}}}span"]
    texts = (code.text or "").split("\n")
    code.text = None
    lines = []
    for number, text in enumerate(texts):
        line = etree.SubElement(code, f"{{{XHTML_NS}}}span")
        line.text = text
        line.tail = "\n" if number < len(texts) - 1 else None
        lines.append(line)
    return lines


def _mark(elements: list[Element], lines: CodeLines) -> None:
    width = len(str((lines.first or 0) + len(elements) - 1))
    for place, element in enumerate(elements, start=1):
        if lines.first is not None:
            number = etree.Element(f"{{{XHTML_NS}}}span")
            number.set("class", "line-number")
            number.text = f"{lines.first + place - 1:>{width}} "
            _insert_first(element, number)
        if place in lines.marked:
            element.tag = f"{{{XHTML_NS}}}mark"
            element.set("class", "code-line")


def _insert_first(element: Element, child: Element) -> None:
    """Insert a child before the text of an element, behind the empty anchor that pandoc writes."""
    anchor = element[0] if len(element) and element[0].tag == f"{{{XHTML_NS}}}a" and not element.text else None
    if anchor is None:
        child.tail, element.text = element.text, None
        element.insert(0, child)
    else:
        child.tail, anchor.tail = anchor.tail, None
        element.insert(1, child)
