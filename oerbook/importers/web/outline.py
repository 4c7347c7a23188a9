"""Find the title of a page and bring its headings into levels without gaps; split a page into chapters."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from itertools import pairwise

from oerbook.importers.web.elements import HEADINGS, make, remove, text_of
from oerbook.model.untyped import XmlElement

LEADING_NUMBER = re.compile(
    r"^(?:(?:chapter|kapitel|chapitre|cap[ií]tulo|hoofdstuk|unit|lesson|part|teil|partie)\s+)?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,7})[.:)]?\s*[–—:.-]?\s+(?=\S)",
    re.I,
)
NUMBER_ALONE = re.compile(
    r"(?:(?:chapter|kapitel|chapitre|cap[ií]tulo|hoofdstuk)\s+)?(?:\d{1,3}|[IVXLC]{1,7})\.?", re.I
)
MAX_TITLE_CHARS = 200
PAGE_START = "page-start"  # the class of an anchor that means the page as a whole


def take_title(body: XmlElement, wanted: str = "") -> str:
    """Remove the title of a page from its body and return it; "" if the page has none.

    `wanted` is the title that the table of contents gives. The title is the first heading, if no text stands before it.
    A heading of only a number is joined with the one after it.
    """
    first = next(body.iter(*HEADINGS), None)
    if first is None or _text_before(body, first):
        return wanted
    title = text_of(first)
    following = _following_heading(first)
    if following is not None and (
        NUMBER_ALONE.fullmatch(title) or _squeeze(wanted) == _squeeze(title + text_of(following))
    ):
        title = text_of(following) if NUMBER_ALONE.fullmatch(title) else f"{title} {text_of(following)}"
        _remove_heading(first)
        first = following
    elif wanted and _squeeze(wanted) not in _squeeze(title) and _squeeze(title) not in _squeeze(wanted):
        return wanted
    if len(title) > MAX_TITLE_CHARS:
        return wanted or title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0] + " …"
    _remove_heading(first)
    return title


def strip_number(title: str) -> str:
    """Return a title without the number that the book counts itself.

    >>> strip_number("Chapter 3: Soil"), strip_number("3.1 Worms"), strip_number("1984 and after"), strip_number("I am")
    ('Soil', 'Worms', '1984 and after', 'I am')
    """
    match = LEADING_NUMBER.match(title)
    if match is None or re.fullmatch(r"[ivxlc]+\s+", match[0], re.I):
        return title
    return title[match.end() :] or title


def level_headings(body: XmlElement) -> None:
    """Number the levels of headings from 2 on, without gaps."""
    levels = sorted({int(heading.tag[1]) for heading in body.iter(*HEADINGS)})
    new = {old: min(index + 2, 6) for index, old in enumerate(levels)}
    for heading in list(body.iter(*HEADINGS)):
        heading.tag = f"h{new[int(heading.tag[1])]}"


def split_at(body: XmlElement, headings: Sequence[XmlElement]) -> list[XmlElement]:
    """Return copies of a body: one of what stands before the first of `headings`, and one from each heading on.

    Elements around a heading, such as sections, are in both copies with what belongs to each.
    """
    order = {element: index for index, element in enumerate(body.iter())}
    bounds = [0, *(order[heading] for heading in headings), len(order)]
    return [_copy_range(body, order, start, end) for start, end in pairwise(bounds)]


def _copy_range(element: XmlElement, order: dict[XmlElement, int], start: int, end: int) -> XmlElement:
    """Return a copy of an element with only the descendants whose numbers are from `start` to before `end`."""
    copied = make(str(element.tag))
    copied.attrib.update(element.attrib)
    if order[element] >= start or order[element] == 0 == start:
        copied.text = element.text
    children = list(element)
    for child, following in zip(children, [*children, None][1:], strict=True):
        first = order[child]
        last = order[following] if following is not None else _last_number(element, order) + 1
        if last <= start or first >= end:
            continue
        inner = _copy_range(child, order, start, end)
        inner.tail = child.tail if last <= end else None
        copied.append(inner)
    return copied


def _last_number(element: XmlElement, order: dict[XmlElement, int]) -> int:
    current = element
    while len(current):
        current = current[-1]
    return order[current]


def _text_before(body: XmlElement, heading: XmlElement) -> bool:
    for element in body.iter():
        if element is heading:
            return False
        if (element.text or "").strip() and element.tag not in ("script", "style"):
            return True
        if element.tag == "img" and "cover" not in (element.get("class") or ""):
            return True
        previous = element.getprevious()
        if previous is not None and (previous.tail or "").strip():
            return True
    return False


def _following_heading(heading: XmlElement) -> XmlElement | None:
    current = heading
    while current is not None:
        following = current.getnext()
        if following is not None:
            if (current.tail or "").strip():
                return None
            while (
                following.tag in ("div", "header", "section") and len(following) and not (following.text or "").strip()
            ):
                following = following[0]
            return following if following.tag in HEADINGS else None
        current = (
            current.getparent()
            if current.getparent() is not None and current.getparent().tag in ("header", "div")
            else None
        )
    return None


def _remove_heading(heading: XmlElement) -> None:
    """Remove a heading; anchors, notes and formulas in it stay at its place."""
    kept = [e for e in heading.iter("span", "a") if e.get("data-note") or "note" in (e.get("epub-type") or "")]
    around = [*heading.iterancestors(), *heading.iter()]
    ids = [element.attrib.pop("id") for element in around if element.get("id")]
    holder = make("span")
    holder.extend([make("span", id=name, class_=PAGE_START) for name in ids])
    holder.extend([copy.deepcopy(element) for element in kept])
    parent = heading.getparent()
    if len(holder) and parent is not None:
        parent.insert(parent.index(heading), holder)
    remove(heading)


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
