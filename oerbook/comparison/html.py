"""Read back what a web page or a page of an e-book shows."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree, html

from oerbook.comparison.words import split_comparable_words
from oerbook.model.content import COUNTED_KINDS, FileContent

HIDDEN_ELEMENTS = frozenset(["script", "style", "template", "annotation", "annotation-xml", "head"])
# Elements that end a word: a browser begins a line there, or sets a formula.
BREAKING_ELEMENTS = frozenset(
    ["address", "article", "aside", "blockquote", "br", "button", "caption", "dd", "details", "div", "dl"]
)
BREAKING_ELEMENTS |= {
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
}
BREAKING_ELEMENTS |= {
    "label",
    "legend",
    "li",
    "main",
    "math",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
}
BREAKING_ELEMENTS |= {"tbody", "td", "th", "thead", "tr", "ul"}
BREAKING_ELEMENTS |= {"sub", "sup"}  # a repeated mark of a note is no part of the word before it
GENERATED_EPUB_PAGES = ("nav.xhtml", "cover.xhtml")  # of an e-book, with nothing that authors wrote
NOTE_TYPES = frozenset(["footnote", "endnote", "rearnote"])


def read_site(folder: Path, slugs: Iterable[str]) -> dict[str, FileContent]:
    """Return what each page of a web site shows, by its slug; a page without a file shows nothing."""
    return {slug: _read_page(folder / f"{slug}.html") for slug in slugs}


def read_epub(path: Path) -> FileContent:
    """Return what all pages of an e-book show. Raises zipfile.BadZipFile and etree.XMLSyntaxError."""
    words: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xhtml") and not name.endswith(GENERATED_EPUB_PAGES):
                shown = _read_tree(etree.fromstring(archive.read(name)))
                words.update(shown.words)
                counts.update(shown.counts)
    return FileContent(words, counts)


def _read_page(path: Path) -> FileContent:
    if not path.is_file():
        return FileContent()
    root = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    article = next((element for element in root.iterfind(".//main//div") if element.get("class") == "body"), root)
    return _read_tree(article)


def _read_tree(root: etree._Element) -> FileContent:
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    counts = Counter(kind for element in elements for kind in _kinds(element))
    return FileContent(Counter(split_comparable_words("".join(_text(root)))), {**dict.fromkeys(_ALL, 0), **counts})


_ALL = COUNTED_KINDS
KIND_BY_ELEMENT = {"table": "table", "td": "cell", "th": "cell", "pre": "code", "menclose": "frame"}
KIND_BY_CLASS = {"linenos": "line-number", "line-number": "line-number", "hll": "line-mark", "code-line": "line-mark"}
UNCOMPARED_CLASSES = frozenset(["linenos", "line-number", "footnote-reference", "footnote-ref"])


def _kinds(element: etree._Element) -> Iterator[str]:
    name = etree.QName(element).localname
    classes = (element.get("class") or "").split()
    if name == "math" or (name == "code" and "tex" in classes):
        yield "formula"
    elif name in ("img", "svg") and not _inside(element, "svg"):
        yield "image"
    elif name in KIND_BY_ELEMENT:
        yield KIND_BY_ELEMENT[name]
    elif name in ("aside", "li", "div") and _is_note(element, classes):
        yield "note"
    yield from _features(element, name, classes)


def _features(element: etree._Element, name: str, classes: list[str]) -> Iterator[str]:
    """Yield what an element has beside its words."""
    if name == "th":
        yield "head"
    if any(element.get(key, "1") != "1" for key in ("colspan", "rowspan")):
        yield "span"
    yield from (KIND_BY_CLASS[one] for one in classes if one in KIND_BY_CLASS)
    if element.get("lang") and name not in ("html", "body"):
        yield "language"
    if element.get("dir") == "rtl":
        yield "right-to-left"


def _is_note(element: etree._Element, classes: list[str]) -> bool:
    types = {value for key, value in element.attrib.items() if etree.QName(key).localname == "type"}
    return bool(types & NOTE_TYPES) or ("footnote" in classes and element.tag == "aside")


def _is_mark(element: etree._Element) -> bool:
    """Return whether an element is the mark of a note or the number of a line of code."""
    return not UNCOMPARED_CLASSES.isdisjoint((element.get("class") or "").split())


def _inside(element: etree._Element, name: str) -> bool:
    return any(isinstance(e.tag, str) and etree.QName(e).localname == name for e in element.iterancestors())


def _text(element: etree._Element) -> Iterator[str]:
    """Yield the text of an element, with a space where a browser begins a line."""
    if isinstance(element.tag, str):
        name = etree.QName(element).localname
        hidden = name in HIDDEN_ELEMENTS or _is_mark(element)
        breaking = name in BREAKING_ELEMENTS
        if breaking:
            yield " "
        if not hidden:
            yield element.text or ""
            for child in element:
                yield from _text(child)
                yield child.tail or ""
        if breaking:
            yield " "
