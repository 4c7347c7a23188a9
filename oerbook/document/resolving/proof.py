"""The proof: what Sphinx understood of every page, as plain values that checks can look at without Sphinx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from PIL import Image
from sphinx import addnodes

from oerbook.document.context.build_context import Desk
from oerbook.document.context.log_handler import ancestors, place_of
from oerbook.document.reading.generated_pages import bibliography_files
from oerbook.model.book import Chapter
from oerbook.model.findings import Place
from oerbook.model.proof import Grid, Heading, Link, PageProof, Passage, Picture, Proof
from oerbook.source.text import load

ENTRY = re.compile(r"^[ \t]*@(?!comment|string|preamble)\w+\s*[{(]\s*([^,\s]+)\s*,", re.M | re.I)
NOT_OWN = (nodes.block_quote, nodes.table, nodes.footnote, nodes.citation)
WORDS = (nodes.paragraph, nodes.title, nodes.caption, nodes.rubric, nodes.term, nodes.line, nodes.attribution)
QUIET = (nodes.comment, nodes.target, nodes.substitution_definition, addnodes.index, addnodes.highlightlang)


def proof_of(here: Desk, builder: Any) -> Proof:
    """Return the proof of the book that was just read."""
    domain = builder.env.domains["cite"]
    marks = {str(found.citation_id) for found in domain.citations}
    keys = {str(target.key) for ref in domain.citation_refs for target in ref.targets}
    keys |= {str(found.key) for found in domain.citations}
    keys = keys.union(*builder.env.oerbook_cited.values())
    pages = [_kept(here, page, builder, marks) for page in here.pages.values()]
    return Proof(tuple(pages), tuple(_entries(here)), frozenset(keys))


def _entries(here: Desk) -> Iterator[tuple[str, Place]]:
    """Yield the entries of the bibliography files."""
    for name in bibliography_files(here.book):
        text = (here.book.root / "chapters" / name).read_text(encoding="utf-8", errors="replace")
        for match in ENTRY.finditer(text):
            yield match[1], Place(f"chapters/{name}", text[: match.start(1)].count("\n") + 1)


def _kept(here: Desk, page: Chapter, builder: Any, marks: set[str]) -> PageProof:
    """Return what was understood of a page, from an earlier run where it is the same; its files are looked at anew."""
    text, _problem = load(f"{here.book.root}/{page.path}", here.book.root)
    key = builder.keys[page.slug]
    found: PageProof | None = builder.shelf.get("proof", key)
    if found is None:
        found = replace(_page(here, page, builder.resolved(page.slug), marks, text), key=key)
        builder.shelf.put("proof", key, found)
        return found
    if found.text == text and not found.pictures:
        return found
    return replace(found, text=text, pictures=tuple(_measured(here, picture) for picture in found.pictures))


def _measured(here: Desk, picture: Picture) -> Picture:
    size, width, height = _measures(here.book.root / "chapters" / picture.src)
    return replace(picture, size=size, width=width, height=height)


def page_proof(here: Desk, page: Chapter, tree: nodes.document) -> PageProof:
    """Return what was understood of one page that was just read; whether its passages cite works is not asked."""
    text, _problem = load(f"{here.book.root}/{page.path}", here.book.root)
    return _page(here, page, tree, set(), text)


def _page(here: Desk, page: Chapter, tree: nodes.document, marks: set[str], text: str) -> PageProof:
    if page.problem:
        return PageProof(page.slug, page.path, text)
    return PageProof(
        slug=page.slug,
        path=page.path,
        text=text,
        headings=tuple(_headings(tree, page.slug)),
        pictures=tuple(_pictures(here, tree, page.slug)),
        links=tuple(_links(tree, page.slug)),
        tables=tuple(_tables(tree, page.slug)),
        passages=tuple(_passages(tree, page.slug, marks)),
    )


def _headings(tree: nodes.document, name: str) -> Iterator[Heading]:
    noted = next(iter(tree.findall(nodes.footnote)), None) is not None
    sections = list(tree.findall(nodes.section))
    for section in sections:
        title = section.children[0] if section.children else None
        if not isinstance(title, nodes.title):
            continue
        level = 1 + sum(1 for node in ancestors(section) if isinstance(node, nodes.section))
        below = [node for node in section.children[1:] if not isinstance(node, QUIET)]
        notes = noted and section is sections[-1]  # the notes of a page are set at its end
        yield Heading(title.astext(), level, place_of(title, name), empty=not below and not notes)


def _pictures(here: Desk, tree: nodes.document, name: str) -> Iterator[Picture]:
    for image in tree.findall(nodes.image):
        src = str(image.get("uri", ""))
        if image.get("made_by_oerbook") or not src:
            continue
        figure = next((node for node in ancestors(image) if isinstance(node, nodes.figure)), None)
        words = [c.astext() for c in figure.children if isinstance(c, nodes.caption | nodes.legend)] if figure else []
        size, width, height = _measures(here.book.root / "chapters" / src)
        alt, caption = str(image.get("alt") or ""), " ".join(words)
        yield Picture(src, alt, place_of(image, name), caption, size, width, height)


def _measures(path: Path) -> tuple[int, int, int]:
    """Return a picture's bytes, width and height; a drawing has no pixels."""
    try:
        size = path.stat().st_size
        if path.suffix.lower() == ".svg":
            return size, 0, 0
        with Image.open(path) as picture:
            return size, *picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 0, 0, 0


def _links(tree: nodes.document, name: str) -> Iterator[Link]:
    for link in tree.findall(nodes.reference):
        target = str(link.get("refuri", "") or (f"#{link['refid']}" if link.get("refid") else ""))
        if not target or any(isinstance(n, nodes.image) or _stands_in(n) for n in link.findall(nodes.Element)):
            continue
        yield Link(" ".join(link.astext().split()), target, place_of(link, name))


def _stands_in(node: nodes.Element) -> bool:
    """Say whether a node stands in for a picture that cannot be shown."""
    return "missing-image" in node.get("classes", ())


def _tables(tree: nodes.document, name: str) -> Iterator[Grid]:
    for table in tree.findall(nodes.table):
        heads = [head for head in table.findall(nodes.thead) if head.astext().strip()]
        stubs = any(spec.get("stub") for spec in table.findall(nodes.colspec))
        rows = sum(len(body.children) for body in table.findall(nodes.tbody))
        cells = (cell for body in table.findall(nodes.tbody) for cell in body.findall(nodes.TextElement) if cell.line)
        first = next(cells, table)  # a list-table has the line of its end
        yield Grid(place_of(first, name), bool(heads) or stubs, rows)


def _passages(tree: nodes.document, name: str, marks: set[str]) -> Iterator[Passage]:
    for found in tree.findall(lambda node: isinstance(node, WORDS)):
        paragraph: Any = found
        around = ancestors(paragraph)
        ours = {"placeholder", "missing", "missing-image"} & set(paragraph["classes"])
        if ours or any(isinstance(n, addnodes.toctree) or type(n).__name__ == "todo_node" for n in around):
            continue
        text, lines = _words(paragraph)
        if text:
            own = isinstance(paragraph, nodes.paragraph) and not any(isinstance(node, NOT_OWN) for node in around)
            yield Passage(text, place_of(paragraph, name), _cites(paragraph, marks), own, lines)


def _words(paragraph: nodes.TextElement) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a paragraph's words, with a sign in place of each formula and piece of code, and the lines they go on in."""
    found: list[str] = []
    lines: list[tuple[int, int]] = []
    for node in paragraph.findall(nodes.Text):
        inside: Any = node.parent
        here = int(node.line or inside.line or 0)
        if here > (lines[-1][1] if lines else paragraph.line or here):
            lines.append((len("".join(found).split()), here))
        found.append(" … " if isinstance(inside, nodes.literal | nodes.math | nodes.math_block) else node.astext())
    return " ".join("".join(found).split()), tuple(lines)


def _cites(paragraph: nodes.TextElement, marks: set[str]) -> bool:
    """Say whether a paragraph names a source: a citation, a note or an address of the web."""
    if next(iter(paragraph.findall(nodes.footnote_reference)), None) is not None:
        return True
    for link in paragraph.findall(nodes.reference):
        target = str(link.get("refuri", ""))
        if target.startswith(("http://", "https://")) or target.rpartition("#")[2] in marks:
            return True
        if str(link.get("refid", "")) in marks:
            return True
    return False
