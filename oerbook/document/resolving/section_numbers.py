"""Number chapters through the book, and sections; parts have no number."""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from docutils.nodes import Element
from sphinx import addnodes

from oerbook.document.context.reading_order import numbered_pages
from oerbook.model.book import Book

MAX_DEPTH = 3  # chapter, section, subsection

SectionNumbers = dict[str, tuple[int, ...]]


def _number(toc: Element, stack: list[int], numbers: SectionNumbers, title: nodes.title | None) -> None:
    """Number the entries of a page's toc into `numbers`; `stack` is the last number."""
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
            number = tuple(stack) if len(stack) <= MAX_DEPTH else ()
            numbers[reference["anchorname"]] = number
            reference["secnumber"] = list(number) or None
            if title is not None:
                title["secnumber"] = list(number)


def assign_section_numbers(book: Book, env: Any) -> list[str]:
    """Number the chapters through the book and return those whose numbers changed.

    Sphinx would restart at each toctree. A chapter that is unchanged and has the same number keeps its section numbers.
    """
    old = env.toc_secnumbers
    env.toc_secnumbers = {}
    changed = []
    for chapter, docname in enumerate(numbered_pages(book), start=1):
        if docname not in env.tocs:
            continue
        if env.tocs.is_pickled(docname) and old.get(docname, {}).get("") == (chapter,):
            env.toc_secnumbers[docname] = old[docname]
            continue
        numbers: SectionNumbers = {}
        _number(env.tocs[docname], [chapter - 1], numbers, env.titles.get(docname))
        env.toc_secnumbers[docname] = numbers
        if numbers != old.get(docname):
            changed.append(docname)
    return changed
