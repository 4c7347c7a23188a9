"""Attributions of reused works: title, author, source, license and changes, in the book's language.

The wording follows section 3(a) of the Creative Commons licenses 4.0 (changes are always stated, the title is
optional), and section 4 of versions 1.0 to 3.0 (the title is required).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from oerbook.licensing.collection import BookTerms, combined_terms
from oerbook.licensing.spdx import find_license
from oerbook.licensing.terms import LicenseFamily, parse_terms
from oerbook.model.book import Book, Chapter, ReusedWork
from oerbook.model.sentences import Sentence, TextPart
from oerbook.text.translations import translate

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# By relation: what a chapter has to do with a work.
SENTENCE_BY_RELATION = {
    "adapted": "This chapter is adapted from {work}.",
    "verbatim": "This chapter contains {work}.",
    "quoted": "This chapter quotes {work}.",
    "linked": "This chapter links to {work}.",
    "": "This chapter uses {work}.",
}
COMMERCIAL_USE = (
    "The whole book may also be used commercially.",
    "The book as a whole may not be used commercially, because parts of it may not.",
)
COMMERCIAL_USE_OF_CHAPTER = (
    "The whole chapter may also be used commercially.",
    "The chapter as a whole may not be used commercially, because parts of it may not.",
)
BOOK_SENTENCE_BY_RELATION = {
    "adapted": "This book is adapted from {work}.",
    "verbatim": "This book contains {work}.",
    "quoted": "This book quotes {work}.",
    "linked": "This book links to {work}.",
    "": "This book uses {work}.",
}


def license_label(spdx: str) -> str:
    """Return the usual short name of a license.

    >>> license_label("CC-BY-SA-3.0-DE"), license_label("CC0-1.0"), license_label("All rights reserved")
    ('CC BY-SA 3.0 DE', 'CC0 1.0', 'All rights reserved')
    """
    license_ = find_license(spdx)
    if license_ is None:
        return spdx
    terms = parse_terms(license_.spdx)
    if terms.family is LicenseFamily.CREATIVE_COMMONS:
        elements = "-".join(element for element in ("BY", "NC", "SA", "ND") if element in terms.elements)
        version = ".".join(map(str, terms.version))
        return " ".join(filter(None, ["CC", elements, version, terms.port]))
    short = {"CC0-1.0": "CC0 1.0", "CC-PDM-1.0": "Public Domain Mark 1.0"}
    return short.get(license_.spdx, license_.name or license_.spdx)


def credit_line(work: ReusedWork, language: str) -> Sentence:
    """Return the credit of a figure, table or quotation.

    >>> from oerbook.model.sentences import plain_text
    >>> plain_text(credit_line(ReusedWork("Worm", "Ada Lee", "https://a.org", "CC-BY-SA-4.0", "cropped"), "en"))
    '“Worm” by Ada Lee, CC BY-SA 4.0. Changes: cropped.'
    """
    changes = _changes(work, language)
    return (*describe_work(work, language), TextPart("."), *((TextPart(" "), *changes) if changes else ()))


def chapter_sentence(work: ReusedWork, language: str, *, of_book: bool = False) -> Sentence:
    """Return the sentence about a work that a chapter or the whole book reuses.

    >>> from oerbook.model.sentences import plain_text
    >>> work = ReusedWork("Soils", "Ada Lee", "https://a.org", "CC-BY-4.0", "shortened")
    >>> plain_text(chapter_sentence(work, "en"))
    'This chapter is adapted from “Soils” by Ada Lee, CC BY 4.0. Changes: shortened.'
    """
    relation = "adapted" if work.is_adapted else work.relation
    sentences = BOOK_SENTENCE_BY_RELATION if of_book else SENTENCE_BY_RELATION
    opening = translate(language, sentences.get(relation, sentences[""]))
    changes = _changes(work, language)
    sentence = _fill(opening, {"work": describe_work(work, language)})
    return (*sentence, *((TextPart(" "), *changes) if changes else ()))


def page_attribution(book: Book, page: Chapter, authors: str) -> Sentence:
    """Return the attribution of the book itself or of one of its chapters, for people who reuse it."""
    language, license_ = book.language, page.license or book.license
    title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
    whole = (TextPart(translate(language, "“{title}”").format(title=title), book.url or book.repository),)
    if page is book.index:
        named = _fill(translate(language, "{work} by {authors}"), {"work": whole, "authors": (TextPart(authors),)})
        named = named if authors else whole
    else:
        url = f"{book.url.rstrip('/')}/{page.slug}.html" if book.url else ""
        work: Sentence = (TextPart(translate(language, "“{title}”").format(title=page.title), url),)
        template = "{work} by {authors}, in {book}" if authors else "{work}, in {book}"
        named = _fill(translate(language, template), {"work": work, "authors": (TextPart(authors),), "book": whole})
    found = find_license(license_) if license_ else None
    terms = (TextPart(", "), TextPart(license_label(license_), found.url if found else "")) if license_ else ()
    return (*named, *terms, TextPart("."))


def describe_work(work: ReusedWork, language: str) -> Sentence:
    """Return title, authors and license of a work, with links to its source and its license."""
    title = translate(language, "“{title}”").format(title=work.title) if work.title else ""
    title = title or translate(language, "a work without a title")
    linked = work.source if work.source.startswith(("https://", "http://")) else ""
    named: Sentence = (TextPart(title, linked),)
    if work.authors:
        named = _fill(translate(language, "{work} by {authors}"), {"work": named, "authors": (TextPart(work.authors),)})
    if work.source and not linked:
        named = (*named, TextPart(f", {work.source}"))
    license_ = find_license(work.license)
    if work.license:
        named = (*named, TextPart(", "), TextPart(license_label(work.license), license_.url if license_ else ""))
    return named


def _changes(work: ReusedWork, language: str) -> Sentence:
    """Return the sentence about changes; version 4.0 demands it for every change."""
    if work.is_adapted:
        changes = work.changes.strip().rstrip(".") or translate(language, "adapted for this book")
        return _fill(translate(language, "Changes: {changes}."), {"changes": (TextPart(changes),)})
    unchanged = work.relation == "verbatim" or work.changes
    return (TextPart(translate(language, "No changes.")),) if unchanged else ()


def _fill(template: str, values: dict[str, Sentence]) -> Sentence:
    """Return a template with parts in the places of its placeholders."""
    parts: list[TextPart] = []
    for index, piece in enumerate(PLACEHOLDER.split(template)):
        if index % 2:
            parts += values[piece]
        elif piece:
            parts.append(TextPart(piece))
    return tuple(parts)


def terms_of_parts(parts: Iterable[tuple[str, str]]) -> BookTerms:
    """Return what the parts of a book permit together, from the license of each and its relation ("" for a page).

    Quotations and links pass no terms on. A part without a license has unknown terms.
    """
    return combined_terms(license_ or "unknown" for license_, relation in parts if relation not in ("quoted", "linked"))


def terms_sentences(language: str, terms: BookTerms, *, of_chapter: bool = False) -> list[str]:
    """Return what readers may do with the whole book, or a chapter, in sentences that a teacher understands."""
    permitted, forbidden = COMMERCIAL_USE_OF_CHAPTER if of_chapter else COMMERCIAL_USE
    sentences = []
    if terms.commercial is not None:
        sentences.append(permitted if terms.commercial else forbidden)
    if terms.adaptable is not None:
        sentences.append(
            "You may change it and share what you made."
            if terms.adaptable
            else "Parts of it may be shared only unchanged."
        )
    if terms.share_alike:
        sentences.append("If you change parts that are “ShareAlike”, share the result under the same license.")
    return [translate(language, sentence) for sentence in sentences]
