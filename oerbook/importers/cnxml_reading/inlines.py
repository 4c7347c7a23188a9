"""Convert the elements of CNXML that stand in a line of text."""

from __future__ import annotations

import copy

from lxml import etree

from oerbook.importers.cnxml_reading.engine import Content, InlineRule, ModuleState, convert_blocks, convert_line
from oerbook.importers.web.elements import append_content, make, text_of
from oerbook.model.findings import Severity
from oerbook.model.untyped import XmlElement

INLINE_TAG_BY_EFFECT = {"italics": "em", "bold": "strong", "underline": "u", "smallcaps": "span", "normal": "span"}


def convert_media(element: XmlElement, state: ModuleState) -> Content:
    """Return a picture, or a link to what else it is."""
    image = next((e for e in element if e.tag == "image"), None)
    alt = element.get("alt") or ""
    if image is not None:
        return [make("img", src=image.get("src") or "", alt=alt)]
    for child in element:
        url = child.get("src") or ""
        state.report(
            element, f"a {child.tag} cannot stand in a book; a link to {url or 'nothing'} took its place", Severity.INFO
        )
        return [make("a", alt or url, href=url)] if url.startswith("http") else [alt or url]
    return [alt]


def _convert_emphasis(element: XmlElement, state: ModuleState) -> Content:
    tag = INLINE_TAG_BY_EFFECT.get(element.get("effect") or "bold", "strong")
    result = append_content(make(tag), convert_line(element, state))
    if element.get("effect") == "smallcaps":
        result.set("class", "smallcaps")
    return [result]


def _convert_term(element: XmlElement, state: ModuleState) -> Content:
    entry = text_of(element)
    shown = convert_line(element, state)
    marked = [*shown, make("span", class_="index", data_entry=entry)]
    return marked if element.get("class") == "no-emphasis" else [append_content(make("strong"), marked)]


def _convert_link(element: XmlElement, state: ModuleState) -> Content:
    text = convert_line(element, state)
    document, target = element.get("document") or "", element.get("target-id") or ""
    url = element.get("url") or ""
    if not url:
        url = f"{document or state.identifier}#{target}" if target else document
    link = append_content(make("a", href=url), text)
    if not text_of(link) and not len(link):
        link.set("class", "number")
        link.text = url if "://" in url else None
    return [link]


def _convert_footnote(element: XmlElement, state: ModuleState) -> Content:
    key = f"c{len(state.notes) + 1}"
    holder = make("div", class_="note-text", data_note=key)
    state.notes.append(holder)
    holder.extend(convert_blocks(element, state, 5))
    return [make("span", class_="note-ref", data_note=key)]


def _convert_inline_list(element: XmlElement, state: ModuleState) -> Content:
    content: Content = []
    for number, item in enumerate(element.findall("item")):
        content += [*([", "] if number else []), *convert_line(item, state)]
    return content


def _wrap(tag: str) -> InlineRule:
    return lambda element, state: [append_content(make(tag), convert_line(element, state))]


def _copy_formula(element: XmlElement, _state: ModuleState) -> Content:
    formula = copy.deepcopy(element)
    formula.tail = None
    etree.strip_tags(formula, "semantics")
    return [formula]


INLINE_RULES: dict[str, InlineRule] = {
    "emphasis": _convert_emphasis,
    "term": _convert_term,
    "link": _convert_link,
    "footnote": _convert_footnote,
    "media": convert_media,
    "math": _copy_formula,
    "newline": lambda _element, _state: [make("br")],
    "space": lambda _element, _state: [" "],
    "sub": _wrap("sub"),
    "sup": _wrap("sup"),
    "code": _wrap("code"),
    "preformat": _wrap("code"),
    "cite": _wrap("cite"),
    "cite-title": _wrap("em"),
    "foreign": _wrap("em"),
    "quote": _wrap("q"),
    "list": _convert_inline_list,
    "span": _wrap("span"),
    "label": convert_line,
    "title": convert_line,
}
