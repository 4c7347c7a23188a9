"""Write the generated pages: bibliography, glossary, contributors, notices."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from oerbook.citations.library import bibliography_files
from oerbook.document.context.build_context import BuildContext
from oerbook.document.reading.generated import accessibility_page, attributions_page, citation_page, contributors_page
from oerbook.model.book import Book, Chapter
from oerbook.source.text import load_chapter_markdown, load_page_text
from oerbook.storage.files import write_atomically
from oerbook.text.collation import collation_key
from oerbook.text.myst_scan import FencedBlock, find_fenced_blocks, parse_options
from oerbook.text.translations import translate

MAX_CACHED_TEXTS = 5000
CITATION_MARKUP = re.compile(r"\{cite(:\w+)?\}|(?<![\w.])@[\w][\w:-]*")
GENERATED_PAGES_IN_EXCERPTS = ("licenses", "citation", "contributors")
BACK_MATTER_DIRECTIVE = re.compile(r"\{back-matter\}[ \t]*([\w-]+)")
# By kind: name of the page, and the function that writes it ("" if the book needs none).
BACK_MATTER: dict[str, tuple[str, Callable[[Book], str]]] = {
    "licenses": (attributions_page.PAGE_NAME, attributions_page.page_markdown),
    "citation": (citation_page.PAGE_NAME, citation_page.page_markdown),
    "accessibility": (accessibility_page.PAGE_NAME, accessibility_page.page_markdown),
    "contributors": (contributors_page.CONTRIBUTORS_PAGE_NAME, contributors_page.contributors_page_markdown),
}
MARKDOWN_LINK = re.compile(r"\[([^\[\]]+)\]\([^()]*\)")
PAGE_FILTER = re.compile(r"\bdocname\b")  # selects the works that the page itself cites


def page_texts(book: Book) -> list[str]:
    """Return the text of every readable page, in reading order."""
    readable = (page.path for page in (book.index, *book.chapters) if not page.problem)
    return [load_page_text(f"{book.root}/{path}", book.root)[0] for path in readable]


class PageFeatures(NamedTuple):
    """The features of a page that decide which pages are generated."""

    cites: bool
    has_book_bibliography: bool  # it holds a bibliography of the whole book
    has_own_bibliography: bool  # it holds a bibliography of its own
    glossary_terms: tuple[str, ...] | None  # None when it has no glossary
    back_matter: tuple[str, ...] = ()  # kinds of generated text that the author placed on it


@lru_cache(maxsize=MAX_CACHED_TEXTS)
def page_features(text: str) -> PageFeatures:
    """Return the features of a page, cached by its text."""
    # Plain substring tests first: these patterns are slow over a whole book.
    cites = ("@" in text or "{cite" in text) and CITATION_MARKUP.search(text) is not None
    blocks = list(find_fenced_blocks(text)) if "{bibliography}" in text or "{glossary}" in text else []
    filters = [_bibliography_filter(block) for block in blocks if block.name == "bibliography"]
    total, own = len(filters), sum(1 for expression in filters if PAGE_FILTER.search(expression))
    glossaries = [block.content for block in blocks if block.name == "glossary" and block.is_closed]
    defined = tuple(term for body in glossaries for term in _terms(body))
    placed = tuple(_placed_back_matter(text)) if "{back-matter}" in text else ()
    return PageFeatures(cites, total > own, own > 0, defined if glossaries else None, placed)


def _terms(body: Sequence[str]) -> Iterator[str]:
    """Yield the terms of a glossary, as mystmd (above a line with a colon) or Sphinx (not indented) writes them.

    >>> list(_terms(["[Soil](https://a.org)", ": Earth", "and more.", "", "Worm", ": An animal."]))
    ['Soil', 'Worm']
    """
    with_colons = any(line.startswith(": ") for line in body)
    for line, following in pairwise([*body, ""]):
        if with_colons and following.startswith(": ") and not line.startswith(":"):
            yield MARKDOWN_LINK.sub(r"\1", line).strip()
        elif not with_colons and line[:1].strip() and not line.startswith((":", "%")):
            yield line.split(" : ")[0].strip()


def _placed_back_matter(text: str) -> Iterator[str]:
    """Yield the kinds of generated text that a page places; none from examples in code."""
    lines = text.split("\n")
    for block in find_fenced_blocks(text):
        match = BACK_MATTER_DIRECTIVE.search(lines[block.first]) if block.name == "back-matter" else None
        if match:
            yield match[1]


def chapter_references_markdown(context: BuildContext, text: str, chapter: Chapter | None) -> str:
    """Return the MyST source of a chapter's references, or "" if it gets none."""
    enabled = chapter and "chapter" in (
        context.book.settings.bibliography_placement,
        chapter.bibliography_placement,
    )
    if not enabled:
        return ""
    features = page_features(text)
    if not features.cites or features.has_book_bibliography or features.has_own_bibliography:
        return ""
    title = translate(context.book.language, "References")
    return f"\n\n```{{rubric}} {title}\n```\n\n```{{bibliography}}\n:filter: docname in docnames\n```\n"


def write_generated_pages(context: BuildContext) -> None:
    """Write the generated pages and register them in the build context."""
    book = context.book
    for page in (book.index, *book.chapters):
        if page.problem:
            name = f"notice-{page.slug.replace('/', '-')}"
            context.placeholder_pages[page.slug] = _write(
                context, name, load_chapter_markdown(book.root, page, book.language)
            )
    pages = [page_features(text) for text in page_texts(book)]
    if context.excerpt:
        _add_back_matter_of_excerpt(context, context.excerpt)
        return
    _add_glossary(context, pages)
    _add_back_matter(context, pages)
    _add_bibliography(context, pages)


def _add_glossary(context: BuildContext, pages: Sequence[PageFeatures]) -> None:
    shared = terms_of_several_glossaries(pages, context.book.language)
    if shared:
        name = _free_name(context, "glossary")
        entries = "\n".join(f"- {{term}}`{term}`" for term in shared)
        text = f"# {translate(context.book.language, 'Glossary')}\n\n{entries}\n"
        context.generated_pages[name] = _write(context, name, text)


def _add_back_matter_of_excerpt(context: BuildContext, excerpt: Book) -> None:
    """Write the statements of a chapter that stands alone; other pages of the book are not in it."""
    for kind, (page_name, page_markdown) in BACK_MATTER.items():
        context.back_matter_texts[kind] = _write(context, f"back-matter-{kind}", page_markdown(context.book))
        text = page_markdown(excerpt) if kind in GENERATED_PAGES_IN_EXCERPTS else ""
        if text:
            name = _free_name(context, page_name)
            context.generated_pages[name] = _write(context, name, text)


def _add_back_matter(context: BuildContext, pages: Sequence[PageFeatures]) -> None:
    """Write the statements of the book, each on a page of its own unless the author placed it on another."""
    book = context.book
    slugs = [page.slug for page in (book.index, *book.chapters) if not page.problem]
    placed = {kind: slug for slug, page in zip(slugs, pages, strict=True) for kind in page.back_matter}
    for kind, (page_name, page_markdown) in BACK_MATTER.items():
        text = page_markdown(book)
        context.back_matter_texts[kind] = _write(context, f"back-matter-{kind}", text)
        name = placed.get(kind, "")
        if not name and text and getattr(book.settings.back_matter, kind):
            name = _free_name(context, page_name)
            context.generated_pages[name] = _write(context, name, text)
        if kind == "contributors" and text:
            context.contributors_page = name


def _add_bibliography(context: BuildContext, pages: Sequence[PageFeatures]) -> None:
    """Add a bibliography page if pages cite and no author placed a bibliography."""
    book = context.book
    slugs = [page.slug for page in (book.index, *book.chapters) if not page.problem]
    citing = [slug for slug, page in zip(slugs, pages, strict=True) if page.cites and not page.has_own_bibliography]
    if book.settings.bibliography_placement != "book" or not bibliography_files(book):
        return
    if not citing or any(page.has_book_bibliography for page in pages):
        return
    has_own = any(page.has_own_bibliography for page in pages)
    option = f":filter: {{{', '.join(map(json.dumps, citing))}}} & docnames\n" if has_own else ""
    name = _free_name(context, "bibliography")
    text = f"# {translate(book.language, 'Bibliography')}\n\n```{{bibliography}}\n{option}```\n"
    context.generated_pages[name] = _write(context, name, text)


def terms_of_several_glossaries(pages: Iterable[PageFeatures], language: str) -> list[str]:
    """Return the sorted terms of all glossaries, or [] if only one page has one.

    A single glossary needs no page that lists its terms.
    """
    glossaries = [page.glossary_terms for page in pages if page.glossary_terms is not None]
    if len(glossaries) < 2:
        return []
    return sorted(
        {term for glossary in glossaries for term in glossary}, key=lambda term: collation_key(term, language)
    )


def _bibliography_filter(block: FencedBlock) -> str:
    return parse_options("\n".join(block.content)).get("filter", "")


def _free_name(context: BuildContext, name: str) -> str:
    """Return `name`, or a longer name when a chapter already has it."""
    return name if name not in context.pages else f"{name}-of-the-book"


def _write(context: BuildContext, name: str, text: str) -> Path:
    """Write a generated page, unless the file has this text already; return its path."""
    path = context.cache_dir / "pages" / f"{name}.md"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text.encode())
    return path
