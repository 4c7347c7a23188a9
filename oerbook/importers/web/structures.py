"""Recognize figures, boxes, glossaries, verse and code by what elements hold and how they are called."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from oerbook.importers.web.elements import (
    HEADINGS,
    classes_of,
    epub_types_of,
    iterate_text,
    make,
    remove,
    replace,
    text_of,
    unwrap,
)
from oerbook.model.untyped import XmlElement

CAPTION_CLASS = re.compile(
    r"^(?:fig(?:ure)?-?|wp-|image-?|table-?|thumb-?)?(?:caption|legend)(?:-text)?$|^thumbcaption$|^captioned$", re.I
)
CAPTION_NUMBER = re.compile(
    r"^\s*(?:figure|fig\.?|abbildung|abb\.?|figura|illustration|table|tab\.?|tabelle|tableau|tabla|tabel|afbeelding)"
    r"\s*[A-Z]?\d+(?:[.\-–]\d+)*[a-z]?\s*(?:[.:–—]\s*|\s+|$)",
    re.I,
)
NUMBERED_LINK = re.compile(
    r"(?:figure|fig\.?|abbildung|abb\.?|table|tabelle|tableau|figura|tabla)\s*\d+(?:[.\-–]\d+)*", re.I
)
BOX_BY_CLASS = {
    **{
        name: name
        for name in ("note", "tip", "warning", "caution", "important", "danger", "hint", "attention", "seealso")
    },
    **dict.fromkeys(("textbox", "box", "callout", "admonition", "alert", "shaded", "bcc-box", "boxed"), "admonition"),
    "info": "note",
    "information": "note",
    "sidebar": "sidebar",
    "pullquote": "pull-quote",
    "dropdown": "dropdown",
}
TITLE_CLASS = re.compile(r"title|header$|heading$", re.I)
LANGUAGE_CLASS = re.compile(r"^(?:language|lang|highlight|brush|source|src)[-:_](?P<a>[\w+#-]+)$|^(?P<b>[\w+#-]+)$")
_NO_LANGUAGE = (
    "sourcecode highlight code codehilite programlisting literal-block verbatim pre prettyprint linenums "
    "listing text none default doctest screen wp-block-code notranslate copy crayon-plain-tag "
    "numbersource "
)
NO_LANGUAGE = frozenset(_NO_LANGUAGE.split())
VERSE_CLASSES = frozenset(["poem", "poetry", "poetry-container", "verse", "lg", "stanza"])
CONTAINER_TAGS = ("li", "td", "th", "dd", "dt", "blockquote", "figure", "caption", "figcaption")
BOX_NAMES = frozenset(
    [*BOX_BY_CLASS.values(), "exercise", "solution", "note-text", "theorem", "example", "definition", "proof"]
)


def recognize_structures(body: XmlElement) -> None:
    """Rewrite a cleaned page so that its figures, boxes, glossaries, verse and code are what pandoc takes for them."""
    _make_verse(body)
    _make_figures(body)
    _clean_captions(body)
    _make_boxes(body)
    _make_glossaries(body)
    _clean_code(body)
    _replace_nested_headings(body)


def mark_numbered_links(body: XmlElement, kind_by_id: dict[str, str]) -> None:
    """Let links whose text is the number of a figure or table ("Figure 3") show its new number."""
    for link in body.iter("a"):
        target = (link.get("href") or "").lstrip("#")
        if kind_by_id.get(target) in ("figure", "table") and NUMBERED_LINK.fullmatch(text_of(link)):
            link.set("class", "number")


def _make_figures(body: XmlElement) -> None:
    for caption in [e for e in body.iter("p", "div", "span") if any(CAPTION_CLASS.match(c) for c in classes_of(e))]:
        holder = caption.getparent()
        if holder is None or holder.tag not in ("div", "figure", "section", "dl") or holder is body:
            continue
        if holder.find(".//table") is not None and holder.find(".//figure") is None:
            _move_caption(holder, caption)
        elif holder.find(".//img") is not None and len(text_of(holder)) <= len(text_of(caption)) + 40:
            holder.tag = "figure"
            caption.tag = "figcaption"
            for inner in list(caption.iter("p", "div")):
                unwrap(inner)
    for figure in list(body.iter("figure")):
        inner = figure.find(".//figure")
        if inner is not None and figure.find("figcaption") is None:
            unwrap(figure)
        elif figure.find(".//img") is None and figure.find(".//table") is not None:
            _unwrap_table_figure(figure)


def _move_caption(holder: XmlElement, caption: XmlElement) -> None:
    table = holder.find(".//table")
    if table is None or table.find("caption") is not None:
        return
    remove(caption)
    caption.tag = "caption"
    table.insert(0, caption)


def _unwrap_table_figure(figure: XmlElement) -> None:
    table = figure.find(".//table")
    caption = figure.find("figcaption")
    if caption is not None and table is not None:
        if figure.get("id") and not table.get("id"):
            table.set("id", figure.attrib.pop("id"))
        _move_caption(figure, caption)
    figure.tag = "div"


def _clean_captions(body: XmlElement) -> None:
    """Remove the numbers that captions begin with: the book counts itself."""
    for caption in body.iter("figcaption", "caption"):
        for element in caption.iter():
            text = element.text or ""
            if text.strip():
                stripped = CAPTION_NUMBER.sub("", text)
                if stripped != text:
                    element.text = stripped
                    if not text_of(element) and element is not caption and not len(element):
                        tail = re.sub(r"^\s*[.:–—]?\s*", "", element.tail or "")
                        element.tail = tail
                        remove(element)
                break
            if any((child.tail or "").strip() for child in element) and not text_of(
                element[0] if len(element) else element
            ):
                break


def _make_boxes(body: XmlElement) -> None:
    for element in list(body.iter("div", "aside", "section")):
        classes = [
            re.sub(r"^(?:textbox|callout|alert|admonition)-+", "", name).lower()
            for name in (element.get("class") or "").split()
        ]
        names = [
            BOX_BY_CLASS[name]
            for name in (*classes, *(element.get("class") or "").lower().split())
            if name in BOX_BY_CLASS
        ]
        name = next((name for name in names if name != "admonition"), names[0] if names else "")
        if element.tag == "aside" and not name:
            name = "sidebar"
        if not name or element.find(".//figure") is element or "note-text" in classes_of(element):
            continue
        title = element.get("data-title") or _take_box_title(element)
        element.tag = "div"
        element.set("class", "admonition" if name == "sidebar" and not title else name)
        if title:
            element.set("data-title", title)


def _take_box_title(box: XmlElement) -> str:
    """Remove the title of a box and return it, "" if it has none."""
    if (box.text or "").strip():
        return ""
    first = next(iter(box), None)
    while first is not None and first.tag in ("header", "div") and len(first) == 1 and not (first.text or "").strip():
        first = first[0]
    if first is None or first.find(".//script") is not None or first.find(".//img") is not None:
        return ""
    text = text_of(first)
    is_title = first.tag in HEADINGS or any(TITLE_CLASS.search(name) for name in classes_of(first))
    if not is_title and first.tag == "p" and len(first) == 1 and first[0].tag in ("strong", "b"):
        is_title = not (first.text or "").strip() and not (first[0].tail or "").strip()
    if not is_title or not text or len(text) > 120 or first.find(".//*[@data-note]") is not None:
        return ""
    anchors = [make("span", id=e.get("id") or "") for e in first.iter() if e.get("id")]
    holder = first.getparent()
    if holder is not None:
        for anchor in anchors:
            holder.insert(holder.index(first), anchor)
    remove(first)
    return text


def _make_glossaries(body: XmlElement) -> None:
    for element in list(body.iter("dl")):
        around = (element, *element.iterancestors())
        if any("glossary" in epub_types_of(e) | classes_of(e) for e in around) and not any(
            parent.tag in CONTAINER_TAGS for parent in element.iterancestors()
        ):
            holder = make("div", class_="glossary")
            replace(element, holder)
            holder.append(element)
            for anchor in list(element.iter("dt", "dd")):
                anchor.attrib.pop("class", None)


def _clean_code(body: XmlElement) -> None:
    """Give each block of code one class, its language, and no markup inside."""
    for block in list(body.iter("pre")):
        language = next(_languages(block), "")
        text = "".join(iterate_text(block)).replace("\r", "")
        anchors = [make("span", id=e.get("id") or "") for e in block.iter() if e.get("id")]
        tail = block.tail
        block.clear()
        block.tail = tail
        inner = make("code", text.strip("\n"))
        block.append(inner)
        if language:
            block.set("class", language)
        parent = block.getparent()
        if parent is not None:
            for anchor in anchors[:1]:
                parent.insert(parent.index(block), anchor)


def _languages(block: XmlElement) -> Iterator[str]:
    candidates = [block, *block.iter("code"), *([block.getparent()] if block.getparent() is not None else [])]
    candidates += [e for e in block.iterancestors() if any("highlight-" in name for name in classes_of(e))][:1]
    for element in candidates:
        is_outer = element.tag == "div"
        named = element.get("data-language") or element.get("data-lang") or ""
        for name in [named, *(element.get("class") or "").split()]:
            match = LANGUAGE_CLASS.match(name.lower())
            if match and (match["a"] or not is_outer):
                language = match["a"] or match["b"]
                if language not in NO_LANGUAGE and (match["a"] or element.tag != "pre" or len(language) > 1):
                    yield "" if language in NO_LANGUAGE else language


def _make_verse(body: XmlElement) -> None:
    """Turn poems into lines: each line of verse ends with a br."""
    for element in list(body.iter("div", "blockquote", "p", "ul")):
        classes = {name.lower() for name in classes_of(element)}
        if not classes & VERSE_CLASSES or any(VERSE_CLASSES & classes_of(p) for p in element.iterancestors()):
            continue
        words = " ".join(text_of(element).split())
        stanzas = [copy.deepcopy(e) for e in element.iter("div") if {"stanza", "lg"} & classes_of(e)] or [
            copy.deepcopy(element)
        ]
        verses = [_to_lines(stanza) for stanza in stanzas]
        outside = [
            copy.deepcopy(e) for e in element if e.tag in HEADINGS or (e.tag == "p" and "title" in classes_of(e))
        ]
        holder = make("div")
        holder.extend(outside)
        holder.extend(verse for verse in verses if text_of(verse))
        if " ".join(text_of(holder).split()) == words:
            replace(element, holder)


def _to_lines(stanza: XmlElement) -> XmlElement:
    verse = make("div", class_="line-block")
    pieces = [e for e in stanza if e.tag in ("span", "div", "p", "li") and text_of(e)]
    own_text = (stanza.text or "").strip() + "".join((e.tail or "").strip() for e in stanza)
    if not pieces or own_text:
        verse.text = stanza.text
        verse.extend(list(stanza))
        return verse
    for piece in pieces:
        line = make("span")
        line.text = piece.text
        line.extend([child for child in piece if child.tag != "br" or child.getnext() is not None])
        verse.append(line)
        verse.append(make("br"))
    return verse


def _replace_nested_headings(body: XmlElement) -> None:
    """Turn headings in boxes, lists, tables and quotations into bold paragraphs: MyST allows none there."""
    for heading in list(body.iter(*HEADINGS)):
        inside = [
            e
            for e in heading.iterancestors()
            if e.tag in CONTAINER_TAGS or (e.tag == "div" and classes_of(e) & BOX_NAMES)
        ]
        if inside:
            strong = make("strong")
            strong.text = heading.text
            strong.extend(list(heading))
            heading.text = None
            heading.tag = "p"
            heading.append(strong)
