"""Figure numbers as Sphinx gives them, from an outline of each page: a page that is the same is not walked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util import url_re

BY_SPHINX = TocTreeCollector.assign_figure_numbers  # what ours is held to
Number = tuple[int, ...]
# What counts on a page, in its order: ("section", anchor, what is in it), ("pages", names), ("figure", kind, id).
Outline = tuple[tuple[Any, ...], ...]


def assign_figure_numbers(self: TocTreeCollector, env: Any) -> list[str]:
    """Number figures, tables, listings and statements through the book; return the pages whose numbers changed."""
    old = env.toc_fignumbers
    env.toc_fignumbers = {}
    if not env.config.numfig:
        return []
    Counting(env).page(env.config.root_doc, ())
    return [name for name, numbers in env.toc_fignumbers.items() if numbers != old.get(name)]


class Counting:
    """One walk through the book in reading order."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.seen: set[str] = set()
        self.counted: Counter[tuple[str, Number]] = Counter()
        self.virtual = frozenset(env.domains.standard_domain._virtual_doc_names)
        self.outlines: dict[str, Outline] = env.oerbook_outlines

    def page(self, name: str, section: Number) -> None:
        """Number what is on a page, and on the pages below it, once."""
        if name in self.seen:
            return
        self.seen.add(name)
        if name not in self.outlines:
            self.outlines[name] = tuple(outline(self.env, self.env.get_doctree(name)))
        self._walk(name, self.outlines[name], section)

    def _walk(self, name: str, inside: Outline, section: Number) -> None:
        for kind, what, more in inside:
            if kind == "section":
                numbers = self.env.toc_secnumbers.get(name, {})
                own = numbers[what] if what in numbers else numbers.get("")
                self._walk(name, more, own or section)
            elif kind == "pages":
                for below in what:
                    if below not in self.virtual:
                        self.page(below, section)
            else:
                self._figure(name, what, more, section)

    def _figure(self, name: str, kind: str, anchor: str, section: Number) -> None:
        section = section[: self.env.config.numfig_secnum_depth]
        self.counted[kind, section] += 1
        numbers = self.env.toc_fignumbers.setdefault(name, {}).setdefault(kind, {})
        numbers[anchor] = (*section, self.counted[kind, section])


def outline(env: Any, tree: nodes.Element) -> Iterator[tuple[Any, ...]]:
    """Yield what counts of a tree, in the order in which Sphinx comes to it."""
    for node in tree.children:
        if isinstance(node, nodes.section):
            yield "section", "#" + node["ids"][0], tuple(outline(env, node))
        elif isinstance(node, addnodes.toctree):
            # other sites and "self" are no pages
            yield "pages", tuple(n for _title, n in node["entries"] if not url_re.match(n) and n != "self"), None
        elif isinstance(node, nodes.Element):
            kind = _kind(env, node)
            if kind and node["ids"]:
                yield "figure", kind, node["ids"][0]
            yield from outline(env, node)


def _kind(env: Any, node: nodes.Element) -> str | None:
    """Return what a node is counted as; what has no caption is not."""
    for domain in env.domains.sorted():
        kind: str | None = domain.get_enumerable_node_type(node)
        if kind and not (isinstance(domain, StandardDomain) and not domain.get_numfig_title(node)):
            return kind
    return None


def install() -> None:
    """Put this in place of Sphinx's walk over every node of the book."""
    collector: Any = TocTreeCollector
    collector.assign_figure_numbers = assign_figure_numbers
