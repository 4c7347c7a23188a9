"""Number chapters through the book, and sections; parts have no number."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from docutils import nodes
from docutils.nodes import Element
from sphinx import addnodes

from oerbook.document.context.reading_order import numbered_pages
from oerbook.model.book import Book
from oerbook.source.toc import MAX_NUMBERED_LEVELS

SectionNumbers = dict[str, tuple[int, ...]]


def assign_section_numbers(book: Book, env: Any) -> list[str]:
    """Number the chapters through the book and return the pages whose numbers changed.

    Sphinx would restart at each toctree. A page below a chapter is numbered after the chapter's own sections. A page
    that is unchanged and has the same number keeps its section numbers.
    """
    old = env.toc_secnumbers
    env.toc_secnumbers = {}
    env.oerbook_chapter_numbers = {}  # of pages without a number below a chapter that has one
    levels = {page.slug: part.numbered_levels for part in book.parts for page in part.chapters}
    final: dict[tuple[int, ...], tuple[int, ...]] = {}  # by the number without sections of the page above
    own_sections: Counter[tuple[int, ...]] = Counter()
    changed = []
    for docname, number in numbered_pages(book).items():
        if docname not in env.tocs:
            continue
        above = number[:-1]
        final_number = (*final.get(above, above), number[-1] + own_sections[above])
        numbers = _kept_numbers(env, docname, old.get(docname, {}), final_number, levels[docname])
        if numbers is None:
            numbers = {}
            start = [*final_number[:-1], final_number[-1] - 1]
            _number(env.tocs[docname], start, numbers, env.titles.get(docname), levels[docname])
            if numbers != old.get(docname):
                changed.append(docname)
        env.toc_secnumbers[docname] = numbers
        final[number] = final_number
        depth = len(final_number)
        own_sections[number] = max((inner[depth] for inner in numbers.values() if len(inner) > depth), default=0)
    for part in book.parts:
        chapter = ()
        for page in part.chapters:
            number = env.toc_secnumbers.get(page.slug, {}).get("", ())
            chapter = number[:1] if page.level == 1 else chapter
            if chapter and not number:
                env.oerbook_chapter_numbers[page.slug] = chapter
    return changed


def _kept_numbers(
    env: Any, docname: str, old: SectionNumbers, number: tuple[int, ...], levels: int
) -> SectionNumbers | None:
    """Return the numbers of an earlier run if they are still right, None if the page must be numbered."""
    is_same = env.tocs.is_pickled(docname) and old.get("") == number
    return old if is_same and levels == MAX_NUMBERED_LEVELS and all(old.values()) else None


def _number(toc: Element, stack: list[int], numbers: SectionNumbers, title: nodes.title | None, levels: int) -> None:
    """Number the entries of a page's toc into `numbers`; `stack` is the last number."""
    for child in toc.children:
        if isinstance(child, nodes.bullet_list):
            stack.append(0)
            _number(child, stack, numbers, None, levels)
            stack.pop()
        elif isinstance(child, nodes.list_item | addnodes.only):
            _number(child, stack, numbers, title, levels)
            title = None
        elif isinstance(child, addnodes.compact_paragraph) and "skip_section_number" not in child:
            stack[-1] += 1
            reference = cast("nodes.reference", child[0])
            number = tuple(stack) if len(stack) <= levels else ()
            numbers[reference["anchorname"]] = number
            reference["secnumber"] = list(number) or None
            if title is not None:
                title["secnumber"] = list(number)
