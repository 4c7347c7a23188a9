"""Assemble the manuscript of one target; only changed pages are translated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docutils import nodes

from oerbook.document.context import languages
from oerbook.document.context.build_context import BuildContext
from oerbook.document.context.index_entries import index_groups
from oerbook.document.html import theme_files
from oerbook.document.math.nodes import FormulaStore
from oerbook.document.pandoc import links
from oerbook.document.pandoc import text_direction as pandoc_text_direction
from oerbook.document.pandoc.index import make_index_blocks
from oerbook.document.pandoc.media_files import MediaFolder
from oerbook.document.pandoc.translate import translate
from oerbook.document.pandoc.translation_context import TranslationContext
from oerbook.document.resolving.accessibility_statement import measured_pages
from oerbook.document.resolving.builder import BookBuilder
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.manuscript import Manuscript, Section
from oerbook.manuscript.pandoc_ast import Block
from oerbook.metadata.bylines import byline
from oerbook.metadata.labels import translated_label
from oerbook.model.accessibility import sum_counts
from oerbook.model.findings import Finding, Place, Severity, from_row, to_row
from oerbook.storage.cache import make_cache_key
from oerbook.storage.machine_errors import raise_machine_error

VISIBLE_ELEMENT_TYPES = frozenset({"Str", "Code", "CodeBlock", "Math", "Image", "Table"})
MAX_LISTED_LINKS = 3
ONLY_TAGS_BY_TARGET = {
    "epub": {"epub", "format_epub", "ebook"},
    "docx": {"docx", "format_docx"},
    "typst": {"pdf", "format_pdf"},
}


def build_manuscript(
    context: BuildContext, builder: BookBuilder, target: str, epoch: int, advance: Callable[[], Any]
) -> Manuscript:
    """Return the book for one target (epub, docx or typst) and report problems."""
    pages = _Pages(context, builder, target)
    sections: list[Section] = []
    for slug, title, kind in sections_in_reading_order(context, builder):
        if not _is_included(context, slug, kind):
            continue
        if slug:
            blocks = pages.blocks(slug, kind)
            advance()
        else:
            slug = f"opener-of-part-{len(sections)}"  # such a part has no page
            blocks = _part_title(title, book_anchor(slug, ""))
        sections.append(Section(slug=slug, title=title, blocks=blocks, kind=kind))
    index = index_groups(builder)
    if index and not context.excerpt:
        title = translated_label(context.book, "index")
        blocks = make_index_blocks(index, target, links.link_resolver(builder), title)
        sections.append(Section(slug="genindex", title=title, blocks=blocks, kind="back"))
    droppable = ("index", "bibliography")  # a title page without words; a list without works
    sections = [section for section in sections if section.slug not in droppable or _has_content(section, sections)]
    if context.excerpt:
        links.remove_dead_links(sections)  # to other chapters: their text is enough
    else:
        _report_dead_links(context, sections)
    measured = measured_pages(context, builder.env)
    return Manuscript(
        book=context.excerpt or context.book,
        target=target,
        sections=tuple(sections),
        media_dir=pages.media.folder,
        cache_dir=context.cache_dir,
        epoch=epoch,
        theme_dir=theme_files.prepare_theme(context),
        accessibility=sum_counts(page for name, page in measured.items() if _is_included(context, name, "chapter")),
    )


def _is_included(context: BuildContext, slug: str, kind: str) -> bool:
    """Return whether a section is in the manuscript: all are, but an excerpt has one chapter and its statements."""
    if context.excerpt is None:
        return True
    return kind == "back" or any(page.slug == slug for page in context.excerpt.chapters)


def sections_in_reading_order(context: BuildContext, builder: BookBuilder) -> Iterator[tuple[str, str, str]]:
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
                yield chapter.slug, titles[chapter.slug].astext(), "chapter" if chapter.level == 1 else "section"
    for name in context.generated_pages:
        if name in pages:
            yield name, titles[name].astext(), "back"


def _part_title(title: str, identifier: str) -> list[Block]:
    inlines: list[dict[str, Any]] = []
    for word in title.split():
        inlines += [{"t": "Space"}] if inlines else []
        inlines.append({"t": "Str", "c": word})
    return [pandoc_ast.header(1, inlines, identifier, ["part", "unnumbered"])]


def _has_content(section: Section, sections: list[Section]) -> bool:
    """Return whether a page has more than its heading, or is the target of a link."""
    empty = all(block["t"] in ("Div", "RawBlock") for block in section.blocks[1:])
    if not empty or any(element["t"] in VISIBLE_ELEMENT_TYPES for element in links.iter_elements(section.blocks[1:])):
        return True
    elements = (element for other in sections for element in links.iter_elements(other.blocks))
    urls = (element["c"][2][0] for element in elements if element["t"] == "Link")
    return any(url.startswith(f"#{section.slug}--") for url in urls)


def _report_dead_links(context: BuildContext, sections: list[Section]) -> None:
    """Turn links to missing ids into text, and report them, once for each page."""
    texts_by_page: dict[str, list[str]] = {}
    for slug, text in links.remove_dead_links(sections):
        texts_by_page.setdefault(slug, []).append(f"“{text}”")
    for slug, texts in texts_by_page.items():
        names = sorted(set(texts))
        listed = ", ".join(names[:MAX_LISTED_LINKS])
        more = f" and {len(names) - MAX_LISTED_LINKS} more" if len(names) > MAX_LISTED_LINKS else ""
        subject = f"the link {listed} has" if len(names) == 1 else f"the links {listed}{more} have"
        place, hint = Place(context.relative_path(slug)), "Check the label, or remove the link."
        message = f"{subject} no target in this book"
        context.add_finding(slug, Finding("link-target-missing", message, place, Severity.WARNING, hint))


@dataclass(slots=True)
class _Pages:
    """The pages of the book as pandoc blocks for one target."""

    context: BuildContext
    builder: BookBuilder
    target: str
    media: MediaFolder = field(init=False)

    def __post_init__(self) -> None:
        folder = self.context.cache_dir / f"media-{self.target}"
        self.media = MediaFolder(Path(self.builder.srcdir), folder, self.target, self.context.book.settings.paper)

    def blocks(self, slug: str, kind: str) -> list[Block]:
        """Return a page's blocks; a chapter has its byline and its language."""
        blocks = self._cached(slug)
        book, page = self.context.book, self.context.pages.get(slug)
        if page and page.level > 1:
            blocks = pandoc_ast.lower_headings(blocks, page.level - 1)
        if kind in ("chapter", "section"):
            blocks = self._with_byline(slug, blocks)
        if language := languages.differing_language(book, page):
            blocks = pandoc_text_direction.with_chapter_language(blocks, language, self.target)
        elif self.target == "docx" and languages.language_direction(book.language) == "rtl":
            blocks = pandoc_text_direction.with_chapter_language(blocks, book.language, self.target)
        return blocks

    def _with_byline(self, slug: str, blocks: list[Block]) -> list[Block]:
        book = self.context.book
        placement = book.settings.credit.placement
        line = byline(book, self.context.pages[slug])
        if not line or placement == "credits":
            return blocks
        paragraph = pandoc_ast.div(
            [pandoc_ast.para([pandoc_ast.inline("Emph", pandoc_ast.text_inlines(line))])], "", ["byline"]
        )
        heading = next((index for index, block in enumerate(blocks) if block["t"] == "Header"), -1)
        index = len(blocks) if placement == "end" else heading + 1
        return [*blocks[:index], paragraph, *blocks[index:]]

    def _cached(self, slug: str) -> list[Block]:
        """Return a page's blocks from the cache, or translate it; report its findings."""
        builder, kind = self.builder, f"ast-{self.target}"
        numbers = (builder.env.toc_secnumbers.get(slug), builder.env.toc_fignumbers.get(slug))
        key = make_cache_key(builder.cache_keys[slug], self.target, repr(numbers))
        cached = builder.cache.get_json(kind, key)
        if cached is None or not all((self.media.folder / name).is_file() for name in cached["media"]):
            try:
                cached = self._translate(slug, builder.load_resolved_page(slug))
                builder.cache.put_json(kind, key, cached)
            except Exception as error:  # noqa: BLE001 - one page must not stop the format
                raise_machine_error(error)
                cached = self._translate(slug, builder.error_page(slug, error))
        for row in cached["findings"]:
            self.context.add_finding(slug, from_row(row))
        blocks: list[Block] = cached["blocks"]
        return blocks

    def _translate(self, slug: str, doctree: nodes.document) -> dict[str, Any]:
        """Return a page's blocks, image names and findings, as plain values for JSON."""
        env: Any = self.builder.env
        formulas: FormulaStore = self.builder.app.oerbook_formula_store  # type: ignore[attr-defined]
        resolve_link = links.link_resolver(self.builder)
        files: set[str] = set()

        def copied(name: str) -> str:
            files.add(name)
            return name

        inputs = TranslationContext(
            docname=slug,
            target=self.target,
            resolve_link=lambda uri: resolve_link(slug, uri),
            section_numbers=env.toc_secnumbers.get(slug, {}),
            figure_numbers=env.toc_fignumbers.get(slug, {}),
            number_formats=dict(env.config.numfig_format),
            copy_image=lambda uri, width_share: copied(self.media.add(uri, width_share)),
            copy_file=lambda uri: copied(self.media.add_file(uri)),
            qr_code=lambda address: copied(self.media.add_qr_code(address)),
            page_address=f"{self.context.book.url.rstrip('/')}/{slug}.html" if self.context.book.url else "",
            convert_formula=lambda tex, display: formulas.get(slug, (tex, display)),
            place_of=lambda node: self.context.place_of(node, slug),
            tags=frozenset(ONLY_TAGS_BY_TARGET[self.target]),
            language=self.context.book.language,
        )
        page = translate(doctree, inputs)
        findings = [to_row(finding) for finding in page.findings]
        return {"blocks": page.blocks, "media": sorted(files - {""}), "findings": findings}
