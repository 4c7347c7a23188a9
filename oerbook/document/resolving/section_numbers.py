"""Chapter and section numbers: chapters count through the whole book, parts and the title page carry none."""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from docutils.nodes import Element
from sphinx import addnodes
from sphinx.environment.collectors.toctree import TocTreeCollector

from oerbook.document.context.build_context import desk
from oerbook.document.context.reading_order import numbered_pages

DEPTH = 3  # chapter, section, subsection

Numbers = dict[str, tuple[int, ...]]


def _number(toc: Element, stack: list[int], numbers: Numbers, title: nodes.title | None) -> None:
    """Walk one page's contents list and number its entries; `stack` is the number so far."""
    for child in toc.children:
        if isinstance(child, nodes.bullet_list):
            stack.append(0)
            _number(child, stack, numbers, None)
            stack.pop()
        elif isinstance(child, nodes.list_item | addnodes.only):
            _number(child, stack, numbers, title)
            title = None
        elif isinstance(child, addnodes.compact_paragraph) and "skip_section_number" not in child:
            stack[-1] += 1
            reference = cast("nodes.reference", child[0])
            number = tuple(stack) if len(stack) <= DEPTH else ()
            numbers[reference["anchorname"]] = number
            reference["secnumber"] = list(number) or None
            if title is not None:
                title["secnumber"] = list(number)


def assign_section_numbers(self: TocTreeCollector, env: Any) -> list[str]:
    """Number the chapters through the book, in place of Sphinx's numbering of each toctree on its own.

    The sections of a chapter that is what it was, in the place where it was, have their numbers already.
    """
    old = env.toc_secnumbers
    env.toc_secnumbers = {}
    changed = []
    for place, docname in enumerate(numbered_pages(desk().book), start=1):
        if docname not in env.tocs:
            continue
        if env.tocs.untouched(docname) and old.get(docname, {}).get("") == (place,):
            env.toc_secnumbers[docname] = old[docname]
            continue
        numbers: Numbers = {}
        _number(env.tocs[docname], [place - 1], numbers, env.titles.get(docname))
        env.toc_secnumbers[docname] = numbers
        if numbers != old.get(docname):
            changed.append(docname)
    return changed


def install() -> None:
    """Put our numbering in place of Sphinx's (which restarts at every toctree)."""
    collector: Any = TocTreeCollector
    collector.assign_section_numbers = assign_section_numbers
