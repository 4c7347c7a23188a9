"""Give Sphinx the reading order: toctrees on the title page and part openers."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.model.book import Book

DEEPER_THAN_ANY_PAGE = 9  # deeper than any page


def child_pages(context: BuildContext, docname: str) -> list[str]:
    """Return the pages directly below a page, in reading order."""
    book = context.book
    if docname == book.index.slug:
        docnames: list[str] = []
        for part in book.parts:
            docnames += [part.opener.slug] if part.opener else [page.slug for page in part.chapters]
        return docnames + list(context.generated_pages)
    for part in book.parts:
        if part.opener and part.opener.slug == docname:
            return [page.slug for page in part.chapters]
    return []


def make_toctree(docname: str, entries: list[str]) -> addnodes.toctree:
    """Return a hidden toctree node like that of Sphinx's directive."""
    node = addnodes.toctree()
    node["parent"] = docname
    node["entries"] = [(None, name) for name in entries]
    node["includefiles"] = list(entries)
    node["maxdepth"] = 1
    node["caption"] = node["rawcaption"] = None
    node["glob"] = node["titlesonly"] = False
    node["hidden"] = True
    node["includehidden"] = False
    node["numbered"] = 0
    return node


def add_toctree(app: Sphinx, doctree: nodes.document) -> None:
    """Replace toctrees by authors with that of the book."""
    docname = app.env.current_document.docname
    for author_toctree in list(doctree.findall(addnodes.toctree)):
        wrapper = author_toctree.parent
        wrapper.remove(author_toctree)
        if "toctree-wrapper" in wrapper.get("classes", ()) and not wrapper.children:
            wrapper.parent.remove(wrapper)
    entries = [name for name in child_pages(context_of(app), docname) if name in app.env.found_docs]
    if entries:
        target: Any = next(doctree.findall(nodes.section), doctree)
        wrapper = nodes.compound(classes=["toctree-wrapper"])
        wrapper += make_toctree(docname, entries)
        target += wrapper


def numbered_pages(book: Book) -> dict[str, tuple[int, ...]]:
    """Return the pages that have a number, in reading order, with the number of each: (2,) for a chapter.

    A page below a chapter continues its number, (2, 1), unless the chapter has none.

    >>> from pathlib import Path
    >>> from oerbook.model.book import Chapter, Part
    >>> chapters = (Chapter("a", "", ""), Chapter("b", "", "", level=2), Chapter("c", "", "", numbered=False))
    >>> numbered_pages(Book(Path(), "", chapters[0], "en", parts=(Part("", None, chapters),)))
    {'a': (1,), 'b': (1, 1)}
    """
    numbers: dict[str, tuple[int, ...]] = {}
    chapter_count = 0
    for part in book.parts if book.settings.numbered else ():
        stack = [chapter_count]
        unnumbered_level = DEEPER_THAN_ANY_PAGE
        for page in part.chapters:
            if page.level > unnumbered_level:
                continue  # it is below a page without a number
            unnumbered_level = DEEPER_THAN_ANY_PAGE
            if not page.numbered or page.level > part.numbered_levels:
                unnumbered_level = page.level
                continue
            stack = [*stack[: page.level], *[0] * (page.level - len(stack))]
            stack[-1] += 1
            numbers[page.slug] = tuple(stack)
        chapter_count = stack[0]
    return numbers
