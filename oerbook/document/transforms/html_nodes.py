"""Convert parsed HTML to docutils nodes, without scripts and styles."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from lxml import etree, html
from sphinx import addnodes

from oerbook.document.context.build_context import BuildContext
from oerbook.document.context.languages import direction_classes
from oerbook.document.media.media_node import CAPTION_KINDS, MediaRequest, is_media_target, make_media_node
from oerbook.document.transforms.html_tables import table_to_nodes
from oerbook.markup.urls import url_scheme
from oerbook.media.embeds import WIDGET

HTML_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s[^<>]*)?)(/?)>")
HELD_TAG = "oerbook-block"  # stands for a block of MyST between HTML
HTML_COMMENT = re.compile(r"<!--.*?-->", re.S)
INLINE_NODES: dict[str, Callable[[], nodes.Element]] = {
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
BLOCK_NODES: dict[str, Callable[[], nodes.Element]] = dict.fromkeys(
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
BLOCK_NODES |= {
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
SOURCE_ATTRIBUTE_BY_TAG = {"iframe": "src", "video": "src", "audio": "src", "embed": "src", "object": "data"}
TAGS_DROPPED_WITH_CONTENT = frozenset({"script", "style", "link", "meta", "noscript", "template", "base"})
ACTIVE_TAGS = frozenset({"script", "object", "embed", "applet", "form", "input", "base", "meta"})


def strip_comments(markup: str) -> str:
    """Return a fragment without comments, in time linear in its length.

    Text after the last `-->` is left out of the search, which would look for an end after each `<!--` in it.
    """
    before, end, after = markup.rpartition("-->")
    return HTML_COMMENT.sub("", before + end) + after


def _is_inline(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Inline | nodes.Text | nodes.image | nodes.raw)


class HtmlToNodes:
    """Converts the HTML of one page and collects its anchors, links, dropped tags."""

    def __init__(self, context: BuildContext, docname: str) -> None:
        self.context = context
        self.docname = docname
        self.held: dict[str, nodes.Node] = {}  # blocks of MyST in a table, by the id of their place in its HTML
        self.dropped: set[str] = set()  # names of active tags that were left out
        self.anchors: dict[str, str] = {}  # by name in the HTML: the node id
        self.same_page_links: list[
            tuple[nodes.reference, str]
        ] = []  # links within the page, with the name they point to

    def to_blocks(self, markup: str) -> list[nodes.Node]:
        """Return a fragment of HTML as block nodes."""
        markup = strip_comments(markup)
        if not markup.strip():
            return []
        try:
            root = html.fragment_fromstring(markup, create_parent="div")
        except (etree.ParserError, ValueError):
            return [nodes.paragraph("", HTML_TAG.sub("", markup))]
        return self._wrap_inline(self._children(root))

    def _wrap_inline(self, children: list[nodes.Node]) -> list[nodes.Node]:
        """Put runs of inline nodes into paragraphs, and drop runs of white space."""
        blocks: list[nodes.Node] = []
        run: list[nodes.Node] = []
        for node in [*children, None]:
            if node is not None and _is_inline(node):
                run.append(node)
                continue
            if any(n.astext().strip() or isinstance(n, nodes.image) or n.children for n in run):
                blocks.append(nodes.paragraph("", "", *run))
            run = []
            if node is not None:
                blocks.append(node)
        return blocks

    def _children(self, element: Any) -> list[nodes.Node]:
        result: list[nodes.Node] = []
        if element.text:
            result.append(nodes.Text(re.sub(r"\s+", " ", element.text)))
        for child in element:
            if isinstance(child.tag, str):
                result += self.convert_element(child)
            if child.tail:
                result.append(nodes.Text(re.sub(r"\s+", " ", child.tail)))
        return result

    def convert_element(self, element: Any) -> list[nodes.Node]:
        """Return one element as nodes; an unknown element is replaced by its children."""
        name = element.tag.lower()
        if name == HELD_TAG and element.get("id") in self.held:
            return [self.held.pop(element.get("id"))]
        if name in TAGS_DROPPED_WITH_CONTENT:
            if name in ACTIVE_TAGS:
                self.dropped.add(name)
            return []
        if name in CONVERTER_BY_TAG:
            return CONVERTER_BY_TAG[name](self, element)
        if name in SOURCE_ATTRIBUTE_BY_TAG:
            return self._convert_embedded(element, SOURCE_ATTRIBUTE_BY_TAG[name])
        if name in INLINE_NODES:
            return [self._fill(INLINE_NODES[name](), element, self._children(element))]
        if name in BLOCK_NODES:
            return [self._convert_block(BLOCK_NODES[name](), element)]
        return self._children(element)

    def _fill(self, node: nodes.Element, element: Any, children: list[nodes.Node]) -> nodes.Element:
        """Give a node its children and the attributes of its HTML element."""
        node["classes"] += [*(element.get("class") or "").split(), *direction_classes(element)]
        for name in dict.fromkeys([element.get("id"), element.get("name") if element.tag.lower() == "a" else None]):
            if name and (node_id := nodes.make_id(name)):
                node["ids"] += [] if node_id in node["ids"] else [node_id]
                self.anchors.setdefault(name, node_id)
        if element.tag.lower() == "details" and element.get("open") is not None:
            node["open"] = True
        if isinstance(node, nodes.abbreviation) and element.get("title"):
            node["explanation"] = element.get("title")
        node += children
        return node

    def _convert_block(self, node: nodes.Element, element: Any) -> nodes.Element:
        children = self._children(element)
        is_text = isinstance(node, nodes.TextElement)
        if is_text and not all(map(_is_inline, children)):
            node, is_text = nodes.container(), False
        if isinstance(node, nodes.enumerated_list):
            node["enumtype"], node["prefix"], node["suffix"] = "arabic", "", "."
        if isinstance(node, nodes.bullet_list | nodes.enumerated_list):
            items = self._wrap_inline(children)
            children = [c if isinstance(c, nodes.list_item) else nodes.list_item("", c) for c in items]
        return self._fill(node, element, children if is_text else self._wrap_inline(children))

    def _convert_embedded(self, element: Any, attribute: str) -> list[nodes.Node]:
        """Return a link in place of embedded content from another site."""
        source = element.get(attribute) or next((s.get("src") for s in element.iter("source") if s.get("src")), "")
        if node := self._convert_media(element, source):
            return [node]
        text = element.get("title") or " ".join(element.text_content().split()) or source
        if not source.startswith(("http://", "https://")):
            self.dropped.add(element.tag.lower())
            return [nodes.paragraph("", text)] if text else []
        return [nodes.paragraph("", "", nodes.reference("", text, refuri=source))]

    def _convert_media(self, element: Any, source: str) -> nodes.Element | None:
        """Return a player for a video, a recording or a frame, None for another address or file."""
        name, hosts = element.tag.lower(), self.context.book.settings.embeds
        if not is_media_target(source, hosts) or name in ("embed", "object"):
            return None
        options = {key: element.get(key) for key in ("title", "width", "height", "poster") if element.get(key)}
        options |= {flag: "" for flag in ("loop", "muted") if element.get(flag) is not None}
        tracks = [track for track in element.iter("track") if track.get("src")]
        for kind in CAPTION_KINDS:
            files = [track.get("src") for track in tracks if (track.get("kind") or "subtitles") == kind]
            options |= {kind: " ".join(files)} if files else {}
        if "title" not in options and element.get("aria-label"):
            options["title"] = element.get("aria-label")
        return make_media_node(MediaRequest(source, {"iframe": WIDGET}.get(name, name), options), self.docname, hosts)

    def convert_link(self, element: Any) -> list[nodes.Node]:
        """Return a link; a link to a page becomes a reference, which Sphinx checks."""
        target = element.get("href") or ""
        children = self._children(element)
        if not target or not all(map(_is_inline, children)):
            anchor = self._fill(nodes.inline(), element, [])
            return [*([anchor] if anchor["ids"] else []), *children]
        if target.startswith("#"):
            reference = nodes.reference("", "", refid=nodes.make_id(target[1:]), internal=True)
            self.same_page_links.append((reference, target[1:]))
            return [self._fill(reference, element, children)]
        if url_scheme(target) or target.startswith("//"):  # one that is not allowed is reported and removed later
            return [self._fill(nodes.reference("", "", refuri=target), element, children)]
        text = nodes.inline("", "", *children)
        page = re.sub(r"\.html(?=$|#)", ".md", target)
        return [
            addnodes.pending_xref(
                "", text, refdomain=None, reftarget=page, refdoc=self.docname, reftype="myst", refexplicit=True
            )
        ]

    def convert_image(self, element: Any) -> list[nodes.Node]:
        """Return an image, with its size if it is a number with a unit."""
        node = nodes.image(uri=element.get("src") or "", alt=element.get("alt") or "")
        for key in ("width", "height"):
            value = element.get(key) or ""
            if re.fullmatch(r"\d+(\.\d+)?(px|%|em|cm|mm|in|pt)?", value):
                node[key] = value
        return [node]

    def convert_heading(self, element: Any) -> list[nodes.Node]:
        """Return a heading as a rubric: it is not part of the chapter's outline."""
        return [self._fill(nodes.rubric(), element, self._children(element))]

    def convert_preformatted(self, element: Any) -> list[nodes.Node]:
        """Return preformatted text as a literal block."""
        text = element.text_content()
        return [nodes.literal_block(text, text, language="none")]

    def convert_definition_list(self, element: Any) -> list[nodes.Node]:
        """Return a definition list."""
        definitions = nodes.definition_list()
        for child in element.iter("dt", "dd"):
            if child.tag == "dt" or not definitions.children:
                term = nodes.term("", "", *self._children(child))
                definitions += nodes.definition_list_item("", term, nodes.definition())
            else:
                definition: Any = definitions.children[-1].children[-1]
                definition.extend(self._wrap_inline(self._children(child)))
        return [definitions]

    def convert_table(self, element: Any) -> list[nodes.Node]:
        """Return a table, or nothing when it has no cells."""
        node = table_to_nodes(element, lambda cell: self._wrap_inline(self._children(cell)))
        return [self._fill(node, element, [])] if node is not None else []


CONVERTER_BY_TAG: dict[str, Callable[[HtmlToNodes, Any], list[nodes.Node]]] = {
    "a": HtmlToNodes.convert_link,
    "img": HtmlToNodes.convert_image,
    "br": lambda _self, _element: [nodes.raw("", "<br />\n", format="html")],
    "hr": lambda _self, _element: [nodes.transition()],
    "pre": HtmlToNodes.convert_preformatted,
    "textarea": HtmlToNodes.convert_preformatted,
    "dl": HtmlToNodes.convert_definition_list,
    "table": HtmlToNodes.convert_table,
    **{f"h{level}": HtmlToNodes.convert_heading for level in range(1, 7)},
}
