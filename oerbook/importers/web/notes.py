"""Join footnotes and endnotes of HTML with the places that refer to them."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oerbook.importers.web.elements import (
    HEADINGS,
    classes_of,
    enclosing_block,
    epub_types_of,
    make,
    remove,
    replace,
    text_of,
    unwrap,
)
from oerbook.importers.web.links import LinkTarget, find_targets, resolve_target
from oerbook.importers.web.pages import WebPage
from oerbook.model.untyped import XmlElement

REFERENCE_TYPES = frozenset(["noteref"])
NOTE_TYPES = frozenset(["footnote", "endnote", "rearnote", "note"])
REFERENCE_CLASSES = re.compile(r"note-?ref|fn-?ref|footnote-?(?:ref|link|anchor)|fnanchor|\btag\b|^footnote$", re.I)
NOTE_MARKER = re.compile(
    r"[\[({]?\s*(?:(?:note|footnote|fn|nota|anm)\.?\s*)?(\d{1,4}|[*†‡§¶#]{1,3}|[a-zA-Z]|[ivxlc]{1,6})\s*[\])}]?[.:]?",
    re.I,
)
BACK_LINK_TEXT = re.compile(r"[\s↩︎↑^⏎←⤴\ufe0e]*|back|return|\(?zurück\)?", re.I)
LEADING_MARKER = re.compile(r"^\s*[\[({]?\s*(?:\d{1,4}|[*†‡§¶]{1,3}|[A-Z])\s*(?:[\])}][.:]?|[.:])\s*")
NOTE_CONTAINER_TAGS = ("aside", "section", "div", "ol", "ul", "dl", "table", "tbody")
NOTE_HEADINGS = re.compile(
    r"(?:foot|end)?notes?(?: to .{1,60})?|fußnoten|anmerkungen|notes? de bas de page|note|notas?(?: al pie)?|voetnoten",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Reference:
    """A place that refers to a note: the link, and the element of the note."""

    link: XmlElement
    note: XmlElement


def join_notes(pages: Sequence[WebPage]) -> int:
    """Put every note where the text refers to it, as `span.note-ref` and `div.note-text`; return how many there are.

    A note is what EPUB calls one, or what a short mark links to that links back to it.
    """
    targets = find_targets(pages)
    references = [ref for page in pages for ref in _find_references(page, targets)]
    note_by_element: dict[XmlElement, str] = {}
    moved: list[tuple[XmlElement, str, XmlElement]] = []
    for reference in references:
        key = note_by_element.get(reference.note)
        if key is None:
            key = f"n{len(note_by_element) + 1}"
            note_by_element[reference.note] = key
            holder = make("div", class_="note-text", data_note=key)
            moved.append((reference.note, key, holder))
        _place_reference(reference.link, key)
    holders_of = {key: holder for _note, key, holder in moved}
    parents = {note.getparent() for note, _key, _holder in moved}
    for note, key, _holder in moved:
        _fill_holder(holders_of[key], note, set(note_by_element))
    for page in pages:
        used = dict.fromkeys(
            element.get("data-note", "") for element in page.body.iter("span") if _is_reference(element)
        )
        for key in used:
            if key in holders_of:
                page.body.append(copy.deepcopy(holders_of[key]))
    for parent in parents:
        _remove_empty(parent)
    return sum(1 for page in pages for element in page.body.iter("span") if _is_reference(element))


def _is_reference(element: XmlElement) -> bool:
    return "note-ref" in classes_of(element)


def _find_references(page: WebPage, targets: Mapping[str, LinkTarget]) -> list[_Reference]:
    found = []
    for link in page.body.iter("a"):
        target = resolve_target(link.get("href") or "", targets)
        if target is None or target.element is target.page.body:
            continue
        declared = bool(REFERENCE_TYPES & epub_types_of(link))
        note = _note_element(target.element)
        if note is None or link in set(note.iter("a")):
            continue
        is_note = declared or bool(NOTE_TYPES & epub_types_of(note))
        if is_note or (_looks_like_mark(link) and not _begins_block(link) and _links_back(note, link, targets)):
            found.append(_Reference(link, note))
    return found


def _note_element(target: XmlElement) -> XmlElement | None:
    """Return the block that holds a note, from the element that the reference links to."""
    for element in (target, *target.iterancestors()):
        if NOTE_TYPES & epub_types_of(element):
            return element
        if element.tag in HEADINGS:
            return None
        if element.tag in ("li", "p", "div", "dd", "aside", "section", "td", "dt", "blockquote"):
            if element.tag == "td":
                return element.getparent()
            return element if len(text_of(element)) or element.find(".//img") is not None else None
    return None


def _begins_block(link: XmlElement) -> bool:
    """Say whether a link is the first text of its paragraph, as the mark of a note is."""
    mark = text_of(link)
    return (
        text_of(enclosing_block(link)).startswith(mark)
        and next((e for e in enclosing_block(link).iter("a") if text_of(e)), None) is link
    )


def _looks_like_mark(link: XmlElement) -> bool:
    text = text_of(link)
    if not NOTE_MARKER.fullmatch(text):
        return False
    is_raised = link.find(".//sup") is not None or any(e.tag == "sup" for e in link.iterancestors())
    marked = any(REFERENCE_CLASSES.search(name) for name in classes_of(link))
    return is_raised or marked or not text.isalpha() or text.startswith(("[", "("))


def _links_back(note: XmlElement, link: XmlElement, targets: Mapping[str, LinkTarget]) -> bool:
    """Say whether a note has a link to its reference, or to the block that holds it."""
    home = enclosing_block(link)
    beside = (element for element in (link.getprevious(), link.getnext()) if element is not None)
    own = {link, home, *link.iterancestors(), *link.iter(), *beside}
    for back in note.iter("a"):
        place = resolve_target(back.get("href") or "", targets)
        if place is not None and (place.element in own or enclosing_block(place.element) is home):
            return True
    return False


def _place_reference(link: XmlElement, key: str) -> None:
    marker = make("span", class_="note-ref", data_note=key)
    holder = link
    parent = link.getparent()
    while parent is not None and parent.tag in ("sup", "span", "small") and text_of(parent) == text_of(link):
        holder, parent = parent, parent.getparent()
    replace(holder, marker)


def _fill_holder(holder: XmlElement, note: XmlElement, notes: set[XmlElement]) -> None:
    """Move a note's content and the paragraphs that continue it into `holder`, without mark and back link."""
    following = []
    sibling = note.getnext()
    while (
        note.tag == "p" and sibling is not None and sibling.tag == "p" and sibling not in notes and _in_notes(sibling)
    ):
        if sibling.find(".//*[@id]") is not None or sibling.get("id"):
            break
        following.append(sibling)
        sibling = sibling.getnext()
    copied = copy.deepcopy(note)
    copied.tail = None
    _remove_marks(copied)
    if copied.tag in ("p", "td", "tr"):
        copied.tag = "p"
        for cell in list(copied.iter("td", "th")):
            unwrap(cell)
        holder.append(copied)
    else:
        holder.text = copied.text
        holder.extend(list(copied))
    holder.extend(following)
    remove(note)


def _in_notes(element: XmlElement) -> bool:
    return any(
        re.search(r"note", " ".join(classes_of(e)), re.I) or {"footnotes", "endnotes", "rearnotes"} & epub_types_of(e)
        for e in element.iterancestors()
    )


def _remove_marks(note: XmlElement) -> None:
    """Remove the links back to the text, and the number before a note."""
    for link in list(note.iter("a")):
        href = link.get("href") or ""
        parent = link.getparent()
        before = "".join(note.itertext()).lstrip().startswith("".join(link.itertext()).strip())
        if "#" in href and parent is not None:
            text = text_of(link)
            is_back = BACK_LINK_TEXT.fullmatch(text) or "backlink" in epub_types_of(link)
            if is_back or (before and NOTE_MARKER.fullmatch(text)):
                holder = link
                while (
                    holder.getparent().tag in ("sup", "span", "small", "b", "strong")
                    and text_of(holder.getparent()) == text
                ):
                    holder = holder.getparent()
                if holder is not note and holder.getparent() is not None:
                    tail = holder.tail or ""
                    holder.tail = re.sub(r"^\s*[.:)\]]\s*", "", tail) if NOTE_MARKER.fullmatch(text) else tail
                    remove(holder)
    first = _first_text_holder(note)
    if first is not None:
        first.text = LEADING_MARKER.sub("", first.text or "")
    for block in list(note.iter("p")):
        if not text_of(block) and not len(block):
            remove(block)


def _first_text_holder(note: XmlElement) -> XmlElement | None:
    for element in note.iter():
        if (element.text or "").strip():
            return element
        if any((child.tail or "").strip() for child in element) and not len(element[0]):
            return None
    return None


def _remove_empty(holder: XmlElement | None) -> None:
    """Remove a list or section of notes that is empty now, with its heading."""
    while holder is not None and holder.tag in NOTE_CONTAINER_TAGS and holder.getparent() is not None:
        rest = [
            child
            for child in holder
            if child.tag not in (*HEADINGS, "hr") and (text_of(child) or child.find(".//img") is not None)
        ]
        texts = [text_of(child) for child in holder if child.tag in HEADINGS or (child.tag == "p" and text_of(child))]
        loose = (holder.text or "").strip() + "".join((child.tail or "").strip() for child in holder)
        if loose or [child for child in rest if not NOTE_HEADINGS.fullmatch(text_of(child))]:
            return
        if any(not NOTE_HEADINGS.fullmatch(text) for text in texts):
            return
        parent, previous = holder.getparent(), holder.getprevious()
        remove(holder)
        if previous is not None and previous.tag in HEADINGS and NOTE_HEADINGS.fullmatch(text_of(previous)):
            previous, heading = previous.getprevious(), previous
            remove(heading)
        if previous is not None and previous.tag == "hr":
            remove(previous)
        holder = parent
