"""The index of the book as every format shows it: terms with the sections that they stand in, `see` and `see also`."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _ as translate_sphinx

from oerbook.document.context.page_state import page_state


@dataclass(frozen=True, slots=True)
class IndexLocator:
    """A place of a term: what is shown, its link from the index, and whether it is where the term is explained."""

    label: str  # the number of its section, or the title of its page
    uri: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """A term of the index with its places, references to other terms, and the terms below it."""

    words: str
    locators: tuple[IndexLocator, ...]
    see: tuple[tuple[str, str], ...] = ()  # the words before the other term, and that term
    subterms: tuple[IndexTerm, ...] = ()


IndexGroups = list[tuple[str, list[IndexTerm]]]  # (letter, terms)


def record_index_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Record in which section each index entry of a page stands."""
    sections: dict[str, str] = {}
    for index in doctree.findall(addnodes.index):
        section: Any = index.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        for _type, _value, target, *_rest in index["entries"]:
            sections[target] = section["ids"][0] if section is not None and section["ids"] else ""
    page_state(app.env, app.env.current_document.docname).index_sections = sections


def index_groups(builder: Any) -> IndexGroups:
    """Return the index of the book, sorted in the alphabet of its language."""
    pages = {builder.get_target_uri(name): name for name in builder.env.found_docs}
    return [
        (str(letter), [_term(builder.env, pages, term, content) for term, content in terms])
        for letter, terms in IndexEntries(builder.env).create_index(builder)
    ]


def _term(env: Any, pages: dict[str, str], words: str, content: Any) -> IndexTerm:
    links, subentries, _key = content
    see, below = [], []
    for subwords, sublinks in subentries:
        reference = None if sublinks else _reference(subwords)
        if reference:
            see.append(reference)
        else:
            below.append(IndexTerm(subwords, tuple(_locators(env, pages, sublinks))))
    return IndexTerm(words, tuple(_locators(env, pages, links)), tuple(see), tuple(below))


def _reference(words: str) -> tuple[str, str] | None:
    """Return the parts of "see soil" and "see also soil", in the language of the book."""
    for pattern in (translate_sphinx("see also %s"), translate_sphinx("see %s")):
        before, _place, after = str(pattern).partition("%s")
        match = re.fullmatch(re.escape(before) + "(.+)" + re.escape(after), words)
        if match:
            return (before + after).strip(), match[1]
    return None


def _locators(env: Any, pages: dict[str, str], links: Any) -> list[IndexLocator]:
    """Return the places of a term in the order of the book, each section once, pages without a number last."""
    found: dict[str, IndexLocator] = {}
    for main, uri in links:
        label = _label(env, pages, uri)
        if label not in found or (main and not found[label].is_main):
            found[label] = IndexLocator(label, uri, bool(main))
    return sorted(found.values(), key=lambda place: _order(place.label))


def _order(label: str) -> list[float]:
    """Return the sort key of "1.10", and a later one of a title."""
    numbers = label.split(".")
    return [float(part) for part in numbers] if all(map(str.isdecimal, numbers)) else [float("inf")]


def _label(env: Any, pages: dict[str, str], uri: str) -> str:
    """Return the number of the section that a link leads to, or the title of its page."""
    path, _hash, fragment = uri.partition("#")
    docname = pages.get(posixpath.normpath(path), "")
    numbers = env.toc_secnumbers.get(docname, {})
    section = page_state(env, docname).index_sections.get(fragment, "") if docname else ""
    number = numbers.get(f"#{section}") or numbers.get("")
    if number:
        return ".".join(map(str, number))
    title = env.titles.get(docname)
    return str(title.astext()) if title is not None else uri
