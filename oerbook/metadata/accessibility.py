"""Sentences of the accessibility statement, from what the build measured; none claims what was not measured."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.accessibility import AccessibilityClaim, PageAccessibility
from oerbook.text.translations import translate


def measured_sentences(language: str, total: PageAccessibility, other_languages: int, contrast: float) -> Iterator[str]:
    """Yield what was measured in the whole book.

    `other_languages` is the number of chapters in another language than the book, `contrast` the lowest ratio of the
    theme's text colors to the page.
    """
    yield _described_pictures(language, total)
    if total.tables:
        with_header = total.tables - total.tables_without_header
        yield _ratio(language, "Tables with header cells: {count} of {total}.", with_header, total.tables)
    if total.media:
        yield _media_sentence(language, total)
    if total.skipped_headings:
        text = translate(language, "Headings that leave out a level: {count}.")
        yield text.format(count=total.skipped_headings)
    else:
        yield translate(language, "No heading leaves out a level.")
    if total.links:
        clear = total.links - total.vague_links
        yield _ratio(
            language, "Links with a text of their own, not “here” or “more”: {count} of {total}.", clear, total.links
        )
    if total.formulas:
        yield formulas_sentence(language, total.formulas)
    yield translate(language, "The language of the book is declared in every format.")
    if other_languages:
        text = translate(language, "Chapters in another language, which are marked as such: {count}.")
        yield text.format(count=other_languages)
    text = translate(
        language, "Lowest contrast between text and page on the web site: {ratio} to 1, by day and by night."
    )
    yield text.format(ratio=_number(contrast))
    yield translate(
        language,
        "The program that writes the PDF checks it against PDF/UA-1. No other program tested the finished files.",
    )


def _described_pictures(language: str, total: PageAccessibility) -> str:
    if not total.pictures:
        return translate(language, "The book has no pictures.")
    described = total.pictures - total.undescribed_pictures
    return _ratio(language, "Pictures with a description: {count} of {total}.", described, total.pictures)


def _media_sentence(language: str, total: PageAccessibility) -> str:
    message = "Videos and recordings of the book with captions or a transcript, or without sound: {count} of {total}."
    return _ratio(language, message, total.media - total.wordless_media, total.media)


def formulas_sentence(language: str, count: int) -> str:
    """Return the sentence about formulas."""
    text = translate(language, "Formulas, in MathML with a description in words on the web and in the EPUB: {count}.")
    return text.format(count=count)


def summary_sentences(language: str, total: PageAccessibility) -> Iterator[str]:
    """Yield the sentences of the summary in the EPUB's package."""
    yield translate(
        language, "This book is reflowable text with a table of contents, headings and a logical reading order."
    )
    yield _described_pictures(language, total)
    if total.tables_without_header:
        with_header = total.tables - total.tables_without_header
        yield _ratio(language, "Tables with header cells: {count} of {total}.", with_header, total.tables)
    if total.media:
        yield _media_sentence(language, total)
    if total.formulas:
        yield formulas_sentence(language, total.formulas)


def gap_sentence(language: str, page: PageAccessibility) -> str:
    """Return what excludes readers on a page, as a list of counts.

    >>> gap_sentence("en", PageAccessibility(pictures=3, undescribed_pictures=2, tables_without_header=1))
    'pictures without a description (2), tables without header cells (1)'
    """
    gaps = [
        ("pictures without a description ({count})", page.undescribed_pictures),
        ("tables without header cells ({count})", page.tables_without_header),
        ("links that do not say where they lead ({count})", page.vague_links),
        ("videos and recordings without captions or transcript ({count})", page.wordless_media),
        ("headings that leave out a level ({count})", page.skipped_headings),
    ]
    return ", ".join(translate(language, text).format(count=count) for text, count in gaps if count)


def claim_sentence(language: str, claim: AccessibilityClaim) -> str:
    """Return who certified what, or that nobody did."""
    if claim.is_certified:
        text = translate(language, "{certifier} certified that this book conforms to {standard}.")
        return text.format(certifier=claim.certified_by, standard=claim.conforms_to)
    return translate(language, "Nobody has certified that this book conforms to a standard of accessibility.")


def _ratio(language: str, message: str, count: int, total: int) -> str:
    return translate(language, message).format(count=count, total=total)


def _number(ratio: float) -> str:
    """Return a ratio rounded down to one decimal."""
    return f"{int(ratio * 10) / 10:g}"
