"""Bring a page of HTML into the few elements that pandoc reads without loss; say what cannot be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.importers.web.css import read_class_styles, style_tags
from oerbook.importers.web.elements import (
    HEADINGS,
    classes_of,
    epub_types_of,
    iterate_text,
    make,
    make_formula,
    remove,
    replace,
    text_of,
    unwrap,
)
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

DROPPED_TAGS = ("script", "style", "link", "meta", "base", "template", "head", "title", "param", "source", "track")
UNWRAPPED_TAGS = ("font", "big", "noscript", "form", "fieldset", "hgroup", "main", "nobr", "wbr", "picture", "acronym")
CONTROL_TAGS = ("input", "button", "select", "textarea", "datalist", "progress", "meter", "canvas", "dialog")
EMBEDDED_TAGS = ("iframe", "embed", "object", "video", "audio", "applet", "frame")
RENAMED_TAGS = {"tt": "code", "samp": "code", "center": "div", "strike": "s", "dir": "ul", "menu": "ul", "legend": "p"}
PAGE_NUMBER_CLASSES = frozenset(["pagenum", "pageno", "pagebreak", "page-number", "x-ebookmaker-pageno", "folio"])
TEX_ANNOTATIONS = ("application/x-tex", "application/x-latex", "TeX", "LaTeX", "text/tex")
WORDPRESS_LATEX = frozenset(
    ["latex", "latex-image", "mathjax-latex", "ql-img-inline-formula", "ql-img-displayed-equation"]
)


def clean_page(root: XmlElement, body: XmlElement, name: str, sheets: str = "") -> list[Finding]:
    """Rewrite `body` for pandoc; `root` is the page with its own styles, `sheets` those of its files, `name` its file.

    Formulas become TeX or MathML, frames and players links, ruby readings follow in parentheses, printed page numbers
    disappear.
    """
    styles = read_class_styles(root, sheets)
    findings: list[Finding] = []
    for step in (_clean_formulas, _clean_inline_latex, _remove_page_numbers, _replace_ruby, _replace_details):
        step(body)
    findings += _replace_embedded(body, name)
    findings += _remove_controls(body, name)
    for element in list(body.iter(*DROPPED_TAGS)):
        if not _is_formula(element):
            remove(element)
    for element in list(body.iter(*UNWRAPPED_TAGS)):
        if element is not body:
            unwrap(element)
    for old, new in RENAMED_TAGS.items():
        for element in body.iter(old):
            element.tag = new
    _apply_styles(body, styles)
    _clean_headings(body)
    return findings


def _is_formula(element: XmlElement) -> bool:
    return element.tag == "script" and (element.get("type") or "").startswith("math/tex")


def _clean_formulas(body: XmlElement) -> None:
    """Keep one form of each formula: its TeX if the page has it, else MathML."""
    for element in list(body.iter("span", "div")):
        classes = classes_of(element)
        if classes & {"katex-html", "MathJax_Preview", "MJX_Assistive_MathML", "MathJax_CHTML", "MathJax_SVG"} or (
            "MathJax" in classes and element.getparent() is not None
        ):
            remove(element)
    for element in list(body.iter("math")):
        tex = next((a for a in element.iter("annotation") if a.get("encoding") in TEX_ANNOTATIONS), None)
        display = element.get("display") == "block" or element.get("mode") == "display"
        if tex is not None and (tex.text or "").strip():
            replace(element, make_formula(_without_displaystyle(tex.text or ""), display=display))
        else:
            for annotation in list(element.iter("annotation", "annotation-xml")):
                remove(annotation)
            if element.get("mode") == "display":
                element.set("display", "block")
    for element in list(body.iter("img")):
        is_fallback = any(name.startswith("mwe-math-fallback") for name in classes_of(element))
        if is_fallback:
            remove(element)
        elif classes_of(element) & WORDPRESS_LATEX and element.get("alt"):
            display = "displayed" in (element.get("class") or "")
            replace(element, make_formula(element.get("alt", ""), display=display))


def _without_displaystyle(tex: str) -> str:
    r"""Return TeX without the braces that MediaWiki adds.

    >>> _without_displaystyle(r"{\displaystyle a+b}")
    'a+b'
    """
    match = re.fullmatch(r"\s*\{\\(?:display|text)style (.*)\}\s*", tex, re.S)
    return match[1] if match else tex


def _clean_inline_latex(body: XmlElement) -> None:
    r"""Turn `\(…\)`, `\[…\]` and `$$…$$` in text into formulas, if the page has any in that notation."""
    for element in list(body.iter()):
        if element.tag in ("script", "style", "pre", "code", "math") or not isinstance(element.tag, str):
            continue
        _split_formulas(element, in_tail=False)
    for element in list(body.iter()):
        parent = element.getparent()
        if parent is not None and parent.tag not in ("pre", "code", "math") and element is not body:
            _split_formulas(element, in_tail=True)


TEX_IN_TEXT = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$", re.S)


def _split_formulas(element: XmlElement, *, in_tail: bool) -> None:
    text = (element.tail if in_tail else element.text) or ""
    matches = list(TEX_IN_TEXT.finditer(text))
    if not matches:
        return
    pieces = [make_formula(m[1] or m[2] or m[3], display=m[1] is None) for m in matches]
    ends = [m.start() for m in matches[1:]] + [len(text)]
    for piece, match, end in zip(pieces, matches, ends, strict=True):
        piece.tail = text[match.end() : end]
    if in_tail:
        element.tail = text[: matches[0].start()]
        parent = element.getparent()
        index = parent.index(element) + 1 if parent is not None else 0
    else:
        element.text = text[: matches[0].start()]
        parent, index = element, 0
    for offset, piece in enumerate(pieces):
        if parent is not None:
            parent.insert(index + offset, piece)


def _remove_page_numbers(body: XmlElement) -> None:
    for element in list(body.iter("span", "a", "div", "p", "hr")):
        if "pagebreak" in epub_types_of(element) or classes_of(element) & PAGE_NUMBER_CLASSES:
            target = element.get("id") or next((e.get("id") for e in element.iter() if e.get("id")), "")
            replace(element, make("span", id=target)) if target else remove(element)


def _replace_ruby(body: XmlElement) -> None:
    """Write the reading of ruby text in parentheses after it: 漢字(かんじ)."""
    for ruby in list(body.iter("ruby")):
        has_parentheses = ruby.find(".//rp") is not None
        for reading in ruby.iter("rt"):
            if not has_parentheses:
                reading.text = "(" + (reading.text or "")
                if len(reading):
                    reading[-1].tail = (reading[-1].tail or "") + ")"
                else:
                    reading.text += ")"
        for element in list(ruby.iter("rb", "rp", "rt", "rtc")):
            unwrap(element)
        unwrap(ruby)


def _replace_details(body: XmlElement) -> None:
    for element in list(body.iter("details")):
        summary = element.find("summary")
        title = text_of(summary) if summary is not None else ""
        if summary is not None:
            remove(summary)
        element.tag = "div"
        element.attrib.update({"class": "dropdown", "data-title": title})


def _replace_embedded(body: XmlElement, name: str) -> Iterator[Finding]:
    """Replace frames and players by links to what they show; what stands inside them stays."""
    for element in list(body.iter(*EMBEDDED_TAGS)):
        source = element.find(".//source")
        url = element.get("src") or element.get("data") or (source.get("src", "") if source is not None else "")
        title = element.get("title") or element.get("aria-label") or url
        kind = {"video": "Video", "audio": "Audio"}.get(str(element.tag), "Embedded")
        link = make("a", f"{kind}: {title}" if title != url else url, href=url or "#")
        fallback = [child for child in element if child.tag not in ("source", "track", "param", "embed")]
        message = f"a {element.tag} cannot stand in a book; a link to {url or 'nothing'} took its place"
        yield Finding("import-markup", message, Place(name, element.sourceline or 0), Severity.WARNING)
        holder = make("span")
        if url:
            holder.append(link)
        text = " ".join("".join(iterate_text(element)).split())
        if fallback and not url:
            holder.extend(fallback)
        elif text and text != title and not url:
            holder.text = text
        replace(element, holder)


def _remove_controls(body: XmlElement, name: str) -> Iterator[Finding]:
    for element in list(body.iter(*CONTROL_TAGS)):
        if element.get("type") != "hidden":
            message = f"the control <{element.tag}> works on web pages only; its text was kept"
            yield Finding("import-markup", message, Place(name, element.sourceline or 0), Severity.INFO)
        if element.tag in ("input", "canvas", "select", "datalist"):
            remove(element)
        else:
            unwrap(element)


def _apply_styles(body: XmlElement, styles: dict[str, dict[str, str]]) -> None:
    """Make italics, bold, raised and struck text of style sheets into elements."""
    for element in list(body.iter("span", "i", "b")):
        if element.tag != "span":
            continue
        tags = style_tags(element, styles)
        for tag in tags:
            inner = make(tag)
            inner.text, element.text = element.text, None
            for child in list(element):
                inner.append(child)
            element.append(inner)


def _clean_headings(body: XmlElement) -> None:
    for heading in list(body.iter(*HEADINGS)):
        for line_break in list(heading.iter("br")):
            line_break.tail = " " + (line_break.tail or "")
            remove(line_break)
        if not text_of(heading) and heading.find(".//img") is None and heading.find(".//script") is None:
            heading.tag = "div"
        for bold in list(heading.iter("strong", "b")):
            if text_of(bold) == text_of(heading):
                unwrap(bold)
    for cell in body.iter("td", "th"):
        if len(cell) == 1 and cell[0].tag == "p" and not (cell.text or "").strip() and not (cell[0].tail or "").strip():
            unwrap(cell[0])
