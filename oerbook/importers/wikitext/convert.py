"""Convert wikitext into the body of an HTML page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import mwparserfromhell
from mwparserfromhell import nodes
from mwparserfromhell.wikicode import Wikicode

from oerbook.importers.web.elements import append_content, make, make_formula, text_of
from oerbook.importers.wikitext import links, references, tables, templates
from oerbook.importers.wikitext.lines import (
    Content,
    EmptyPiece,
    ListMark,
    Piece,
    assemble_blocks,
    assemble_inline,
    has_blocks,
)
from oerbook.importers.wikitext.page_converter import PageConverter
from oerbook.importers.wikitext.state import WikiContext, WikiState, heading_id
from oerbook.model.untyped import XmlElement

MAX_DEPTH = 30  # of templates and tags in each other
_INLINE_TAGS = (
    "b i u s em strong del ins sub sup small code kbd var samp span cite q abbr bdi bdo dfn mark strike "
    "tt big font ruby rb rt rp time data "
)
INLINE_TAGS = frozenset(_INLINE_TAGS.split())
LIST_TAGS = frozenset(["ul", "ol", "dl", "li", "dt", "dd"])
_PLAIN_TAGS = "div center p noinclude onlyinclude section poem figure figcaption h1 h2 h3 h4 h5 h6 "
PLAIN_TAGS = LIST_TAGS | frozenset(_PLAIN_TAGS.split())
DROPPED_TAGS = frozenset(["includeonly", "templatestyles", "indicator", "maplink", "mapframe"])
CODE_TAGS = frozenset(
    ["timeline", "score", "graph", "hiero", "chart", "inputbox", "imagemap", "categorytree", "dynamicpagelist"]
)
RENAMED_TAGS = {"strike": "s", "tt": "code", "big": "span", "font": "span"}
LEFTOVER_QUOTES = re.compile(r"'{2,5}")
BRACKETS = re.compile(r"\{\{|\}\}|\[\[|\]\]")
MAGIC_WORD = re.compile(r"__[A-Z]{3,}__")


class WikiConverter:
    """Converts pages of one context; `state` collects notes, citations and what could not be kept."""

    def __init__(self, context: WikiContext) -> None:
        self.state = WikiState(context)

    def convert_page(self, text: str) -> XmlElement:
        """Return the body of a page, with its notes at the end."""
        code = mwparserfromhell.parse(prepare_text(text))
        references.collect_definitions(self, code)
        body = make("body")
        body.extend(self.blocks(code))
        body.extend(list(self.state.notes.values()))
        return body

    def blocks(self, code: Wikicode) -> list[XmlElement]:
        """Return wikitext as blocks."""
        return assemble_blocks(self.pieces(code))

    def inline(self, code: Wikicode) -> Content:
        """Return wikitext as one line."""
        return assemble_inline(self.pieces(code))

    def content(self, code: Wikicode) -> Content:
        """Return wikitext as one line if it is one, else as blocks."""
        pieces = list(self.pieces(code))
        return list(assemble_blocks(pieces)) if has_blocks(pieces) else assemble_inline(pieces)

    def pieces(self, code: Wikicode) -> list[Piece]:
        """Return the pieces of wikitext."""
        self.state.depth += 1
        try:
            if self.state.depth > MAX_DEPTH:
                return [str(code.strip_code())]
            return [piece for node in code.nodes for piece in self._convert_node(node)]
        finally:
            self.state.depth -= 1

    def _convert_node(self, node: nodes.Node) -> Sequence[Piece]:
        match node:
            case nodes.Text():
                return [LEFTOVER_QUOTES.sub("", MAGIC_WORD.sub("", str(node.value)))]
            case nodes.Heading():
                return [self._convert_heading(node)]
            case nodes.Template():
                return templates.convert_template(self, node)
            case nodes.Wikilink():
                return links.convert_wikilink(self, node)
            case nodes.ExternalLink():
                return links.convert_external_link(self, node)
            case nodes.Tag():
                return list(self._convert_tag(node))
            case nodes.Argument():
                return self.pieces(node.default) if node.default is not None else [str(node)]
        return [str(node.normalize() or node)] if isinstance(node, nodes.HTMLEntity) else [EmptyPiece()]

    def _convert_heading(self, node: nodes.Heading) -> XmlElement:
        heading = append_content(make(f"h{min(max(node.level, 2), 6)}"), self.inline(node.title))
        heading.text = (heading.text or "").lstrip() or None
        heading.set("id", heading_id(self.state.context.title, text_of(heading)))
        return heading

    def _convert_tag(self, node: nodes.Tag) -> Iterator[Piece]:
        name = str(node.tag).strip().lower()
        if node.wiki_markup in ("*", "#", ":", ";"):
            yield ListMark(str(node.wiki_markup))
        elif name in SPECIAL_TAGS:
            yield from SPECIAL_TAGS[name](self, node)
        elif name in INLINE_TAGS:
            yield from self._convert_inline_tag(name, node)
        elif name in DROPPED_TAGS:
            yield EmptyPiece()
        elif name in CODE_TAGS:
            self.state.unknown.setdefault(f"<{name}>", str(node.contents).strip())
            yield append_content(make("pre"), [str(node.contents).strip()])
        elif name in PLAIN_TAGS:
            yield from self._convert_plain_tag(name, node)
        else:
            self.state.unknown.setdefault(f"<{name}>", str(node.contents or "").strip())
            yield from self.pieces(node.contents) if node.contents is not None else ()

    def _convert_inline_tag(self, name: str, node: nodes.Tag) -> Iterator[Piece]:
        pieces = self.pieces(node.contents) if node.contents is not None else []
        identifier = tag_attribute(node, "id")
        if has_blocks(pieces):
            yield from pieces
            return
        element = append_content(make(RENAMED_TAGS.get(name, name)), assemble_inline(pieces))
        if identifier:
            element.set("id", heading_id(self.state.context.title, identifier))
        for key in ("lang", "dir", "title", "style"):
            if tag_attribute(node, key):
                element.set(key, tag_attribute(node, key))
        yield element

    def _convert_plain_tag(self, name: str, node: nodes.Tag) -> Iterator[Piece]:
        if node.contents is None or node.self_closing:
            yield EmptyPiece()
        elif name == "poem":
            yield convert_poem(self, node)
        elif name in LIST_TAGS:
            element = make(name)
            inner = [b for b in self.pieces(node.contents) if not (isinstance(b, str) and not b.strip())]
            if name in ("ul", "ol", "dl"):
                element.extend([b for b in inner if not isinstance(b, str | ListMark | EmptyPiece)])
            else:
                append_content(element, self.content(node.contents))
            yield element
        elif name in ("noinclude", "onlyinclude", "section"):
            yield from self.pieces(node.contents)
        else:
            holder = make("div")
            classes = tag_attribute(node, "class")
            holder.extend(self.blocks(node.contents))
            if tag_attribute(node, "id"):
                holder.set("id", heading_id(self.state.context.title, tag_attribute(node, "id")))
            if classes:
                holder.set("class", classes)
            yield holder


def tag_attribute(node: nodes.Tag, name: str) -> str:
    """Return an attribute of a tag, "" if it has none."""
    return str(node.get(name).value or "").strip().strip("\"'") if node.has(name) else ""


def prepare_text(text: str) -> str:
    """Return wikitext without what confuses the parser: stray ends of references, tabs, templates of magic words."""
    opened = len(re.findall(r"<ref\b[^>/]*>", text, re.I))
    closed = len(re.findall(r"</ref\s*>", text, re.I))
    if closed > opened:
        text = _remove_stray_ends(text)
    return (
        _limit_nesting(text)
        .replace("\r\n", "\n")
        .replace("\t", " ")
        .replace("{{!}}", "|" if "{|" not in text else "{{!}}")
    )


def _limit_nesting(text: str) -> str:
    """Return wikitext without the brackets that are nested too deeply for any page that a person wrote."""
    pieces, depth, position = [], 0, 0
    for match in BRACKETS.finditer(text):
        opens = match[0] in ("{{", "[[")
        if (opens and depth >= MAX_DEPTH) or (not opens and depth > MAX_DEPTH):
            pieces.append(text[position : match.start()])
            position = match.end()
        depth = max(0, depth + (1 if opens else -1))
    return "".join([*pieces, text[position:]])


def _remove_stray_ends(text: str) -> str:
    depth, pieces = 0, []
    for piece in re.split(r"(<ref\b[^>]*>|</ref\s*>)", text, flags=re.I):
        is_start = (
            piece[:4].lower() == "<ref"
            and not piece.rstrip(">").endswith("/")
            and not piece.lower().startswith("<references")
        )
        if piece[:5].lower() == "</ref" and not depth:
            continue
        depth += is_start - (piece[:5].lower() == "</ref")
        pieces.append(piece)
    return "".join(pieces)


def convert_poem(converter: PageConverter, node: nodes.Tag) -> XmlElement:
    """Return a poem as lines of verse."""
    verse = make("div", class_="line-block")
    for line in str(node.contents).strip("\n").split("\n"):
        append_content(verse, [*converter.inline(mwparserfromhell.parse(line)), make("br")])
    return verse


def _convert_math(_converter: PageConverter, node: nodes.Tag) -> Iterator[Piece]:
    tex = str(node.contents or "")
    name = str(node.tag).strip().lower()
    display = tag_attribute(node, "display") == "block"
    yield make_formula(rf"\ce{{{tex.strip()}}}" if name in ("chem", "ce") else tex, display=display)


def _convert_code(_converter: PageConverter, node: nodes.Tag) -> Iterator[Piece]:
    text = str(node.contents or "").strip("\n")
    inline = node.has("inline") or tag_attribute(node, "enclose") == "none"
    if inline:
        yield make("code", text)
        return
    language = tag_attribute(node, "lang")
    block = make("pre")
    block.append(make("code", text, **({"class_": f"language-{language}"} if language else {})))
    yield block


def _convert_pre(_converter: PageConverter, node: nodes.Tag) -> Iterator[Piece]:
    text = re.sub(r"</?nowiki\s*/?>", "", str(node.contents or "")).strip("\n")
    yield make("pre", text)


def _convert_quotation(converter: PageConverter, node: nodes.Tag) -> Iterator[Piece]:
    quotation = make("blockquote")
    quotation.extend(converter.blocks(node.contents))
    yield quotation


TagRule = Callable[[PageConverter, nodes.Tag], Iterable[Piece]]
SPECIAL_TAGS: dict[str, TagRule] = {
    "ref": references.convert_reference,
    "references": lambda _converter, _node: iter([EmptyPiece()]),
    "math": _convert_math,
    "chem": _convert_math,
    "ce": _convert_math,
    "nowiki": lambda _converter, node: iter([str(node.contents or "")]),
    "pre": _convert_pre,
    "syntaxhighlight": _convert_code,
    "source": _convert_code,
    "blockquote": _convert_quotation,
    "table": tables.convert_table,
    "tr": lambda converter, node: iter(converter.pieces(node.contents)),
    "gallery": links.convert_gallery,
    "br": lambda _converter, _node: iter([make("br")]),
    "hr": lambda _converter, _node: iter([make("hr")]),
}
