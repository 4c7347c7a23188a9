"""Assemble the manuscript of one target; only changed pages are translated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.environment.adapters.indexentries import IndexEntries

from oerbook.document.context import languages
from oerbook.document.context.build_context import Desk
from oerbook.document.context.log_handler import place_of
from oerbook.document.html import theme_files
from oerbook.document.math.nodes import Formulary
from oerbook.document.pandoc import links
from oerbook.document.pandoc import text_direction as pandoc_text_direction
from oerbook.document.pandoc.index import index_block
from oerbook.document.pandoc.link_targets import folder
from oerbook.document.pandoc.media_files import MediaFolder
from oerbook.document.pandoc.page_context import Context
from oerbook.document.pandoc.translate import translate
from oerbook.document.resolving.builder import BookBuilder
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript, Section
from oerbook.manuscript.pandoc_ast import Block
from oerbook.metadata.bylines import byline_words
from oerbook.model.findings import Finding, Place, Severity
from oerbook.storage.cache import digest

SPEAKING = frozenset({"Str", "Code", "CodeBlock", "Math", "Image", "Table"})
TAGS = {"epub": {"epub", "format_epub", "ebook"}, "docx": {"docx", "format_docx"}, "typst": {"pdf", "format_pdf"}}


def manuscript(context: Desk, builder: BookBuilder, target: str, epoch: int, advance: Callable[[], Any]) -> Manuscript:
    """Return the book for one target (epub, docx or typst) and report problems."""
    pages = _Pages(context, builder, target)
    sections: list[Section] = []
    for slug, title, kind in order(context, builder):
        blocks = pages.blocks(slug, kind) if slug else _part_title(title)
        if slug:
            advance()
        sections.append(Section(slug=slug or f"part-{len(sections)}", title=title, blocks=blocks, kind=kind))
    index = IndexEntries(builder.env).create_index(builder)
    if index:
        blocks = index_block(index, target, folder(builder))
        sections.append(Section(slug="genindex", title="Index", blocks=blocks, kind="back"))
    sections = [section for section in sections if section.slug != "index" or _has_content(section, sections)]
    _report_dead_links(context, sections)
    return Manuscript(
        book=context.book,
        target=target,
        sections=tuple(sections),
        media=pages.media.folder,
        work=context.work,
        epoch=epoch,
        theme=theme_files.theme_folder(context),
    )


def order(context: Desk, builder: BookBuilder) -> Iterator[tuple[str, str, str]]:
    """Yield slug ("" for a part without an opener), title and kind of every section."""
    pages = builder.env.found_docs
    titles = builder.env.titles
    yield "index", context.book.title, "front"
    for part in context.book.parts:
        if part.opener and part.opener.slug in pages:
            yield part.opener.slug, titles[part.opener.slug].astext(), "part"
        elif part.title:
            yield "", part.title, "part"
        for chapter in part.chapters:
            if chapter.slug in pages:
                yield chapter.slug, titles[chapter.slug].astext(), "chapter"
    for name in context.generated:
        if name in pages:
            yield name, titles[name].astext(), "back"


def _part_title(title: str) -> list[Block]:
    inlines: list[dict[str, Any]] = []
    for word in title.split():
        inlines += [{"t": "Space"}] if inlines else []
        inlines.append({"t": "Str", "c": word})
    return [pandoc_ast.header(1, inlines, "", ["part", "unnumbered"])]


def _has_content(section: Section, sections: list[Section]) -> bool:
    """Return whether a page has more than its heading, or is the target of a link."""
    empty = all(block["t"] in ("Div", "RawBlock") for block in section.blocks[1:])
    if not empty or any(element["t"] in SPEAKING for element in links.walk(section.blocks[1:])):
        return True
    elements = (element for other in sections for element in links.walk(other.blocks))
    urls = (element["c"][2][0] for element in elements if element["t"] == "Link")
    return any(url.startswith(f"#{section.slug}--") for url in urls)


def _report_dead_links(context: Desk, sections: list[Section]) -> None:
    """Turn links to missing ids into text, and report them."""
    hint = "Check the label, or remove the link."
    for slug, text in links.settle(sections):
        message = f"the link “{text}” has no target in this book"
        context.report(slug, Finding("link-dead", message, Place(context.path(slug)), Severity.WARNING, hint))


@dataclass(slots=True)
class _Pages:
    """The pages of the book as pandoc blocks for one target."""

    context: Desk
    builder: BookBuilder
    target: str
    media: MediaFolder = field(init=False)

    def __post_init__(self) -> None:
        folder = self.context.work / f"media-{self.target}"
        self.media = MediaFolder(Path(self.builder.srcdir), folder, self.target)

    def blocks(self, slug: str, kind: str) -> list[Block]:
        """Return a page's blocks; a chapter has its byline and its language."""
        blocks = self._cached(slug)
        if kind == "chapter":
            blocks = self._with_byline(slug, blocks)
        book, page = self.context.book, self.context.pages.get(slug)
        if self.target != "docx" and (language := languages.language_of(book, page)):
            blocks = pandoc_text_direction.of_chapter(blocks, language, typst=self.target == "typst")
        return blocks

    def _with_byline(self, slug: str, blocks: list[Block]) -> list[Block]:
        book = self.context.book
        placement = book.settings.credit.placement
        byline = byline_words(book, self.context.pages[slug])
        if not byline or placement == "credits":
            return blocks
        line = pandoc_ast.div([pandoc_ast.para([pandoc_ast.inline("Emph", pandoc_ast.words(byline))])], "", ["byline"])
        heading = next((index for index, block in enumerate(blocks) if block["t"] == "Header"), -1)
        index = len(blocks) if placement == "end" else heading + 1
        return [*blocks[:index], line, *blocks[index:]]

    def _cached(self, slug: str) -> list[Block]:
        """Return a page's blocks from the cache, or translate it; report its findings."""
        builder, kind = self.builder, f"ast-{self.target}"
        numbers = (builder.env.toc_secnumbers.get(slug), builder.env.toc_fignumbers.get(slug))
        key = digest(builder.keys[slug], self.target, repr(numbers))
        cached = builder.shelf.get_json(kind, key)
        if cached is None or not all((self.media.folder / name).is_file() for name in cached["media"]):
            cached = self._translate(slug)
            builder.shelf.put_json(kind, key, cached)
        for row in cached["findings"]:
            self.context.report(slug, _from_row(row))
        blocks: list[Block] = cached["blocks"]
        return blocks

    def _translate(self, slug: str) -> dict[str, Any]:
        """Return a page's blocks, image names and findings, as plain values for JSON."""
        env: Any = self.builder.env
        formulas: Formulary = self.builder.app.oerbook_formulary  # type: ignore[attr-defined]
        resolve_link = folder(self.builder)
        images: set[str] = set()

        def copy_image(uri: str) -> str:
            name = self.media.name(uri)
            images.add(name)
            return name

        inputs = Context(
            docname=slug,
            target=self.target,
            fold=lambda uri: resolve_link(slug, uri),
            secnumbers=env.toc_secnumbers.get(slug, {}),
            fignumbers=env.toc_fignumbers.get(slug, {}),
            labels=dict(env.config.numfig_format),
            image=copy_image,
            math=lambda tex, display: formulas.ask(slug, (tex, display)),
            place=lambda node: place_of(node, slug),
            tags=frozenset(TAGS[self.target]),
        )
        page = translate(self.builder.resolved(slug), inputs)
        findings = [_to_row(finding) for finding in page.findings]
        return {"blocks": page.blocks, "media": sorted(images - {""}), "findings": findings}


def _to_row(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "message": finding.message,
        "place": [finding.place.path, finding.place.line],
        "severity": finding.severity.value,
        "hint": finding.hint,
    }


def _from_row(row: dict[str, Any]) -> Finding:
    return Finding(row["code"], row["message"], Place(*row["place"]), Severity(row["severity"]), row["hint"])
