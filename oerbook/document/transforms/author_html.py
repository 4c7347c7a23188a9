"""Convert HTML in a chapter to ordinary nodes, the same in every format."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from lxml import etree, html
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.line_numbers import line_and_source
from oerbook.document.safety.extension_html import report_active_html
from oerbook.document.transforms.html_nodes import HTML_COMMENT, HTML_TAG, HtmlToNodes, strip_comments
from oerbook.document.transforms.split_tables import join_table, number_tables
from oerbook.model.findings import Finding, Severity

# By id(node): tag name, whether it closes, and the node itself, which keeps the id from being reused.
TagCache = dict[int, tuple[str, bool, nodes.Node]]
ALLOWED_META_NAMES = frozenset({"description", "keywords"})
TABLE_START = re.compile(r"\s*<table[\s>]", re.I)
VOID_TAGS = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
HTML_WRITTEN_BY_MYST = re.compile(
    r"\s*(</?s>|<br ?/?>|<input(?: (?:class=\"[\w -]*\"|(?:checked|disabled)=\"\w*\"|type=\"checkbox\"))+ ?/?>|"
    r"&nbsp;)\s*",
    re.I,
)


def unclosed_tags(markup: str) -> list[str]:
    """Return the tags that a fragment opens and does not close, outermost first.

    >>> unclosed_tags('<div class="a"><b>x</b>')
    ['div']
    """
    stack: list[str] = []
    for close, name, _attributes, self_closing in HTML_TAG.findall(strip_comments(markup)):
        name = name.lower()
        if name in VOID_TAGS or self_closing:
            continue
        if not close:
            stack.append(name)
        elif name in stack:
            del stack[len(stack) - 1 - stack[::-1].index(name) :]
    return stack


def unopened_closing_tags(markup: str) -> list[str]:
    """Return the tags that a fragment closes without having opened them."""
    depth: dict[str, int] = {}
    names = []
    for close, name, _attributes, self_closing in HTML_TAG.findall(strip_comments(markup)):
        name = name.lower()
        if name in VOID_TAGS or self_closing:
            continue
        depth[name] = depth.get(name, 0) + (-1 if close else 1)
        if depth[name] < 0:
            names.append(name)
            depth[name] = 0
    return names


def is_raw_html(node: nodes.Node) -> bool:
    """Return whether a node is raw HTML."""
    return isinstance(node, nodes.raw) and "html" in node.get("format", "").split()


def convert_author_html(app: Sphinx, doctree: nodes.document) -> None:
    """Convert the HTML of a page to nodes, resolve its links, report what is lost."""
    context, docname = context_of(app), app.env.current_document.docname
    writer = HtmlToNodes(context, docname)
    tags: TagCache = {}
    reported = _report_active(context, doctree, docname)
    for node in list(doctree.findall(is_raw_html)):
        parent: Any = node.parent
        if parent is None or HTML_WRITTEN_BY_MYST.fullmatch(node.astext()) or node not in parent.children:
            continue
        place, writer.dropped = context.place_of(node, docname), set()
        if isinstance(parent, nodes.TextElement):
            _convert_inline(writer, parent, node, tags)
        else:
            _convert_block(writer, parent, node)
        for name in sorted(writer.dropped.difference(reported)):
            message = f"<{name}> was removed: it has no effect in a book"
            hint = "Use text or a picture: chapters cannot run code in the reader's browser."
            context.add_finding(docname, Finding("raw-html", message, place, Severity.WARNING, hint))
    _resolve_markdown_links(doctree, writer.anchors)
    _resolve_html_links(context, doctree, writer, docname)
    number_tables(doctree, docname, app.env.domains.standard_domain)
    slugs = app.env.metadata[docname].setdefault("myst_slugs", {}) if writer.anchors else {}
    for name, node_id in writer.anchors.items():
        slugs.setdefault(name, (0, node_id, name))  # MyST resolves page.md#name by these


def _report_active(context: BuildContext, doctree: nodes.document, docname: str) -> set[str]:
    """Report active HTML (scripts, event handlers …); return its tag names."""
    names = set()
    for node in doctree.findall(is_raw_html):
        names |= report_active_html(context, docname, node.astext(), context.place_of(node, docname))
    return names


def _resolve_markdown_links(doctree: nodes.document, anchors: dict[str, str]) -> None:
    """Point `[text](#name)` at the anchors that HTML defines on this page."""
    for link in list(doctree.findall(addnodes.pending_xref)) if anchors else ():
        name = link.get("reftarget", "")
        if name in anchors and link.get("reftype") == "myst" and not link.get("refdomain"):
            content = link.children if link.astext() else [nodes.Text(name)]
            link.replace_self(nodes.reference("", "", *content, refid=anchors[name], internal=True))


def _resolve_html_links(context: BuildContext, doctree: nodes.document, writer: HtmlToNodes, docname: str) -> None:
    """Point `<a href="#name">` at targets on this page, and report missing ones."""
    headings = getattr(doctree, "myst_slugs", {})
    ids = (
        {node_id for node in doctree.findall(nodes.Element) for node_id in node["ids"]}
        if writer.same_page_links
        else set()
    )
    for link, name in writer.same_page_links:
        node_id = writer.anchors.get(name) or (headings[name][1] if name in headings else link["refid"])
        if node_id in ids:
            link["refid"] = node_id
        elif name not in ("", "top"):
            hint = "Check the spelling; a target is named with (label)= above it, or with an id."
            message = f"this page has no label “{name}”"
            place = context.place_of(link, docname)
            context.add_finding(docname, Finding("reference-missing", message, place, Severity.WARNING, hint))


def _replace(parent: Any, first: int, last: int, new: list[nodes.Node]) -> None:
    """Replace children `first` to `last` (inclusive), keeping the line of the first."""
    line = line_and_source(parent[first])[0]
    for node in new:
        if isinstance(node, nodes.Element) and not getattr(node, "line", None):
            node.line = line  # for findings about it
    parent[first : last + 1] = new


def _convert_block(writer: HtmlToNodes, parent: Any, node: Any) -> None:
    """Convert a block of HTML, with the siblings up to the one that closes its tags."""
    start = parent.index(node)
    end = _closing_index(parent, start)
    if end > start and TABLE_START.match(node.astext()):
        _replace(parent, start, end, join_table(writer, parent.children[start : end + 1]))
        return
    converted = writer.to_blocks(node.astext())
    if end == start:
        _replace(parent, start, start, converted)
        return
    is_container = len(converted) == 1 and isinstance(converted[0], nodes.container)
    box: Any = converted[0] if is_container else nodes.container(classes=_classes(node.astext()))
    if not is_container:
        box += converted
    for sibling in parent.children[start + 1 : end + 1]:
        box += writer.to_blocks(sibling.astext()) if is_raw_html(sibling) else [sibling]
    _replace(parent, start, end, [box])


def _closing_index(parent: Any, start: int) -> int:
    """Return the index of the sibling that closes all tags opened at `start`.

    Returns `start` if they are closed in that node, or nowhere.
    """
    open_tags = unclosed_tags(parent.children[start].astext())
    for index in range(start + 1, len(parent.children)) if open_tags else ():
        sibling = parent.children[index]
        if not is_raw_html(sibling):
            continue
        for name in unopened_closing_tags(sibling.astext()):
            if name in open_tags:
                open_tags.remove(name)
        open_tags += unclosed_tags(sibling.astext())
        if not open_tags:
            return index
    return start


def _classes(markup: str) -> list[str]:
    match = re.search(r"class\s*=\s*[\"']([^\"']*)", markup)
    return match[1].split() if match else []


def _convert_inline(writer: HtmlToNodes, parent: Any, node: Any, tags: TagCache) -> None:
    """Convert inline HTML: a pair of tags with the text between them, or a single tag.

    A tag without its partner is reported and shown as typed.
    """
    index = parent.index(node)
    markup = node.astext()
    match = HTML_TAG.fullmatch(markup.strip())
    if match and not match[1] and not _is_element(markup):
        match = None
    name = match[2].lower() if match else ""
    is_closing = bool(match and match[1])
    if HTML_COMMENT.fullmatch(markup.strip()) or (is_closing and name in VOID_TAGS - {"br"}):
        _replace(parent, index, index, [])  # </img> closes nothing
    elif is_closing and name == "br":
        _replace(parent, index, index, _convert_single(writer, "<br>", name))
    elif match and (name in VOID_TAGS or match[4]) and not is_closing:
        _replace(parent, index, index, _convert_single(writer, markup, name))
    elif match and not is_closing and (end := _partner(parent, index, name, tags)) is not None:
        _replace(parent, index, end, _enclose(writer, markup, name, parent.children[index + 1 : end]))
    else:
        _report_unpaired(writer, node, is_closing=is_closing)
        _replace(parent, index, index, [nodes.Text(markup)])


def _is_element(markup: str) -> bool:
    """Return whether an HTML parser makes an element of a tag, which it does not with every name (`<x:y>`)."""
    try:
        html.fragment_fromstring(markup)
    except (etree.ParserError, AssertionError, ValueError):
        return False
    return True


def _convert_single(writer: HtmlToNodes, markup: str, name: str) -> list[nodes.Node]:
    if name == "wbr":
        return []
    converted = writer.convert_element(html.fragment_fromstring(markup))
    return [node for node in converted if not isinstance(node, nodes.transition)]


def _enclose(writer: HtmlToNodes, markup: str, name: str, content: list[nodes.Node]) -> list[nodes.Node]:
    """Return the nodes of an opening tag with `content` inside.

    Returns `content` alone if the tag makes no node.
    """
    converted = writer.convert_element(html.fragment_fromstring(markup + f"</{name}>"))
    if not converted or not isinstance(converted[-1], nodes.Element):
        return content
    outer: Any = converted[-1]
    inner: Any = outer.children[-1] if isinstance(outer, addnodes.pending_xref) else outer
    inner += content
    return converted


def _report_unpaired(writer: HtmlToNodes, node: Any, *, is_closing: bool) -> None:
    missing = "opened" if is_closing else "closed"
    message = f"{node.astext().strip()[:60]} is not {missing} here, so it is shown as typed"
    hint = "Write `<` in backquotes or as \\< where you mean the character itself."
    place = writer.context.place_of(node, writer.docname)
    writer.context.add_finding(writer.docname, Finding("raw-html", message, place, Severity.WARNING, hint))


def _partner(parent: Any, start: int, name: str, tags: TagCache) -> int | None:
    """Return the index of the sibling that closes the tag at `start`, or None."""
    depth = 0
    for index in range(start, len(parent.children)):
        sibling = parent.children[index]
        if not isinstance(sibling, nodes.raw):
            continue
        tag = tags.get(id(sibling))
        if tag is None:
            match = HTML_TAG.fullmatch(sibling.astext().strip()) if is_raw_html(sibling) else None
            tag = tags[id(sibling)] = (match[2].lower(), bool(match[1]), sibling) if match else ("", False, sibling)
        if tag[0] == name:
            depth += -1 if tag[1] else 1
            if depth == 0:
                return index
    return None


def remove_meta_elements(app: Sphinx, doctree: nodes.document) -> None:
    """Remove `<meta>` elements of a page other than its description and keywords.

    Others redirect readers (`http-equiv="refresh"`), weaken protection or verify another site's owner.
    """
    context, docname = context_of(app), app.env.current_document.docname
    for node in list(doctree.findall(nodes.meta)):
        attributes = {key.lower(): str(value) for key, value in node.non_default_attributes().items()}
        if attributes.get("name", "").lower() in ALLOWED_META_NAMES and attributes.keys() <= {
            "name",
            "content",
            "lang",
            "xml:lang",
        }:
            continue
        setting = next((f"{key}={attributes[key]}" for key in attributes if key not in ("content", "lang")), "meta")
        place = context.place_of(node, docname)
        node.parent.remove(node)
        message = f"the meta element {setting!r} is not allowed and was removed"
        hint = "Set description: and keywords: in the front matter."
        context.add_finding(docname, Finding("html-script", message, place, Severity.WARNING, hint))
