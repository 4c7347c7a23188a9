"""What other packages write into the HTML of a page acts in no browser: parts that an author named, and the whole."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from lxml import etree, html
from sphinx.application import Sphinx

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import place_of
from oerbook.document.safety import svg as safety_svg
from oerbook.document.safety.directives import SAFE, scheme_of
from oerbook.model.findings import Finding, Place, Severity

HINT = "Say it in words, or with a picture or a link."
ELEMENTS = [
    "script",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "form",
    "base",
    "meta",
    "link",
    "style",
    "animate",
    "set",
]
ATTRIBUTES = frozenset(["srcdoc", "formaction", "action", "ping", "background", "autofocus", "poster", "manifest"])
ADDRESSES = frozenset({"href", "src", "data", "xlink:href"})
PICTURES = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp)[;,]", re.I)
# What a page may hold that acts; words with an escaped "<" before them are no tags.
SUSPECT = re.compile(
    rf"<(?:{'|'.join(ELEMENTS)})\b|[\s\"'/](?:on[a-z]+|{'|'.join(sorted(ATTRIBUTES))})\s*=|"
    r"\b(?:javascript|vbscript|livescript|file|blob|data)\s*(?::|&)|"
    # an address with signs that browsers leave out or read as others: they may spell what is above
    r"\b(?:href|src|data)\s*=\s*[\"']?[^\"'<>/?:&]{0,20}(?:[\x00-\x20]|&(?:#|tab;|newline;|colon;))",
    re.I,
)
# What a box may say of its looks: nothing that moves it about the page or loads a thing.
LOOKS = re.compile(
    r"(?:\s*(?:color|background-color|text-align|font-(?:size|style|weight)|(?:max-)?width|(?:margin|padding)(?:-\w+)?|"
    r"border(?:-\w+)?)\s*:[\w\s.,#%]*(?:;|$))*\s*"
)


def parts(app: Sphinx, doctree: nodes.document) -> None:
    """Take out of icons and boxes what packages would write into the page as the author gave it."""
    docname = app.env.current_document.docname
    for node in doctree.findall(nodes.Element):
        if "svg" in node:
            clean, found = _icon(str(node["svg"]))
            node["svg"] = clean
        elif isinstance(node, nodes.image) and "loading" in node:
            found = f"loading: {node['loading']}" if node["loading"] == "embed" else ""
            if found:  # the drawing would be written into the page, with all that it does
                del node["loading"]
        elif "style" in node and not LOOKS.fullmatch(str(node["style"])):
            found = f"style: {node['style']}"
            del node["style"]
        else:
            continue
        if found:
            desk().report(docname, _finding(found, place_of(node, docname)))


def _icon(svg: str) -> tuple[str, str]:
    """Return an icon without what an author slipped into it, and that."""
    try:
        root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True))
        clean = safety_svg.cleaned(svg.encode())
    except (etree.XMLSyntaxError, ValueError):
        return "", "an icon that is none"
    if root.get("style") is None and clean is None:
        return svg, ""
    root = etree.fromstring(clean) if clean else root
    root.attrib.pop("style", "")
    return etree.tostring(root, encoding="unicode"), "an icon with more than its name"


def page(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Look over a page that is set, before it is written."""
    context["body"], found = harmless(str(context.get("body", "")))
    if found:
        desk().report(pagename, _finding(found, Place(desk().path(pagename))))


def harmless(body: str) -> tuple[str, str]:
    """Return HTML without what acts in a browser, and the first such thing, "" when there was none.

    >>> harmless('<p>on x=1</p>'), harmless('<p onclick="f()">a<script>f()</script>b</p>')
    (('<p>on x=1</p>', ''), ('<p>ab</p>', 'onclick'))
    >>> harmless('&lt;b&gt;<p onclick="f()">a</p>'), harmless('<a href="java&#9;script:f()">a</a>')
    (('&lt;b&gt;<p>a</p>', 'onclick'), ('<a>a</a>', 'href'))
    """
    if not SUSPECT.search(body):
        return body, ""
    root = html.fragment_fromstring(body, create_parent="div")
    found = [what for element in list(root.iter(etree.Element)) for what in _calmed(element)]
    if not found:
        return body, ""
    inside = (html.tostring(child, encoding="unicode") for child in root)
    return escape(root.text or "", quote=False) + "".join(inside), found[0]


def _calmed(element: Any) -> list[str]:
    """Take out of an element, or with it, what acts; return what that was."""
    if element.tag in ELEMENTS:
        element.drop_tree()
        return [f"<{element.tag}"]
    acting = [name for name, value in element.items() if _acts(name.lower(), value)]
    for name in acting:
        del element.attrib[name]
    return acting


def _acts(name: str, value: str) -> bool:
    if name.startswith("on") or name in ATTRIBUTES:
        return True
    scheme = scheme_of(value) if name in ADDRESSES else ""
    return bool(scheme) and scheme not in SAFE and not PICTURES.match(value)


def _finding(found: str, place: Place) -> Finding:
    words = f"what would act in a reader's browser ({found[:60]}) does nothing in a book"
    return Finding("html-active", words, place, Severity.WARNING, HINT)
