"""Turn the pages of a source into converted chapters: clean, title, notes, links, pictures, blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from oerbook.importers.conversion.values import ConvertedChapter, Picture
from oerbook.importers.web.blocks import convert_pages
from oerbook.importers.web.clean import clean_page
from oerbook.importers.web.elements import classes_of
from oerbook.importers.web.links import resolve_links
from oerbook.importers.web.notes import join_notes
from oerbook.importers.web.outline import level_headings, strip_number, take_title
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.pictures import PictureCollector
from oerbook.importers.web.structures import mark_numbered_links, recognize_structures
from oerbook.importers.web.word_counts import count_page_words
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding
from oerbook.model.untyped import XmlElement


@dataclass(frozen=True, slots=True)
class ConvertedPages:
    """Chapters with their pictures, findings, and the number of things of each kind in the source."""

    chapters: tuple[ConvertedChapter, ...]
    pictures: tuple[Picture, ...]
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    words: dict[str, int]


def convert_to_chapters(pages: Sequence[WebPage], pictures: PictureCollector, *, clean: bool = True) -> ConvertedPages:
    """Return the chapters of pages. Their bodies are rewritten on the way."""
    findings: list[Finding] = []
    titled: list[WebPage] = []
    words: Counter[str] = Counter()
    for page in pages:
        words += count_page_words(page.body)
        if clean:
            findings += clean_page(page.body.getroottree().getroot(), page.body, page.name, page.styles)
            recognize_structures(page.body)
        title = strip_number(take_title(page.body, page.title)) or page.title
        level_headings(page.body)
        titled.append(replace(page, title=title or PurePosixPath(page.name).stem))
    join_notes(titled)
    findings += resolve_links(titled)
    kinds = {e.get("id", ""): str(e.tag) for page in titled for e in page.body.iter("figure", "table") if e.get("id")}
    for page in titled:
        mark_numbered_links(page.body, kinds)
    findings += pictures.collect(titled)
    counts = count_things(titled)
    blocks, unknown = convert_pages(titled)
    chapters = tuple(_to_chapter(page, content) for page, content in zip(titled, blocks, strict=True))
    return ConvertedPages(chapters, tuple(pictures.pictures.values()), (*findings, *unknown), counts, words)


def _to_chapter(page: WebPage, blocks: list[Block]) -> ConvertedChapter:
    return ConvertedChapter(
        page.title,
        tuple(blocks),
        key=page.key,
        slug=page.slug,
        part=page.part,
        source_file=page.name,
        front=page.front,
        sources=page.sources,
        revisions=page.revisions,
    )


def count_things(pages: Sequence[WebPage]) -> dict[str, int]:
    """Return the numbers of formulas, notes, figures, tables, references, index entries and exercises of pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        for element in page.body.iter():
            counts.update(_kinds_of(element))
            counts["references"] += len((element.get("data-cites") or "").split())
    return dict(counts)


def _kinds_of(element: XmlElement) -> Iterator[str]:
    classes = classes_of(element)
    if element.tag in ("script", "math"):
        yield "formulas"
    elif element.tag == "table":
        yield "tables"
    elif element.tag == "img":
        yield "figures"
    elif element.tag == "a" and (element.get("href") or "").startswith("#"):
        yield "references"
    elif element.tag == "span" and "note-ref" in classes:
        yield "notes"
    elif element.tag == "span" and "index" in classes:
        yield "index entries"
    elif element.tag == "div" and "exercise" in classes:
        yield "exercises"
