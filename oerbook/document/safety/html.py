"""Sanitize HTML that extensions generate.

The result has no scripts, frames, event handlers or unsafe URLs.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from lxml import etree, html
from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.safety import svg as safety_svg
from oerbook.document.safety.directives import SAFE_SCHEMES, scheme_of
from oerbook.model.findings import Finding, Place, Severity

ACTIVE_HTML_HINT = "Use text, an image or a link instead."
ACTIVE_HTML_ELEMENTS = [
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
ACTIVE_HTML_ATTRIBUTES = frozenset(
    ["srcdoc", "formaction", "action", "ping", "background", "autofocus", "poster", "manifest"]
)
URL_ATTRIBUTES = frozenset({"href", "src", "data", "xlink:href"})
DATA_IMAGE = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp)[;,]", re.I)
# Cheap test for pages that need parsing. Text after an escaped "<" is not a tag.
SUSPICIOUS_HTML = re.compile(
    rf"<(?:{'|'.join(ACTIVE_HTML_ELEMENTS)})\b|[\s\"'/](?:on[a-z]+|{'|'.join(sorted(ACTIVE_HTML_ATTRIBUTES))})\s*=|"
    r"\b(?:javascript|vbscript|livescript|file|blob|data)\s*(?::|&)|"
    # a URL with characters that browsers ignore or decode, which may hide one of the schemes above
    r"\b(?:href|src|data)\s*=\s*[\"']?[^\"'<>/?:&]{0,20}(?:[\x00-\x20]|&(?:#|tab;|newline;|colon;))",
    re.I,
)
# Allowed style attributes of nodes: nothing that moves an element on the page or loads something.
SAFE_STYLE = re.compile(
    r"(?:\s*(?:color|background-color|text-align|font-(?:size|style|weight)|(?:max-)?width|(?:margin|padding)(?:-\w+)?|"
    r"border(?:-\w+)?)\s*:[\w\s.,#%]*(?:;|$))*\s*"
)


def sanitize_nodes(app: Sphinx, doctree: nodes.document) -> None:
    """Remove active content from node attributes that extensions copy to the page."""
    build, docname = context_of(app), app.env.current_document.docname
    for node in doctree.findall(nodes.Element):
        if "svg" in node:
            clean, removed = _clean_icon(str(node["svg"]))
            node["svg"] = clean
        elif isinstance(node, nodes.image) and "loading" in node:
            removed = f"loading: {node['loading']}" if node["loading"] == "embed" else ""
            if removed:  # embeds the SVG in the page, scripts included
                del node["loading"]
        elif "style" in node and not SAFE_STYLE.fullmatch(str(node["style"])):
            removed = f"style: {node['style']}"
            del node["style"]
        else:
            continue
        if removed:
            build.add_finding(docname, _finding(removed, build.place_of(node, docname)))


def _clean_icon(svg: str) -> tuple[str, str]:
    """Return an icon without active content, and what was removed, or ""."""
    try:
        root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True))
        clean = safety_svg.sanitize_svg(svg.encode())
    except (etree.XMLSyntaxError, ValueError):
        return "", "invalid icon"
    if root.get("style") is None and clean is None:
        return svg, ""
    root = etree.fromstring(clean) if clean else root
    root.attrib.pop("style", "")
    return etree.tostring(root, encoding="unicode"), "icon with extra content"


def sanitize_page(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Sanitize the body of a rendered page before it is written."""
    context["body"], removed = sanitize_html(str(context.get("body", "")))
    if removed:
        build = context_of(app)
        build.add_finding(pagename, _finding(removed, Place(build.relative_path(pagename))))


def sanitize_html(body: str) -> tuple[str, str]:
    """Return HTML without active content, and the first name removed, or "".

    >>> sanitize_html('<p>on x=1</p>'), sanitize_html('<p onclick="f()">a<script>f()</script>b</p>')
    (('<p>on x=1</p>', ''), ('<p>ab</p>', 'onclick'))
    >>> sanitize_html('&lt;b&gt;<p onclick="f()">a</p>'), sanitize_html('<a href="java&#9;script:f()">a</a>')
    (('&lt;b&gt;<p>a</p>', 'onclick'), ('<a>a</a>', 'href'))
    """
    if not SUSPICIOUS_HTML.search(body):
        return body, ""
    root = html.fragment_fromstring(body, create_parent="div")
    removed = [name for element in list(root.iter(etree.Element)) for name in _sanitize(element)]
    if not removed:
        return body, ""
    children = (html.tostring(child, encoding="unicode") for child in root)
    return escape(root.text or "", quote=False) + "".join(children), removed[0]


def _sanitize(element: Any) -> list[str]:
    """Remove an active element or its active attributes; return their names."""
    if element.tag in ACTIVE_HTML_ELEMENTS:
        element.drop_tree()
        return [f"<{element.tag}"]
    active = [name for name, value in element.items() if _is_active(name.lower(), value)]
    for name in active:
        del element.attrib[name]
    return active


def _is_active(name: str, value: str) -> bool:
    if name.startswith("on") or name in ACTIVE_HTML_ATTRIBUTES:
        return True
    scheme = scheme_of(value) if name in URL_ATTRIBUTES else ""
    return bool(scheme) and scheme not in SAFE_SCHEMES and not DATA_IMAGE.match(value)


def _finding(removed: str, place: Place) -> Finding:
    message = f"active HTML was removed ({removed[:60]})"
    return Finding("html-script", message, place, Severity.WARNING, ACTIVE_HTML_HINT)
