"""Resolve the links of pages, and remove what breaks EPUB and PDF: duplicate ids and links to missing ids."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from oerbook.document.resolving.builder import BookBuilder
from oerbook.manuscript.manuscript import Section

TEXT_TYPES = frozenset({"Str", "Space", "SoftBreak"})
TYPST_LABEL = re.compile(r"<([A-Za-z][\w.:-]*)>")
# By kind of element, the index of the attributes in its content.
ATTRIBUTES_INDEX_BY_TYPE = {
    "Header": 1,
    "Div": 0,
    "Span": 0,
    "CodeBlock": 0,
    "Code": 0,
    "Table": 0,
    "Figure": 0,
    "Link": 0,
    "Image": 0,
}


def iter_elements(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every element of pandoc JSON in document order, outer elements first."""
    pending = [node]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if "t" in value:
                yield value
            content = value.get("c")
            if isinstance(content, list) and len(value) == 2:
                pending.append(content)
            elif not isinstance(content, str):
                pending += [child for key, child in reversed(value.items()) if key != "t"]
        elif isinstance(value, list):
            pending += [child for child in reversed(value) if not isinstance(child, str)]


def remove_dead_links(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """Remove duplicate ids and dead links, in place; return (slug, text) of the links."""
    ids: set[str] = set()
    links = [(section.slug, link) for section in sections for link in _remove_duplicate_ids(section.blocks, ids)]
    dead = []
    for slug, link in links:
        attributes, content, (url, _title) = link["c"]
        if url.startswith("#") and url[1:] not in ids:
            dead.append((slug, plain_text(content)))
            link["t"], link["c"] = "Span", [attributes, content]
    return dead


def _remove_duplicate_ids(blocks: Any, seen: set[str]) -> list[dict[str, Any]]:
    """Keep the first element of each id, in place, and add the ids to `seen`; return the links."""
    links = []
    for element in iter_elements(blocks):
        kind: str = element["t"]
        if kind in TEXT_TYPES:
            continue
        if kind == "Link":
            links.append(element)
        content: Any = element.get("c")
        if kind in ATTRIBUTES_INDEX_BY_TYPE:
            attributes = content[ATTRIBUTES_INDEX_BY_TYPE[kind]]
            attributes[0] = "" if attributes[0] in seen else attributes[0]
            seen |= {attributes[0]} - {""}
        elif kind in ("RawInline", "RawBlock") and content[0] == "typst" and content[1].startswith("#[#metadata"):
            labels = set(TYPST_LABEL.findall(content[1]))
            content[1] = "" if labels & seen else content[1]
            seen |= labels
    return links


def plain_text(inlines: Any) -> str:
    """Return the plain text of inlines."""
    parts = []
    for element in iter_elements(inlines):
        if element["t"] == "Str":
            parts.append(element["c"])
        elif element["t"] in ("Space", "SoftBreak"):
            parts.append(" ")
        elif element["t"] in ("Code", "Math"):
            parts.append(str(element["c"][1]))
    return "".join(parts)


def link_resolver(builder: BookBuilder) -> Callable[[str, str], tuple[str, str] | None]:
    """Return a function from page and URI, as HTML writes it, to page and id (None: outside the book)."""
    pages = {builder.get_target_uri(name): name for name in [*builder.env.found_docs, "genindex"]}

    def resolve_link(docname: str, uri: str) -> tuple[str, str] | None:
        path, _hash, fragment = uri.partition("#")
        if not path:
            return docname, fragment
        base = posixpath.dirname(builder.get_target_uri(docname))
        page = pages.get(posixpath.normpath(posixpath.join(base, path)))
        return (page, fragment) if page else None

    return resolve_link
