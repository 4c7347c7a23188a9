"""Small operations on lxml elements that all readers of web formats share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from oerbook.model.untyped import XmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (
    "p div section article aside figure table ul ol dl li dd dt blockquote pre hr header footer main "
    "address figcaption caption center details body tr td th thead tbody "
)
BLOCKS = frozenset([*_BLOCKS.split(), *HEADINGS])


def text_of(element: XmlElement) -> str:
    """Return the text of an element, with white space collapsed.

    >>> text_of(etree.fromstring("<h1>Soil <em>and</em>\\n water</h1>"))
    'Soil and water'
    """
    return " ".join("".join(iterate_text(element)).split())


def iterate_text(element: XmlElement) -> Iterator[str]:
    """Yield the pieces of text of an element, with a line end for every br and between blocks."""
    if element.tag == "br":
        yield "\n"
    if element.text and isinstance(element.tag, str):
        yield element.text
    for child in element:
        is_block = child.tag in BLOCKS
        yield "\n" if is_block else ""
        yield from iterate_text(child)
        yield "\n" if is_block else ""
        yield child.tail or ""


def classes_of(element: XmlElement) -> set[str]:
    """Return the classes of an element."""
    return set((element.get("class") or "").split())


def epub_types_of(element: XmlElement) -> set[str]:
    """Return what an element is by `epub:type` and by `role` (`doc-noteref` counts as `noteref`)."""
    roles = (element.get("role") or "").replace("doc-", "").split()
    return {*(element.get("epub-type") or "").split(), *roles}


def remove(element: XmlElement, *, keep_tail: bool = True) -> None:
    """Remove an element with its content; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if keep_tail and element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)


def unwrap(element: XmlElement) -> None:
    """Replace an element by its content."""
    parent = element.getparent()
    if parent is None:
        return
    index = parent.index(element)
    previous = element.getprevious()
    children = list(element)
    if element.text:
        if previous is not None:
            previous.tail = (previous.tail or "") + element.text
        else:
            parent.text = (parent.text or "") + element.text
    if element.tail:
        if children:
            children[-1].tail = (children[-1].tail or "") + element.tail
        elif previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)


def replace(element: XmlElement, new: XmlElement) -> None:
    """Put another element in the place of an element; the text after it stays."""
    parent = element.getparent()
    if parent is not None:
        new.tail = element.tail
        element.tail = None
        parent.replace(element, new)


def make(tag: str, text: str = "", **attributes: str) -> XmlElement:
    """Return a new element; in names of attributes, an underscore at the end is left out, others become hyphens.

    >>> from lxml import etree
    >>> etree.tostring(make("span", "soil", class_="term", data_for="x"))
    b'<span class="term" data-for="x">soil</span>'
    """
    element = etree.Element(tag, {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()})
    element.text = text or None
    return element


def make_formula(tex: str, *, display: bool = False) -> XmlElement:
    """Return a formula in TeX as the element that pandoc reads as one."""
    kind = "math/tex; mode=display" if display else "math/tex"
    return make("script", re.sub(r"</", "< /", tex.strip()), type=kind)


def enclosing_block(element: XmlElement) -> XmlElement:
    """Return the nearest block that an element is or stands in."""
    current = element
    while current.tag not in BLOCKS and current.getparent() is not None:
        current = current.getparent()
    return current


def append_content(element: XmlElement, content: list[str | XmlElement]) -> XmlElement:
    """Append text and elements to an element and return it."""
    for piece in content:
        if not isinstance(piece, str):
            element.append(piece)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + piece
        else:
            element.text = (element.text or "") + piece
    return element
