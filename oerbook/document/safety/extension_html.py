"""Sanitize HTML that extensions generate.

The result has no scripts, frames, event handlers or unsafe URLs.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from lxml import etree
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.safety import svg_sanitizer as safety_svg
from oerbook.markup.html import sanitize_html
from oerbook.media.embeds import identify_embed
from oerbook.model.findings import Finding, Place, Severity

ACTIVE_HTML_PATTERN = re.compile(
    r"<\s*(script|iframe|frame|object|embed|applet|form|base|meta|link|style)\b|\b(srcdoc|on[a-z]{3,})\s*=|"
    r"\b(java|vb|live)\s*script\s*:",
    re.I,
)
FRAME_TAG = re.compile(r"<iframe\b[^<>]*>", re.I)
FRAME_SOURCE = re.compile(r"\ssrc\s*=\s*[\"']([^\"']+)", re.I)
ACTIVE_HTML_HINT = "Use text, an image or a link instead."
# Allowed style attributes of nodes: nothing that moves an element on the page or loads something.
SAFE_STYLE = re.compile(
    r"(?:\s*(?:color|background-color|text-align|font-(?:size|style|weight)|(?:max-)?width|(?:margin|padding)(?:-\w+)?|"
    r"border(?:-\w+)?)\s*:[\w\s.,#%]*(?:;|$))*\s*"
)


def sanitize_node_attributes(app: Sphinx, doctree: nodes.document) -> None:
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


def sanitize_page_body(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Sanitize the body of a rendered page before it is written."""
    for name in ("body", "toc", "title"):
        if isinstance(context.get(name), str):
            context[name], removed = sanitize_html(context[name])
            if removed:
                report_removed_html(context_of(app), pagename, removed)


def report_active_html(build: BuildContext, docname: str, markup: str, place: Place) -> set[str]:
    """Report active HTML (scripts, event handlers …) in a text; return its tag names."""
    markup = FRAME_TAG.sub(lambda tag: "" if _is_embedded(build, tag[0]) else tag[0], markup)
    matches = list(ACTIVE_HTML_PATTERN.finditer(markup))
    if matches:
        message = f"active HTML ({matches[0][0].strip()[:30]}) has no effect in a book"
        hint = "Use text, a picture or a link."
        if (matches[0][1] or "").lower() == "iframe":
            hint = "It becomes a link; write the link yourself: [Worms at work](https://…)."
        build.add_finding(docname, Finding("html-script", message, place, Severity.WARNING, hint))
    return {match[1].lower() for match in matches if match[1]}


def _is_embedded(build: BuildContext, tag: str) -> bool:
    """Return whether a frame becomes a poster that loads it when a reader asks."""
    source = FRAME_SOURCE.search(tag)
    is_active = ACTIVE_HTML_PATTERN.search(tag.partition("iframe")[2]) is not None
    return source is not None and not is_active and bool(identify_embed(source[1], build.book.settings.embeds))


def report_removed_html(build: BuildContext, docname: str, removed: str) -> None:
    """Add a finding about HTML that was removed from a page."""
    build.add_finding(docname, _finding(removed, Place(build.relative_path(docname))))


def _finding(removed: str, place: Place) -> Finding:
    message = f"active HTML was removed ({removed[:60]})"
    return Finding("html-script", message, place, Severity.WARNING, ACTIVE_HTML_HINT)
