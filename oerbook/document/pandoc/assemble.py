"""From resolved pages to a manuscript: the book as pandoc blocks, page by page, for one target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sphinx.environment.adapters.indexentries import IndexEntries

from oerbook.document.context import languages
from oerbook.document.context.build_context import Desk
from oerbook.document.context.log_handler import place_of
from oerbook.document.html import theme_files
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
from oerbook.metadata.bylines import byline_words
from oerbook.model.findings import Finding, Place, Severity
from oerbook.storage.cache import digest

Blocks = list[dict[str, Any]]
SPEAKING = frozenset({"Str", "Code", "CodeBlock", "Math", "Image", "Table"})
TAGS = {"epub": {"epub", "format_epub", "ebook"}, "docx": {"docx", "format_docx"}, "typst": {"pdf", "format_pdf"}}


def manuscript(here: Desk, builder: BookBuilder, target: str, epoch: int, advance: Callable[[], Any]) -> Manuscript:
    """Return the book for one target (epub, docx or typst); problems go to the desk."""
    media = MediaFolder(Path(builder.srcdir), here.work / f"media-{target}", target)
    sections: list[Section] = []
    for slug, title, kind in order(here, builder):
        blocks = _page(here, builder, target, slug, media) if slug else _part_title(title)
        if slug:
            advance()
        if kind == "chapter":
            blocks = _signed(here, slug, blocks)
        if target != "docx" and (language := languages.language_of(here.book, here.pages.get(slug))):
            blocks = pandoc_text_direction.of_chapter(blocks, language, typst=target == "typst")
        sections.append(Section(slug=slug or f"part-{len(sections)}", title=title, blocks=blocks, kind=kind))
    index = IndexEntries(builder.env).create_index(builder)
    if index:
        blocks = index_block(index, target, folder(builder))
        sections.append(Section(slug="genindex", title="Index", blocks=blocks, kind="back"))
    sections = [section for section in sections if section.slug != "index" or _says_something(section, sections)]
    for slug, words in links.settle(sections):
        hint = "Check the label, or take the link out."
        place = Place(here.path(slug))
        finding = Finding("link-dead", f"the link “{words}” leads nowhere", place, Severity.WARNING, hint)
        here.report(slug, finding)
    return Manuscript(
        book=here.book,
        target=target,
        sections=tuple(sections),
        media=media.folder,
        work=here.work,
        epoch=epoch,
        theme=theme_files.theme_folder(here),
    )


def _says_something(section: Section, sections: list[Section]) -> bool:
    """Say whether a page holds more than its heading, or is linked to: the title page has the heading already."""
    silent = all(block["t"] in ("Div", "RawBlock") for block in section.blocks[1:])
    if not silent or any(element["t"] in SPEAKING for element in links.walk(section.blocks[1:])):
        return True
    found = (element for other in sections for element in links.walk(other.blocks) if element["t"] == "Link")
    return any(link["c"][2][0].startswith(f"#{section.slug}--") for link in found)


def _signed(here: Desk, slug: str, blocks: Blocks) -> Blocks:
    """Return a chapter's blocks with its byline, where the book wants it."""
    placement = here.book.settings.credit.placement
    said = byline_words(here.book, here.pages[slug])
    if not said or placement == "credits":
        return blocks
    line = pandoc_ast.div([pandoc_ast.para([pandoc_ast.inline("Emph", pandoc_ast.words(said))])], "", ["byline"])
    first = next((place for place, block in enumerate(blocks) if block["t"] == "Header"), -1)
    at = len(blocks) if placement == "end" else first + 1
    return [*blocks[:at], line, *blocks[at:]]


def order(here: Desk, builder: BookBuilder) -> Iterator[tuple[str, str, str]]:
    """Yield name, title and kind of every page in reading order; a part without an opener has no name."""
    found = builder.env.found_docs
    title = builder.env.titles
    yield "index", here.book.title, "front"
    for part in here.book.parts:
        if part.opener and part.opener.slug in found:
            yield part.opener.slug, title[part.opener.slug].astext(), "part"
        elif part.title:
            yield "", part.title, "part"
        for page in part.chapters:
            if page.slug in found:
                yield page.slug, title[page.slug].astext(), "chapter"
    for name in here.generated:
        if name in found:
            yield name, title[name].astext(), "back"


def _part_title(title: str) -> Blocks:
    words: list[dict[str, Any]] = []
    for word in title.split():
        words += [{"t": "Space"}, {"t": "Str", "c": word}] if words else [{"t": "Str", "c": word}]
    return [{"t": "Header", "c": [1, ["", ["part", "unnumbered"], []], words]}]


def _page(here: Desk, builder: BookBuilder, target: str, slug: str, media: MediaFolder) -> Blocks:
    """Return a page's blocks, translated now or kept from an earlier build."""
    env: Any = builder.env
    numbers = (env.toc_secnumbers.get(slug), env.toc_fignumbers.get(slug))
    key = digest(builder.keys[slug], target, repr(numbers))
    kept = builder.shelf.get_json(f"ast-{target}", key)
    if kept is None or not all((media.folder / name).is_file() for name in kept["media"]):
        kept = _translate(here, builder, target, slug, media)
        builder.shelf.put_json(f"ast-{target}", key, kept)
    for raw in kept["findings"]:
        finding = Finding(raw["code"], raw["message"], Place(*raw["place"]), Severity(raw["severity"]), raw["hint"])
        here.report(slug, finding)
    blocks: Blocks = kept["blocks"]
    return blocks


def _translate(here: Desk, builder: BookBuilder, target: str, slug: str, media: MediaFolder) -> dict[str, Any]:
    env: Any = builder.env
    formulary: Any = builder.app.oerbook_formulary  # type: ignore[attr-defined]
    used: set[str] = set()
    fold = folder(builder)

    def image(uri: str) -> str:
        name = media.name(uri)
        used.add(name)
        return name

    context = Context(
        docname=slug,
        target=target,
        fold=lambda uri: fold(slug, uri),
        secnumbers=env.toc_secnumbers.get(slug, {}),
        fignumbers=env.toc_fignumbers.get(slug, {}),
        labels=dict(env.config.numfig_format),
        image=image,
        math=lambda tex, display: formulary.ask(slug, (tex, display)),
        place=lambda node: place_of(node, slug),
        tags=frozenset(TAGS[target]),
        base_url=here.book.url,
    )
    found = translate(builder.resolved(slug), context)
    return {
        "blocks": found.blocks,
        "media": sorted(used - {""}),
        "findings": [
            {
                "code": f.code,
                "message": f.message,
                "place": [f.place.path, f.place.line],
                "severity": f.severity.value,
                "hint": f.hint,
            }
            for f in found.findings
        ],
    }
