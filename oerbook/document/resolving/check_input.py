"""Build the input of the checks: what Sphinx read, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from oerbook.citations import library
from oerbook.citations.library import bibliography_files
from oerbook.document.context.build_context import BuildContext
from oerbook.document.context.line_numbers import ancestors
from oerbook.document.media.media_node import MediaNode
from oerbook.model.book import Chapter, ReusedWork
from oerbook.model.check_input import CheckedPage, CheckInput, Heading, Link, PageImage, Passage, PlacedWork, TableInfo
from oerbook.model.findings import Place
from oerbook.source.text import load_page_text

if TYPE_CHECKING:
    from oerbook.document.resolving.builder import BookBuilder

NODES_WITH_OTHERS_WORDS = (nodes.block_quote, nodes.table, nodes.footnote, nodes.citation)
TEXT_NODES = (nodes.paragraph, nodes.title, nodes.caption, nodes.rubric, nodes.term, nodes.line, nodes.attribution)
INVISIBLE_NODES = (nodes.comment, nodes.target, nodes.substitution_definition, addnodes.index, addnodes.highlightlang)


def build_check_input(context: BuildContext, builder: BookBuilder) -> CheckInput:
    """Return the input of the checks for the book that was just read."""
    env: Any = builder.env
    domain = env.domains["cite"]
    citation_ids = _citation_ids(builder)
    keys = {str(target.key) for ref in domain.citation_refs for target in ref.targets}
    keys |= {str(citation.key) for citation in domain.citations}
    keys = keys.union(*(state.footnote_citations for state in env.oerbook.values()))
    pages = [_cached_page(context, page, builder, citation_ids) for page in context.pages.values()]
    return CheckInput(tuple(pages), tuple(_bibliography_entries(context)), frozenset(keys))


def page_recorder(context: BuildContext, builder: BookBuilder) -> Callable[[str, nodes.document], None]:
    """Return a function that stores what checks see of a page in the cache, while the page is still in memory."""

    def record(name: str, tree: nodes.document) -> None:
        if name in context.pages:
            _cached_page(context, context.pages[name], builder, _citation_ids(builder), tree)

    return record


def _citation_ids(builder: BookBuilder) -> set[str]:
    domain: Any = builder.env.domains["cite"]
    return {str(citation.citation_id) for citation in domain.citations}


def build_checked_page(context: BuildContext, page: Chapter, tree: nodes.document) -> CheckedPage:
    """Return one page as checks see it, without detecting citations in its passages."""
    text, _problem = load_page_text(f"{context.book.root}/{page.path}", context.book.root)
    return _page(context, page, tree, set(), text)


def _bibliography_entries(context: BuildContext) -> Iterator[tuple[str, Place]]:
    """Yield key and place of every entry of the bibliography files."""
    for name in bibliography_files(context.book):
        for record in library.read_bibliography_file(context.book.root / "chapters" / name).records:
            yield record.key, Place(f"chapters/{name}", record.line)


def _cached_page(
    context: BuildContext,
    page: Chapter,
    builder: BookBuilder,
    citation_ids: set[str],
    tree: nodes.document | None = None,
) -> CheckedPage:
    """Return a page as checks see it, from the cache if possible; images are measured again."""
    text, _problem = load_page_text(f"{context.book.root}/{page.path}", context.book.root)
    key = builder.cache_keys[page.slug]
    cached = builder.cache.get("checked-page", key, CheckedPage)
    if cached is None:
        tree = tree or builder.load_resolved_page(page.slug)
        checked_page = replace(_page(context, page, tree, citation_ids, text), digest=key)
        builder.cache.put("checked-page", key, checked_page)
        return checked_page
    if cached.text == text and not cached.images:
        return cached
    return replace(cached, text=text, images=tuple(_measured(context, image) for image in cached.images))


def _measured(context: BuildContext, image: PageImage) -> PageImage:
    return replace(image, size=_size(context.book.root / "chapters" / image.src))


def _page(context: BuildContext, page: Chapter, tree: nodes.document, citation_ids: set[str], text: str) -> CheckedPage:
    if page.problem:
        return CheckedPage(page.slug, page.path, text)
    return CheckedPage(
        slug=page.slug,
        path=page.path,
        text=text,
        headings=tuple(_headings(context, tree, page.slug)),
        images=tuple(_images(context, tree, page.slug)),
        links=tuple(_links(context, tree, page.slug)),
        tables=tuple(_tables(context, tree, page.slug)),
        passages=tuple(_passages(context, tree, page.slug, citation_ids)),
        works=tuple(_works(context, tree, page.slug)),
    )


def _headings(context: BuildContext, tree: nodes.document, name: str) -> Iterator[Heading]:
    has_notes = next(iter(tree.findall(nodes.footnote)), None) is not None
    sections = list(tree.findall(nodes.section))
    for section in sections:
        title = section.children[0] if section.children else None
        if not isinstance(title, nodes.title):
            continue
        level = 1 + sum(1 for node in ancestors(section) if isinstance(node, nodes.section))
        content = [node for node in section.children[1:] if not isinstance(node, INVISIBLE_NODES)]
        holds_notes = has_notes and section is sections[-1]  # a page's footnotes are printed at its end
        yield Heading(title.astext(), level, context.place_of(title, name), empty=not content and not holds_notes)


def _images(context: BuildContext, tree: nodes.document, name: str) -> Iterator[PageImage]:
    for image in tree.findall(nodes.image):
        src = str(image.get("source_file") or image.get("uri", ""))
        if image.get("made_by_oerbook") or not src:
            continue
        figure = next((node for node in ancestors(image) if isinstance(node, nodes.figure)), None)
        captions = (
            [c.astext() for c in figure.children if isinstance(c, nodes.caption | nodes.legend)] if figure else []
        )
        size = _size(context.book.root / "chapters" / src)
        width, height = (0, 0) if src.lower().endswith(".svg") else image.get("pixels", (0, 0))
        alt, caption = str(image.get("alt") or ""), " ".join(captions)
        yield PageImage(src, alt, context.place_of(image, name), caption, size, width, height)


def _works(context: BuildContext, tree: nodes.document, name: str) -> Iterator[PlacedWork]:
    for node in tree.findall(nodes.Element):
        if "reused_work" in node:
            yield PlacedWork(ReusedWork(**node["reused_work"]), context.place_of(node, name))


def _size(path: Path) -> int:
    """Return the size of a file in bytes, 0 if it is missing."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _links(context: BuildContext, tree: nodes.document, name: str) -> Iterator[Link]:
    for link in tree.findall(nodes.reference):
        target = str(link.get("refuri", "") or (f"#{link['refid']}" if link.get("refid") else ""))
        if not target or any(isinstance(n, nodes.image) or _is_placeholder(n) for n in link.findall(nodes.Element)):
            continue
        yield Link(" ".join(link.astext().split()), target, context.place_of(link, name))
    for medium in tree.findall(MediaNode):
        if medium.get("address"):
            yield Link(str(medium["title"] or medium["site"]), str(medium["address"]), context.place_of(medium, name))


def _is_placeholder(node: nodes.Element) -> bool:
    """Return whether a node replaces an image that cannot be shown."""
    return "missing-image" in node.get("classes", ())


def _tables(context: BuildContext, tree: nodes.document, name: str) -> Iterator[TableInfo]:
    for table in tree.findall(nodes.table):
        heads = [head for head in table.findall(nodes.thead) if head.astext().strip()]
        stubs = any(spec.get("stub") for spec in table.findall(nodes.colspec))
        rows = sum(len(body.children) for body in table.findall(nodes.tbody))
        cells = (cell for body in table.findall(nodes.tbody) for cell in body.findall(nodes.TextElement) if cell.line)
        first = next(cells, table)  # docutils gives a list-table the line of its end
        yield TableInfo(context.place_of(first, name), bool(heads) or stubs, rows)


def _passages(context: BuildContext, tree: nodes.document, name: str, citation_ids: set[str]) -> Iterator[Passage]:
    for node in tree.findall(lambda node: isinstance(node, TEXT_NODES)):
        paragraph: Any = node
        around = ancestors(paragraph)
        generated = {"placeholder", "missing", "missing-image"} & set(paragraph["classes"])
        if generated or any(isinstance(n, addnodes.toctree) or type(n).__name__ == "todo_node" for n in around):
            continue
        text, lines = _text_and_lines(paragraph)
        if text:
            own = isinstance(paragraph, nodes.paragraph) and not any(
                isinstance(node, NODES_WITH_OTHERS_WORDS) for node in around
            )
            yield Passage(text, context.place_of(paragraph, name), _has_source(paragraph, citation_ids), own, lines)


def _text_and_lines(paragraph: nodes.TextElement) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return text, with "…" for formulas and code, and lines as (words before, line)."""
    pieces: list[str] = []
    lines: list[tuple[int, int]] = []
    for node in paragraph.findall(nodes.Text):
        parent: Any = node.parent
        line = int(node.line or parent.line or 0)
        if line > (lines[-1][1] if lines else paragraph.line or line):
            lines.append((len("".join(pieces).split()), line))
        pieces.append(" … " if isinstance(parent, nodes.literal | nodes.math | nodes.math_block) else node.astext())
    return " ".join("".join(pieces).split()), tuple(lines)


def _has_source(paragraph: nodes.TextElement, citation_ids: set[str]) -> bool:
    """Return whether a paragraph has a citation, a footnote or a web address."""
    if next(iter(paragraph.findall(nodes.footnote_reference)), None) is not None:
        return True
    for link in paragraph.findall(nodes.reference):
        target = str(link.get("refuri", ""))
        if target.startswith(("http://", "https://")) or target.rpartition("#")[2] in citation_ids:
            return True
        if str(link.get("refid", "")) in citation_ids:
            return True
    return False
