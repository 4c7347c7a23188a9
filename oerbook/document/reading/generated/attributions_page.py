"""Write the page “Licenses and attributions”: terms of the book, exceptions, and every reused work."""

from __future__ import annotations

from collections.abc import Iterable

from oerbook.document.reading.generated.contributors_page import escape_markdown
from oerbook.document.reading.generated.directive_sources import directive_works
from oerbook.document.reading.generated.sentence_markdown import sentence_markdown
from oerbook.licensing.spdx import find_license
from oerbook.metadata.attributions import chapter_sentence, credit_line, license_label, terms_of_parts, terms_sentences
from oerbook.model.book import Book, Chapter, ReusedWork
from oerbook.model.sentences import Sentence
from oerbook.source.text import load_page_text
from oerbook.text.translations import translate

PAGE_NAME = "licenses"


def page_markdown(book: Book) -> str:
    """Return the page as MyST Markdown, or "" if all of the book is its authors' own and has one license."""
    pages = [page for page in (book.index, *book.chapters) if not page.problem]
    exceptions = [page for page in pages if page.license and page.license != book.license]
    works = {page.slug: [*page.reused_works, *_directive_works(book, page)] for page in pages}
    images = [work for name, work in book.image_sources if _is_shown(book, pages, name)]
    if not exceptions and not images and not any(works.values()):
        return ""
    language = book.language
    all_works = [*(work for page_works in works.values() for work in page_works), *images]
    blocks = [f"# {translate(language, 'Licenses and attributions')}", _terms_of_book(book, pages, all_works)]
    if exceptions:
        lines = [f"- {{doc}}`{page.slug}`: {_license_link(page.license)}" for page in exceptions]
        blocks += [f"## {translate(language, 'Chapters with another license')}", "\n".join(lines)]
    for page in pages:
        if works[page.slug]:
            title = translate(language, "The whole book") if page is book.index else f"{{doc}}`{page.slug}`"
            sentences = [chapter_sentence(work, language, of_book=page is book.index) for work in page.reused_works]
            sentences += [credit_line(work, language) for work in _directive_works(book, page)]
            blocks += [f":::{{rubric}} {title}\n:::", _sentence_list(sentences)]
    if images:
        blocks += [
            f"## {translate(language, 'Images')}",
            _sentence_list(credit_line(work, language) for work in images),
        ]
    return "\n\n".join(blocks) + "\n"


def _is_shown(book: Book, pages: Iterable[Chapter], name: str) -> bool:
    """Return whether an image is named on one of the pages; in the whole book every image counts."""
    file_name = name.rpartition("/")[2]
    texts = (load_page_text(f"{book.root}/{page.path}", book.root)[0] for page in pages)
    return book.excerpt_of is None or any(file_name in text for text in texts)


def _directive_works(book: Book, page: Chapter) -> list[ReusedWork]:
    return directive_works(load_page_text(f"{book.root}/{page.path}", book.root)[0])


def _terms_of_book(book: Book, pages: Iterable[Chapter], works: Iterable[ReusedWork]) -> str:
    """Return the license of the book, and what it permits as a whole."""
    language = book.language
    sentences = []
    if book.license:
        template = "Except where otherwise noted, this book is licensed under {license}."
        if book.excerpt_of:
            template = "Except where otherwise noted, this chapter is licensed under {license}."
        sentences.append(translate(language, template).format(license=_license_link(book.license)))
    parts = [(page.license or book.license, "") for page in pages]
    terms = terms_of_parts([*parts, *((work.license, work.relation) for work in works)])
    permissions = terms_sentences(language, terms, of_chapter=book.excerpt_of is not None)
    return " ".join([*sentences, *map(escape_markdown, permissions)])


def _license_link(spdx: str) -> str:
    """Return a license with its address, which readers on paper see, too."""
    license_ = find_license(spdx)
    label = escape_markdown(license_label(spdx))
    return f"{label} (<{license_.url}>)" if license_ and license_.url else label


def _sentence_list(sentences: Iterable[Sentence]) -> str:
    lines = dict.fromkeys(map(sentence_markdown, sentences))
    return "\n".join(f"- {line}" for line in lines)
