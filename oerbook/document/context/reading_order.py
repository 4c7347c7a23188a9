"""The order of the book, given to Sphinx: the title page and part openers get the toctree that nobody has to write."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import Desk, desk
from oerbook.model.book import Book


def children(here: Desk, docname: str) -> list[str]:
    """Return the pages directly below a page, in reading order."""
    book = here.book
    if docname == book.index.slug:
        below: list[str] = []
        for part in book.parts:
            below += [part.opener.slug] if part.opener else [page.slug for page in part.chapters]
        return below + list(here.generated)
    for part in book.parts:
        if part.opener and part.opener.slug == docname:
            return [page.slug for page in part.chapters]
    return []


def toctree(docname: str, below: list[str]) -> addnodes.toctree:
    """Return a hidden toctree node as Sphinx's directive would make it."""
    node = addnodes.toctree()
    node["parent"] = docname
    node["entries"] = [(None, name) for name in below]
    node["includefiles"] = list(below)
    node["maxdepth"] = 1
    node["caption"] = node["rawcaption"] = None
    node["glob"] = node["titlesonly"] = False
    node["hidden"] = True
    node["includehidden"] = False
    node["numbered"] = 0
    return node


def add_contents(app: Sphinx, doctree: nodes.document) -> None:
    """Put the toctree into the title page and the part openers, and take authors' own navigation out."""
    docname = app.env.current_document.docname
    for written in list(doctree.findall(addnodes.toctree)):
        wrapper = written.parent
        wrapper.remove(written)
        if "toctree-wrapper" in wrapper.get("classes", ()) and not wrapper.children:
            wrapper.parent.remove(wrapper)
    here = desk()
    below = [name for name in children(here, docname) if name in app.env.found_docs]
    if below:
        target: Any = next(doctree.findall(nodes.section), doctree)
        wrapper = nodes.compound(classes=["toctree-wrapper"])
        wrapper += toctree(docname, below)
        target += wrapper


def numbered_pages(book: Book) -> tuple[str, ...]:
    """Return the slugs of the chapters that have a number, in reading order."""
    if not book.settings.numbered:
        return ()
    return tuple(page.slug for part in book.parts for page in part.chapters if page.numbered)
