"""HTML in a chapter becomes ordinary nodes, so that it reads the same in every format and carries no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from lxml import html
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import place_of
from oerbook.document.transforms.html_nodes import COMMENT, TAG, Writer, uncommented
from oerbook.model.findings import Finding, Severity

ACTIVE = re.compile(
    r"<\s*(script|iframe|frame|object|embed|applet|form|base|meta|link|style)\b|\b(srcdoc|on[a-z]{3,})\s*=|"
    r"\b(java|vb|live)\s*script\s*:",
    re.I,
)
# By the identity of a node: the name of its tag, whether it closes, the node itself, so that the identity stays its own
Tags = dict[int, tuple[str, bool, nodes.Node]]
HARMLESS = frozenset({"description", "keywords"})  # what a page may say of itself in <meta>
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
KEEP = re.compile(
    r"\s*(</?s>|<br ?/?>|<input(?: (?:class=\"[\w -]*\"|(?:checked|disabled)=\"\w*\"|type=\"checkbox\"))+ ?/?>|&nbsp;)\s*",
    re.I,
)


def unclosed(markup: str) -> list[str]:
    """Return the tags that a fragment opens and does not close, outermost first.

    >>> unclosed('<div class="a"><b>x</b>')
    ['div']
    """
    stack: list[str] = []
    for close, name, _rest, single in TAG.findall(uncommented(markup)):
        name = name.lower()
        if name in VOID or single:
            continue
        if not close:
            stack.append(name)
        elif name in stack:
            del stack[len(stack) - 1 - stack[::-1].index(name) :]
    return stack


def closes(markup: str) -> list[str]:
    """Return the tags that a fragment closes without having opened them."""
    depth: dict[str, int] = {}
    found = []
    for close, name, _rest, single in TAG.findall(uncommented(markup)):
        name = name.lower()
        if name in VOID or single:
            continue
        depth[name] = depth.get(name, 0) + (-1 if close else 1)
        if depth[name] < 0:
            found.append(name)
            depth[name] = 0
    return found


def is_html(node: nodes.Node) -> bool:
    """Say whether a node is HTML that an author wrote."""
    return isinstance(node, nodes.raw) and "html" in node.get("format", "").split()


def convert(app: Sphinx, doctree: nodes.document) -> None:
    """Turn every piece of HTML of a page into nodes."""
    docname = app.env.current_document.docname
    writer = Writer(app.env, docname)
    tags: Tags = {}
    acts = _acting(doctree, docname)
    for node in list(doctree.findall(is_html)):
        parent: Any = node.parent
        if parent is None or node not in parent.children or KEEP.fullmatch(node.astext()):
            continue
        place, writer.dropped = place_of(node, docname), set()
        if isinstance(parent, nodes.TextElement):
            _inline(writer, parent, node, tags)
        else:
            _block(writer, parent, node)
        for name in sorted(writer.dropped.difference(acts)):
            message = f"<{name}> does nothing in a book and was left out"
            hint = "Say it in words or with a picture; a book runs no code in the reader's browser."
            desk().report(docname, Finding("raw-html", message, place, Severity.WARNING, hint))
    _lead(doctree, writer.anchors)
    _led(doctree, writer, docname)
    slugs = app.env.metadata[docname].setdefault("myst_slugs", {}) if writer.anchors else {}
    for name, made in writer.anchors.items():
        slugs.setdefault(name, (0, made, name))  # where links of other pages look: page.md#name


def _acting(doctree: nodes.document, docname: str) -> set[str]:
    """Report HTML that a browser would act upon, and return the names of its tags."""
    names = set()
    for node in doctree.findall(is_html):
        active = list(ACTIVE.finditer(node.astext()))
        names |= {match[1].lower() for match in active if match[1]}
        if active:
            words = f"HTML that would act in a reader's browser ({active[0][0].strip()[:30]}) does nothing in a book"
            hint = "Say it in words, or with a picture or a link."
            if (active[0][1] or "").lower() == "iframe":
                hint = "A link takes its place; write it yourself: [Worms at work](https://…)."
            place = place_of(node, docname)
            desk().report(docname, Finding("html-active", words, place, Severity.WARNING, hint))
    return names


def _lead(doctree: nodes.document, anchors: dict[str, str]) -> None:
    """Let `[words](#name)` lead to a place of this page that HTML names."""
    for asked in list(doctree.findall(addnodes.pending_xref)) if anchors else ():
        name = asked.get("reftarget", "")
        if name in anchors and asked.get("reftype") == "myst" and not asked.get("refdomain"):
            inside = asked.children if asked.astext() else [nodes.Text(name)]
            asked.replace_self(nodes.reference("", "", *inside, refid=anchors[name], internal=True))


def _led(doctree: nodes.document, writer: Writer, docname: str) -> None:
    """Settle where the links of HTML lead in this page; one that leads nowhere is reported."""
    headings = getattr(doctree, "myst_slugs", {})
    there = {made for node in doctree.findall(nodes.Element) for made in node["ids"]} if writer.asked else set()
    for link, name in writer.asked:
        made = writer.anchors.get(name) or (headings[name][1] if name in headings else link["refid"])
        if made in there:
            link["refid"] = made
        elif name not in ("", "top"):
            hint = "Check the spelling; a place is named with (label)= above it, or with an id."
            words = f"nothing in this page is labelled {name}"
            place = place_of(link, docname)
            desk().report(docname, Finding("reference-missing", words, place, Severity.WARNING, hint))


def _replace(parent: Any, first: int, last: int, new: list[nodes.Node]) -> None:
    line = place_of(parent[first], desk().book.index.slug).line
    for node in new:
        if isinstance(node, nodes.Element) and not getattr(node, "line", None):
            node.line = line  # so that what is found in it later has a place
    parent[first : last + 1] = new


def _block(writer: Writer, parent: Any, node: Any) -> None:
    """Turn a block of HTML, with what it encloses, into nodes."""
    start = parent.index(node)
    open_tags = unclosed(node.astext())
    end = start
    for place in range(start + 1, len(parent.children)) if open_tags else ():
        sibling = parent.children[place]
        if is_html(sibling):
            for name in closes(sibling.astext()):
                if name in open_tags:
                    open_tags.remove(name)
            open_tags += unclosed(sibling.astext())
            if not open_tags:
                end = place
                break
    if end == start:
        _replace(parent, start, start, writer.blocks(node.astext()))
        return
    opened = writer.blocks(node.astext())
    alone = len(opened) == 1 and isinstance(opened[0], nodes.container)
    box: Any = opened[0] if alone else nodes.container(classes=_classes(node.astext()))
    if not alone:
        box += opened
    for sibling in parent.children[start + 1 : end + 1]:
        box += writer.blocks(sibling.astext()) if is_html(sibling) else [sibling]
    _replace(parent, start, end, [box])


def _classes(markup: str) -> list[str]:
    match = re.search(r"class\s*=\s*[\"']([^\"']*)", markup)
    return match[1].split() if match else []


def _inline(writer: Writer, parent: Any, node: Any, tags: Tags) -> None:
    """Turn inline HTML into nodes: a pair of tags round its text, a single tag, or else the tag as it was typed."""
    place = parent.index(node)
    match = TAG.fullmatch(node.astext().strip())
    name = match[2].lower() if match else ""
    if COMMENT.fullmatch(node.astext().strip()) or (match and match[1] and name in VOID - {"br"}):
        _replace(parent, place, place, [])  # </img> ends what has no end
    elif match and match[1] and name == "br":
        _replace(parent, place, place, _single(writer, "<br>", name))
    elif match and (name in VOID or match[4]) and not match[1]:
        _replace(parent, place, place, _single(writer, node.astext(), name))
    elif match and not match[1] and (end := _partner(parent, place, name, tags)) is not None:
        shell = html.fragment_fromstring(node.astext() + f"</{name}>")
        made = writer._element(shell)
        inside = parent.children[place + 1 : end]
        if made and isinstance(made[-1], nodes.Element):
            host: Any = made[-1].children[-1] if made[-1].__class__.__name__ == "pending_xref" else made[-1]
            host += inside
            inside = made
        _replace(parent, place, end, list(inside))
    else:
        desk().report(
            writer.docname,
            Finding(
                "raw-html",
                f"{node.astext().strip()[:60]} is not {'opened' if match and match[1] else 'closed'} here, so it is shown as it was typed",
                place_of(node, writer.docname),
                Severity.WARNING,
                "Write `<` in back-quotes or as \\< where you mean the sign itself.",
            ),
        )
        _replace(parent, place, place, [nodes.Text(node.astext())])


def _single(writer: Writer, markup: str, name: str) -> list[nodes.Node]:
    if name == "wbr":
        return []
    return [n for n in writer._element(html.fragment_fromstring(markup)) if not isinstance(n, nodes.transition)]


def _partner(parent: Any, place: int, name: str, tags: Tags) -> int | None:
    """Return where the tag that opens at `place` is closed among its siblings."""
    depth = 0
    for spot in range(place, len(parent.children)):
        sibling = parent.children[spot]
        if not isinstance(sibling, nodes.raw):
            continue
        tag = tags.get(id(sibling))
        if tag is None:
            match = TAG.fullmatch(sibling.astext().strip()) if is_html(sibling) else None
            tag = tags[id(sibling)] = (match[2].lower(), bool(match[1]), sibling) if match else ("", False, sibling)
        if tag[0] == name:
            depth += -1 if tag[1] else 1
            if depth == 0:
                return spot
    return None


def pieces(doctree: nodes.document) -> Iterator[nodes.raw]:
    """Yield the HTML that is left in a page (breaks and boxes that MyST itself writes)."""
    yield from (node for node in doctree.findall(nodes.raw) if is_html(node))


def metas(app: Sphinx, doctree: nodes.document) -> None:
    """Take out what a page would tell browsers and machines of itself, but for words on what it is about.

    `<meta http-equiv="refresh">` leads readers elsewhere, others switch protection off or vouch for somebody else's site.
    """
    docname = app.env.current_document.docname
    for node in list(doctree.findall(nodes.meta)):
        given = {key.lower(): str(value) for key, value in node.non_default_attributes().items()}
        if given.get("name", "").lower() in HARMLESS and given.keys() <= {"name", "content", "lang", "xml:lang"}:
            continue
        told = next((f"{key}={given[key]}" for key in given if key not in ("content", "lang")), "meta")
        place = place_of(node, docname)
        node.parent.remove(node)
        words = f"a page tells nobody {told!r} of itself, so it was taken out"
        hint = "Say description: and keywords: in the front matter."
        desk().report(docname, Finding("html-active", words, place, Severity.WARNING, hint))
