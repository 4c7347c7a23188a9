"""Give the tree of a page its title, and one section below it."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document


def add_title(document: nodes.document, title: str) -> None:
    """Give a page without a heading the title from its front matter."""
    section = nodes.section("", nodes.title(title, title), names=[nodes.fully_normalize_name(title)])
    section.extend(document.children)
    document.clear()
    document += section
    document.note_implicit_target(section, section)


def nest_under_first_heading(document: nodes.document) -> None:
    """Move all other content into the first top-level section: a page is one chapter."""
    sections = [child for child in document.children if isinstance(child, nodes.section)]
    if not sections:
        return
    first = sections[0]
    before = document.children[: document.children.index(first)]
    visible = [n for n in before if not isinstance(n, nodes.comment | nodes.target | nodes.substitution_definition)]
    for node in visible:
        document.remove(node)
    for index, node in enumerate(visible):
        first.insert(1 + index, node)
    for child in list(document.children[document.children.index(first) + 1 :]):
        document.remove(child)
        first += child


def make_notice_page(path: str, title: str, text: str) -> nodes.document:
    """Return a page with a title and a warning only."""
    tree = new_document(path)
    section = nodes.section("", nodes.title(title, title), ids=["notice"])
    section += nodes.warning("", nodes.paragraph(text, text))
    tree += section
    return tree
