"""Parsed HTML as docutils nodes: text keeps its meaning, scripts and styles are left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from lxml import etree, html

from oerbook.document.context.languages import told
from oerbook.document.transforms.html_tables import table

TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s[^<>]*)?)(/?)>")
COMMENT = re.compile(r"<!--.*?-->", re.S)
INLINE: dict[str, Callable[[], nodes.Element]] = {
    "b": nodes.strong,
    "strong": nodes.strong,
    "i": nodes.emphasis,
    "em": nodes.emphasis,
    "cite": nodes.emphasis,
    "var": nodes.emphasis,
    "dfn": nodes.emphasis,
    "q": lambda: nodes.inline(classes=["quote"]),
    "sub": nodes.subscript,
    "sup": nodes.superscript,
    "code": nodes.literal,
    "tt": nodes.literal,
    "samp": nodes.literal,
    "kbd": lambda: nodes.literal(classes=["kbd"]),
    "u": lambda: nodes.inline(classes=["underline"]),
    "ins": lambda: nodes.inline(classes=["underline"]),
    "s": lambda: nodes.inline(classes=["deleted"]),
    "del": lambda: nodes.inline(classes=["deleted"]),
    "strike": lambda: nodes.inline(classes=["deleted"]),
    "mark": lambda: nodes.inline(classes=["mark"]),
    "small": lambda: nodes.inline(classes=["small"]),
    "big": nodes.inline,
    "font": nodes.inline,
    "span": nodes.inline,
    "abbr": nodes.abbreviation,
    "time": nodes.inline,
    "label": nodes.inline,
    "button": nodes.inline,
}
BLOCK: dict[str, Callable[[], nodes.Element]] = dict.fromkeys(
    [
        "div",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "main",
        "nav",
        "center",
        "address",
        "form",
        "fieldset",
        "picture",
    ],
    nodes.container,
)
BLOCK |= {
    "p": nodes.paragraph,
    "ul": nodes.bullet_list,
    "ol": nodes.enumerated_list,
    "li": nodes.list_item,
    "blockquote": nodes.block_quote,
    "details": lambda: nodes.container(classes=["details"]),
    "summary": lambda: nodes.rubric(classes=["summary"]),
    "figcaption": lambda: nodes.paragraph(classes=["figcaption"]),
    "figure": lambda: nodes.container(classes=["figure"]),
    "dl": nodes.definition_list,
    "legend": nodes.paragraph,
}
ELSEWHERE = {"iframe": "src", "video": "src", "audio": "src", "embed": "src", "object": "data"}
DROPPED = frozenset({"script", "style", "link", "meta", "noscript", "template", "base"})
ACTIVE = frozenset({"script", "object", "embed", "applet", "form", "input", "base", "meta"})


def uncommented(markup: str) -> str:
    """Return a fragment without its comments; what follows the last of them is not searched for an end in vain."""
    before, end, after = markup.rpartition("-->")
    return COMMENT.sub("", before + end) + after


class Writer:
    """Turns parsed HTML into nodes for one page."""

    def __init__(self, env: Any, docname: str) -> None:
        self.env, self.docname = env, docname
        self.dropped: set[str] = set()
        self.anchors: dict[str, str] = {}  # what an author calls a place, and its id in the page
        self.asked: list[tuple[nodes.reference, str]] = []  # links to a place of this page, and what they call it

    def blocks(self, markup: str) -> list[nodes.Node]:
        """Return a fragment of HTML as block nodes."""
        markup = uncommented(markup)
        if not markup.strip():
            return []
        try:
            root = html.fragment_fromstring(markup, create_parent="div")
        except (etree.ParserError, ValueError):
            return [nodes.paragraph("", TAG.sub("", markup))]
        return self._gather(self._children(root))

    def _gather(self, found: list[nodes.Node]) -> list[nodes.Node]:
        """Put runs of inline nodes into paragraphs."""
        blocks: list[nodes.Node] = []
        run: list[nodes.Node] = []
        for node in [*found, None]:
            if node is not None and isinstance(node, nodes.Inline | nodes.Text | nodes.image | nodes.raw):
                run.append(node)
                continue
            if any(n.astext().strip() or isinstance(n, nodes.image) or n.children for n in run):
                blocks.append(nodes.paragraph("", "", *run))
            run = []
            if node is not None:
                blocks.append(node)
        return blocks

    def _children(self, element: Any) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        if element.text:
            found.append(nodes.Text(re.sub(r"\s+", " ", element.text)))
        for child in element:
            if isinstance(child.tag, str):
                found += self._element(child)
            if child.tail:
                found.append(nodes.Text(re.sub(r"\s+", " ", child.tail)))
        return found

    def _element(self, element: Any) -> list[nodes.Node]:
        name = element.tag.lower()
        if name in DROPPED:
            if name in ACTIVE:
                self.dropped.add(name)
            return []
        if name in SPECIAL:
            return SPECIAL[name](self, element)
        if name in ELSEWHERE:
            return self._elsewhere(element, ELSEWHERE[name])
        if name in INLINE:
            return [self._filled(INLINE[name](), element, self._children(element))]
        if name in BLOCK:
            return [self._block(BLOCK[name](), element)]
        return self._children(element)

    def _filled(self, node: nodes.Element, element: Any, children: list[nodes.Node]) -> nodes.Element:
        node["classes"] += [*(element.get("class") or "").split(), *told(element)]
        for name in dict.fromkeys([element.get("id"), element.get("name") if element.tag.lower() == "a" else None]):
            if name and (made := nodes.make_id(name)):
                node["ids"] += [] if made in node["ids"] else [made]
                self.anchors.setdefault(name, made)
        if isinstance(node, nodes.abbreviation) and element.get("title"):
            node["explanation"] = element.get("title")
        node += children
        return node

    def _block(self, node: nodes.Element, element: Any) -> nodes.Element:
        children = self._children(element)
        textual = isinstance(node, nodes.TextElement)
        if textual and any(not isinstance(c, nodes.Inline | nodes.Text | nodes.image | nodes.raw) for c in children):
            node, textual = nodes.container(), False
        if isinstance(node, nodes.enumerated_list):
            node["enumtype"], node["prefix"], node["suffix"] = "arabic", "", "."
        if isinstance(node, nodes.bullet_list | nodes.enumerated_list):
            children = [c if isinstance(c, nodes.list_item) else nodes.list_item("", c) for c in self._gather(children)]
        return self._filled(node, element, children if textual else self._gather(children))

    def _elsewhere(self, element: Any, attribute: str) -> list[nodes.Node]:
        """Return a link in place of something that another site would have to serve."""
        source = element.get(attribute) or next((s.get("src") for s in element.iter("source") if s.get("src")), "")
        words = element.get("title") or " ".join(element.text_content().split()) or source
        if not source.startswith(("http://", "https://")):
            self.dropped.add(element.tag.lower())
            return [nodes.paragraph("", words)] if words else []
        return [nodes.paragraph("", "", nodes.reference("", words, refuri=source))]

    def link(self, element: Any) -> list[nodes.Node]:
        """Return a link; one to a page of the book is checked like any other."""
        from sphinx import addnodes

        target = element.get("href") or ""
        children = self._children(element)
        inline = all(isinstance(c, nodes.Inline | nodes.Text | nodes.image | nodes.raw) for c in children)
        if not target or re.match(r"\s*(javascript|data|vbscript):", target, re.I) or not inline:
            anchor = self._filled(nodes.inline(), element, [])
            return [*([anchor] if anchor["ids"] else []), *children]
        if re.match(r"[a-z][\w+.-]*:", target, re.I) or target.startswith(("#", "//")):
            reference = nodes.reference("", "", refuri=target)
            if target.startswith("#"):
                reference = nodes.reference("", "", refid=nodes.make_id(target[1:]), internal=True)
                self.asked.append((reference, target[1:]))
            return [self._filled(reference, element, children)]
        inner = nodes.inline("", "", *children)
        wanted = re.sub(r"\.html(?=$|#)", ".md", target)
        return [
            addnodes.pending_xref(
                "", inner, refdomain=None, reftarget=wanted, refdoc=self.docname, reftype="myst", refexplicit=True
            )
        ]

    def image(self, element: Any) -> list[nodes.Node]:
        """Return a picture."""
        node = nodes.image(uri=element.get("src") or "", alt=element.get("alt") or "")
        for key in ("width", "height"):
            value = element.get(key) or ""
            if re.fullmatch(r"\d+(\.\d+)?(px|%|em|cm|mm|in|pt)?", value):
                node[key] = value
        return [node]

    def heading(self, element: Any) -> list[nodes.Node]:
        """Return a heading inside HTML as a rubric: it is not part of the chapter's outline."""
        return [self._filled(nodes.rubric(), element, self._children(element))]

    def preformatted(self, element: Any) -> list[nodes.Node]:
        """Return preformatted text."""
        text = element.text_content()
        return [nodes.literal_block(text, text, language="none")]

    def pairs(self, element: Any) -> list[nodes.Node]:
        """Return a definition list."""
        listing = nodes.definition_list()
        for child in element.iter("dt", "dd"):
            if child.tag == "dt" or not listing.children:
                listing += nodes.definition_list_item(
                    "", nodes.term("", "", *self._children(child)), nodes.definition()
                )
            else:
                listing.children[-1].children[-1].extend(self._gather(self._children(child)))  # type: ignore[attr-defined]
        return [listing]

    def grid(self, element: Any) -> list[nodes.Node]:
        """Return a table."""
        found = table(element, lambda cell: self._gather(self._children(cell)))
        return [found] if found is not None else []


SPECIAL: dict[str, Callable[[Writer, Any], list[nodes.Node]]] = {
    "a": Writer.link,
    "img": Writer.image,
    "br": lambda _self, _element: [nodes.raw("", "<br />\n", format="html")],
    "hr": lambda _self, _element: [nodes.transition()],
    "pre": Writer.preformatted,
    "textarea": Writer.preformatted,
    "dl": Writer.pairs,
    "table": Writer.grid,
    **{f"h{level}": Writer.heading for level in range(1, 7)},
}
