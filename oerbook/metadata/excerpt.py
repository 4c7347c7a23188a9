"""A chapter as a book of its own: with its title, its authors and its license, and the name of the book it is from."""

from __future__ import annotations

from dataclasses import replace

from oerbook.metadata.bylines import chapter_authors
from oerbook.model.book import Book, Chapter, Credits, Part
from oerbook.model.people import NamedPerson
from oerbook.model.sentences import SuggestedCitation, TextPart


def pages_of_chapter(book: Book, page: Chapter) -> tuple[Chapter, ...]:
    """Return a page with the pages that are its sections, in reading order."""
    part = next((part for part in book.parts if page in part.chapters), None)
    if part is None:
        return (page,)
    start = part.chapters.index(page)
    pages = [page]
    for later in part.chapters[start + 1 :]:
        if later.level <= page.level:
            break
        pages.append(later)
    return tuple(pages)


def book_of_chapter(book: Book, page: Chapter) -> Book:
    """Return the book that one chapter is when it stands alone; `book` has its credits and citations."""
    pages = pages_of_chapter(book, page)
    address = f"{book.url.rstrip('/')}/{page.slug}.html" if book.url else ""
    return replace(
        book,
        title=page.title,
        subtitle=page.subtitle,
        description=page.description,
        license=page.license or book.license,
        language=page.language or book.language,
        authors=tuple(NamedPerson(person.name) for person in chapter_authors(book, page)) or book.authors,
        editors=page.editors or book.editors,
        reviewers=page.reviewers,
        contributors=page.contributors,
        keywords=page.keywords or book.keywords,
        reused_works=page.reused_works,
        url=address,
        isbn="",
        isbns=(),
        doi="",
        index=replace(book.index, title=page.title, reused_works=(), license="", problem="not part of the excerpt"),
        parts=(Part("", None, pages),),
        settings=replace(book.settings, cover="", credit=replace(book.settings.credit, group_author="")),
        credits=_credits(book, page),
        citations=tuple(_citation(book, page)),
        excerpt_of=TextPart(
            f"{book.title}: {book.subtitle}" if book.subtitle else book.title, book.url or book.repository
        ),
    )


def _credits(book: Book, page: Chapter) -> Credits:
    """Return who wrote the chapter."""
    credits = book.credits.for_chapter(page.slug)
    ids = {credit.person for credit in credits}
    people = tuple(person for person in book.credits.people if person.id in ids)
    return Credits(people, credits, ((page.slug, credits),))


def _citation(book: Book, page: Chapter) -> list[SuggestedCitation]:
    """Return how to cite the chapter, as the citation of the whole."""
    return [replace(citation, slug="") for citation in book.citations if citation.slug == page.slug]
