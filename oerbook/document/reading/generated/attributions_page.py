"""Write the page “Licenses and attributions”: terms of the book, exceptions, and every reused work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from oerbook.document.reading.generated.contributors_page import escape_markdown
from oerbook.document.reading.generated.directive_sources import directive_works
from oerbook.licensing.collection import combined_terms
from oerbook.licensing.spdx import find_license
from oerbook.metadata.attributions import Sentence, credit_line, license_label, terms_sentences
from oerbook.model.book import Book, Chapter, ReusedWork
from oerbook.source.text import load_page_text
from oerbook.text.translations import translate

PAGE_NAME = "licenses"
SPACES_AROUND = re.compile(r"^( *)(.*?)( *)$", re.S)
URL_CHARS = "%:/?#[]@!$&'()*+,;=~"


def page_markdown(book: Book) -> str:
    """Return the page as MyST Markdown, or "" if all of the book is its authors' own and has one license."""
    pages = [page for page in (book.index, *book.chapters) if not page.problem]
    exceptions = [page for page in pages if page.license and page.license != book.license]
    works = {page.slug: [*page.reused_works, *_directive_works(book, page)] for page in pages}
    images = [(Path(name).name, work) for name, work in book.image_sources]
    if not exceptions and not images and not any(works.values()):
        return ""
    language = book.language
    blocks = [f"# {translate(language, 'Licenses and attributions')}", _terms_of_book(book, pages, works, images)]
    if exceptions:
        lines = [f"- {{doc}}`{page.slug}`: {_license_link(page.license)}" for page in exceptions]
        blocks += [f"## {translate(language, 'Chapters with another license')}", "\n".join(lines)]
    for page in pages:
        if works[page.slug]:
            title = translate(language, "The whole book") if page is book.index else f"{{doc}}`{page.slug}`"
            blocks += [f":::{{rubric}} {title}\n:::", _work_list(works[page.slug], language)]
    if images:
        blocks += [f"## {translate(language, 'Images')}", _work_list([work for _name, work in images], language)]
    return "\n\n".join(blocks) + "\n"


def _directive_works(book: Book, page: Chapter) -> list[ReusedWork]:
    return directive_works(load_page_text(f"{book.root}/{page.path}", book.root)[0])


def _terms_of_book(
    book: Book, pages: Iterable[Chapter], works: dict[str, list[ReusedWork]], images: list[tuple[str, ReusedWork]]
) -> str:
    """Return the license of the book, and what it permits as a whole."""
    language = book.language
    licenses = [page.license or book.license for page in pages]
    licenses += [work.license for page_works in works.values() for work in page_works]
    licenses += [work.license for _name, work in images]
    sentences = []
    if book.license:
        template = translate(language, "Except where otherwise noted, this book is licensed under {license}.")
        sentences.append(template.format(license=_license_link(book.license)))
    terms = combined_terms(filter(None, licenses))
    sentences += map(
        escape_markdown,
        terms_sentences(
            language, commercial=terms.commercial, adaptable=terms.adaptable, share_alike=terms.share_alike
        ),
    )
    return " ".join(sentences)


def _license_link(spdx: str) -> str:
    """Return a license as a link, with its address in words for readers on paper."""
    license_ = find_license(spdx)
    label = escape_markdown(license_label(spdx))
    return f"[{label}]({license_.url})" if license_ and license_.url else label


def _work_list(works: Iterable[ReusedWork], language: str) -> str:
    lines = dict.fromkeys("".join(_markdown(credit_line(work, language))) for work in works)
    return "\n".join(f"- {line}" for line in lines)


def _markdown(sentence: Sentence) -> Iterator[str]:
    """Yield the parts of a sentence as Markdown."""
    for part in sentence:
        words = SPACES_AROUND.sub(lambda match: f"{match[1]}{escape_markdown(match[2])}{match[3]}", part.text)
        yield f"[{words}](<{quote(part.url, safe=URL_CHARS)}>)" if part.url else words
