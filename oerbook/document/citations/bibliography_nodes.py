"""Lists of works as nodes of a page, with links back to where each work is cited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.directives import BibliographyKey
from sphinxcontrib.bibtex.nodes import bibliography

from oerbook.citations.citeproc_requests import PageCitation
from oerbook.document.citations.inline_nodes import inlines_to_nodes
from oerbook.document.context.build_context import context_of
from oerbook.document.context.line_numbers import ancestors
from oerbook.metadata.labels import translated_label

MAX_BACK_LINKS = 20


def fill_bibliography_nodes(transform: Any) -> None:
    """Put the works into the lists of a page that is being resolved, in place of sphinxcontrib-bibtex's transform."""
    document = transform.document
    env = transform.env
    domain = env.get_domain("cite")
    for node in list(document.findall(bibliography)):
        key = BibliographyKey(node["docname"], node["ids"][0])
        works = [work for work in domain.citations if work.bibliography_key == key]
        if works:
            node.replace_self(_list(transform, domain, key, works))
        else:
            node.replace_self(nodes.target())
    for node in list(document.findall(FootnoteWorkNode)):
        _label, text = domain.data["works"].get(None, {}).get(node["key"].casefold(), ([], []))
        node.replace_self(inlines_to_nodes(text, _link))


class FootnoteWorkNode(nodes.Inline, nodes.TextElement):
    """A placeholder in a footnote for the description of a work, until the whole book is read."""


def _list(transform: Any, domain: Any, key: Any, works: list[Any]) -> nodes.Element:
    """Return a list of works."""
    asked = domain.bibliographies[key]
    container: nodes.Element
    if asked.list_ == "enumerated":
        container = nodes.enumerated_list(enumtype=asked.enumtype, start=_start(transform.env, asked, len(works)))
    elif asked.list_ == "bullet":
        container = nodes.bullet_list()
    else:
        container = nodes.container()
    for work in works:
        label, text = domain.data["works"][key][work.entry.key.casefold()]
        entry = asked.citation_nodes[work.key].deepcopy()
        paragraph = nodes.paragraph("", "", *inlines_to_nodes(text, _link))
        if asked.list_ == "citation":
            paragraph += back_links(transform, domain, key, work.key)
            if label:
                mark = nodes.inline("", "", *inlines_to_nodes(_trimmed(label), _link), classes=["citation-label"])
                paragraph.insert(0, [mark, nodes.Text(" ")])
        entry += paragraph
        entry["docname"] = key.docname
        container += entry
    return container


def _start(env: Any, asked: Any, count: int) -> int:
    start: int = asked.start if asked.start >= 1 else env.temp_data.get("bibtex_enum_count", 1)
    env.temp_data["bibtex_enum_count"] = start + count
    return start


def _trimmed(label: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a label without the space at its end."""
    last = label[-1]
    text = re.sub(r"\s+$", "", str(last["c"])) if last["t"] == "Str" else ""
    if last["t"] == "Space":
        return label[:-1]
    return [*label[:-1], {"t": "Str", "c": text}] if last["t"] == "Str" else label


def _link(target: str, content: list[nodes.Node]) -> nodes.Node:
    if target.startswith("#"):
        return nodes.inline("", "", *content)
    return nodes.reference("", "", *content, refuri=target)


def back_links(transform: Any, domain: Any, key: Any, cited: str) -> list[nodes.Node]:
    """Return links to the pages that cite a work, each to the first place there; to sections on the list's own page."""
    env, builder = transform.env, transform.app.builder
    places: list[tuple[str, str, str]] = []
    for docname, identifier in domain.data["cited_at"].get((key, cited), {}).items():
        if docname == key.docname:
            own = _sections(transform.document, env, domain.data["pages"][docname].values(), cited)
            places += [(docname, where, name) for name, where in own.items()]
        else:
            places.append((docname, identifier, _name(env, docname)))
    links: list[nodes.Node] = []
    for docname, identifier, name in places[:MAX_BACK_LINKS]:
        link = make_refnode(builder, key.docname, docname, identifier, [nodes.Text(name)])
        link["classes"].append("back-link")
        links += [nodes.Text(", "), link]
    if not links:
        return []
    said = nodes.Text(f"{translated_label(context_of(transform.app).book, 'cited_in')} ")
    return [
        nodes.Text(" "),
        nodes.inline("", "", nodes.Text("("), said, *links[1:], nodes.Text(")"), classes=["cited-in"]),
    ]


def _sections(document: nodes.document, env: Any, citations: Iterable[PageCitation], cited: str) -> dict[str, str]:
    """Return, by the number of a section of a page, the first citation of a work there."""
    wanted = {one.identifier for one in citations if cited in {work.key for work in one.works}}
    page = env.current_document.docname
    numbers = env.toc_secnumbers.get(page, {})
    first: dict[str, str] = {}
    for node in document.findall(nodes.Element):
        names: list[str] = node.get("ids", [])
        identifier = next((name for name in names if name in wanted), "")
        if identifier:
            anchors = [f"#{name}" for around in ancestors(node) for name in around.get("ids", ())]
            number = next((numbers[anchor] for anchor in anchors if anchor in numbers), None)
            label = ".".join(map(str, number)) if number else _name(env, page)
            first.setdefault(label, identifier)
    return first


def _name(env: Any, docname: str) -> str:
    """Return the number of a page, or its title where it has none."""
    number = env.toc_secnumbers.get(docname, {}).get("", ())
    if number:
        return ".".join(map(str, number))
    title = env.titles.get(docname)
    return title.astext() if title is not None else docname
