"""Bring the HTML that Google Docs exports into ordinary HTML: titles, nested lists, links, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from oerbook.importers.web.elements import classes_of, remove, text_of
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

LIST_CLASS = re.compile(r"^lst-kix_\w+-(\d+)$")
MAX_SHOWN_CHARS = 150


def is_google_docs(root: XmlElement) -> bool:
    """Say whether a page is an export of Google Docs."""
    styles = "".join(element.text or "" for element in root.iter("style"))[:4000]
    body = root.find(".//body")
    return (
        "googleusercontent.com" in styles
        or "lst-kix" in styles
        or (body is not None and "doc-content" in classes_of(body))
    )


def rewrite_google_docs(body: XmlElement, name: str) -> list[Finding]:
    """Rewrite the body of an export; comments become findings."""
    for link in body.iter("a"):
        parts = urlsplit(link.get("href") or "")
        if parts.netloc == "www.google.com" and parts.path == "/url":
            link.set("href", (parse_qs(parts.query).get("q") or [""])[0])
    for paragraph in body.iter("p"):
        if "title" in classes_of(paragraph):
            paragraph.tag = "h1"
        elif "subtitle" in classes_of(paragraph):
            paragraph.set("class", "subtitle")
    if sum(1 for _ in body.iter("h1")) > 1 and any("title" in classes_of(h) for h in body.iter("h1")):
        for heading in [h for level in range(5, 0, -1) for h in body.iter(f"h{level}")]:
            if "title" not in classes_of(heading):
                heading.tag = f"h{int(heading.tag[1]) + 1}"
    _nest_lists(body)
    return list(_take_comments(body, name))


def _nest_lists(body: XmlElement) -> None:
    """Put each list of a deeper level into the last item of the list before it."""
    open_lists: dict[int, XmlElement] = {}
    last: XmlElement | None = None
    for current in list(body.iter("ul", "ol")):
        level = next((int(m[1]) for name in classes_of(current) if (m := LIST_CLASS.match(name))), None)
        if level is None:
            continue
        follows = current.getprevious() is last and last is not None and not (last.tail or "").strip()
        parent = open_lists.get(level - 1) if follows else None
        same = open_lists.get(level) if follows else None
        if not follows:
            open_lists = {}
            last = current
        if same is not None and same.tag == current.tag and not (current.get("start") and level == 0):
            same.extend(list(current))
            remove(current)
        elif parent is not None and len(parent):
            remove(current)
            parent[-1].append(current)
            open_lists[level] = current
        else:
            open_lists[level] = current
            last = current
        for deeper in [key for key in open_lists if key > level]:
            del open_lists[deeper]


def _take_comments(body: XmlElement, name: str) -> Iterator[Finding]:
    for link in list(body.iter("a")):
        identifier = link.get("id") or ""
        if identifier.startswith("cmnt_ref"):
            holder = link.getparent()
            remove(holder if holder is not None and holder.tag == "sup" else link)
        elif identifier.startswith("cmnt"):
            block = next((e for e in link.iterancestors() if e.tag == "div"), None)
            text = re.sub(r"^\[\w+\]\s*", "", text_of(block)) if block is not None else ""
            if block is not None and block is not body:
                remove(block)
            message = f"a comment is no part of the text and was left out: “{text[:MAX_SHOWN_CHARS]}”"
            yield Finding("import-comment", message, Place(name, link.sourceline or 0), Severity.WARNING)
