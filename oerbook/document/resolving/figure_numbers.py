"""Number figures as Sphinx does, from a cached outline of each page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util import url_re

from oerbook.document.context.page_state import NumberedOutline, page_state

FigureNumber = tuple[int, ...]


def assign_figure_numbers(_self: TocTreeCollector, env: Any) -> list[str]:
    """Number figures, tables, listings and theorems; return the pages that changed."""
    old = env.toc_fignumbers
    env.toc_fignumbers = {}
    if not env.config.numfig:
        return []
    FigureCounter(env).number_figures_of_page(env.config.root_doc, ())
    return [name for name, numbers in env.toc_fignumbers.items() if numbers != old.get(name)]


class FigureCounter:
    """Number the figures of the book in reading order."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.visited: set[str] = set()
        self.counts: Counter[tuple[str, FigureNumber]] = Counter()
        self.virtual_pages = frozenset(env.domains.standard_domain._virtual_doc_names)

    def number_figures_of_page(self, name: str, section: FigureNumber) -> None:
        """Number the figures of a page and of the pages below it, unless that was done."""
        if name in self.visited:
            return
        self.visited.add(name)
        section = getattr(self.env, "oerbook_chapter_numbers", {}).get(name, section)
        state = page_state(self.env, name)
        self._walk(name, state.outline, section)

    def _walk(self, name: str, entries: NumberedOutline, section: FigureNumber) -> None:
        for entry in entries:
            if entry[0] == "section":
                _type, anchor, inner = entry
                numbers = self.env.toc_secnumbers.get(name, {})
                number = numbers[anchor] if anchor in numbers else numbers.get("")
                self._walk(name, inner, number or section)
            elif entry[0] == "pages":
                for child in entry[1]:
                    if child not in self.virtual_pages:
                        self.number_figures_of_page(child, section)
            else:
                _type, kind, identifier = entry
                self._figure(name, kind, identifier, section)

    def _figure(self, name: str, kind: str, identifier: str, section: FigureNumber) -> None:
        section = section[: self.env.config.numfig_secnum_depth]
        self.counts[kind, section] += 1
        numbers = self.env.toc_fignumbers.setdefault(name, {}).setdefault(kind, {})
        numbers[identifier] = (*section, self.counts[kind, section])


def numbered_outline(env: Any, tree: nodes.Element) -> Iterator[tuple[Any, ...]]:
    """Yield what is numbered in a tree, in the order of Sphinx's own walk."""
    for node in tree.children:
        if isinstance(node, nodes.section):
            yield "section", "#" + node["ids"][0], tuple(numbered_outline(env, node))
        elif isinstance(node, addnodes.toctree):
            # URLs and "self" are not pages
            yield "pages", tuple(n for _title, n in node["entries"] if not url_re.match(n) and n != "self"), None
        elif isinstance(node, nodes.Element):
            kind = _kind(env, node)
            if kind and node["ids"] and not node.get("unnumbered"):
                yield "figure", kind, node["ids"][0]
            yield from numbered_outline(env, node)


def _kind(env: Any, node: nodes.Element) -> str | None:
    """Return the kind that a node is numbered as; a node without a caption has none."""
    for domain in env.domains.sorted():
        kind: str | None = domain.get_enumerable_node_type(node)
        if kind and not (isinstance(domain, StandardDomain) and not domain.get_numfig_title(node)):
            return kind
    return None
