"""Number and mark the lines of code in the DOCX.

pandoc drops the attributes of code blocks there, but writes their ids as bookmarks: each block that needs it gets one,
by which its paragraph is found again.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.manuscript.code_lines import CodeLines, code_lines
from oerbook.markup.namespaces import SPACE_ATTRIBUTE, WORD_NAMESPACE
from oerbook.model.untyped import Json

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CODE_STYLE_PREFIX = "oerbook-code-"
LINE_NUMBER_STYLE = "LineNumber"  # Word's own character style for line numbers


def tag_code_blocks(node: Json, lines_by_bookmark: dict[str, CodeLines]) -> Json:
    """Return a copy of pandoc JSON with an id on each code block with numbers or marks.

    `lines_by_bookmark` collects them.
    """
    if isinstance(node, list):
        return [tag_code_blocks(item, lines_by_bookmark) for item in node]
    if not isinstance(node, dict):
        return node
    lines = code_lines(node) if node.get("t") == "CodeBlock" else None
    if lines is None:
        return {key: tag_code_blocks(value, lines_by_bookmark) for key, value in node.items()}
    name = f"{CODE_STYLE_PREFIX}{len(lines_by_bookmark) + 1}"
    lines_by_bookmark[name] = lines
    (_identifier, classes, _pairs), text = node["c"]
    return {"t": "CodeBlock", "c": [[name, classes, []], text]}


def mark_code_lines(document: bytes, lines_by_bookmark: Mapping[str, CodeLines]) -> bytes:
    """Return the document with numbers before the lines of the tagged blocks, marks on lines, and no tags."""
    if not lines_by_bookmark:
        return document
    root = etree.fromstring(document)
    for start in list(root.iter(f"{WORD_NAMESPACE}bookmarkStart")):
        lines = lines_by_bookmark.get(str(start.get(f"{WORD_NAMESPACE}name")))
        if lines is None:
            continue
        paragraph = start.getnext() if start.getnext() is not None else start.getparent()
        while paragraph is not None and paragraph.tag != f"{WORD_NAMESPACE}p":
            paragraph = (
                paragraph.getnext() if paragraph.tag == f"{WORD_NAMESPACE}bookmarkStart" else paragraph.getparent()
            )
        if paragraph is not None:
            _mark(paragraph, lines)
        number = start.get(f"{WORD_NAMESPACE}id")
        for element in [
            start,
            *(end for end in root.iter(f"{WORD_NAMESPACE}bookmarkEnd") if end.get(f"{WORD_NAMESPACE}id") == number),
        ]:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _mark(paragraph: Element, lines: CodeLines) -> None:
    """Number and mark the lines of a paragraph of code, which end at breaks."""
    runs = [run for run in paragraph if run.tag == f"{WORD_NAMESPACE}r"]
    breaks = sum(1 for run in runs if run.find(f"{WORD_NAMESPACE}br") is not None)
    width, place = len(str((lines.first or 0) + breaks)), 1
    begins = True
    for run in runs:
        if begins and lines.first is not None:
            run.addprevious(_number(f"{lines.first + place - 1:>{width}}  "))
        begins = run.find(f"{WORD_NAMESPACE}br") is not None
        if begins:
            place += 1
        elif place in lines.marked:
            _shade(run)


def _number(text: str) -> Element:
    run = etree.Element(f"{WORD_NAMESPACE}r")
    style = etree.SubElement(etree.SubElement(run, f"{WORD_NAMESPACE}rPr"), f"{WORD_NAMESPACE}rStyle")
    style.set(f"{WORD_NAMESPACE}val", LINE_NUMBER_STYLE)
    content = etree.SubElement(run, f"{WORD_NAMESPACE}t")
    content.set(SPACE_ATTRIBUTE, "preserve")
    content.text = text
    return run


def _shade(run: Element) -> None:
    """Mark a run by a background and bold type, since not everybody sees color."""
    properties = run.find(f"{WORD_NAMESPACE}rPr")
    if properties is None:
        properties = etree.Element(f"{WORD_NAMESPACE}rPr")
        run.insert(0, properties)
    # The order of the properties is fixed: https://ecma-international.org/publications-and-standards/standards/ecma-376/
    style = properties.find(f"{WORD_NAMESPACE}rStyle")
    kept = [deepcopy(style)] if style is not None else []
    for child in list(properties):
        properties.remove(child)
    shade = etree.Element(f"{WORD_NAMESPACE}shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "FBE9B7")):
        shade.set(f"{WORD_NAMESPACE}{key}", value)
    properties.extend([*kept, etree.Element(f"{WORD_NAMESPACE}b"), shade])
