"""Who is named where: the authors of the book and of a chapter, and everybody else with what they did."""

from __future__ import annotations

from collections.abc import Sequence

from oerbook.metadata.labels import names, word
from oerbook.metadata.roles import relators
from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Place
from oerbook.model.people import Contributor

MANY = 6  # authors that a line names; beyond that, the first three and how many others


def author_names(book: Book) -> list[str]:
    """Return the authors of the book: the collective, then those declared, else those whom its history makes authors."""
    found = [book.settings.credit.collective] if book.settings.credit.collective else []
    found += names(book, book.authors)
    if not found:
        known = _people(book)
        found = [known[one.person].name for one in book.credits.book if one.author]
    return list(dict.fromkeys(found))


def line(book: Book, people: Sequence[str]) -> str:
    """Return names as a sentence has them; of many, the first three and the number of the others."""
    if len(people) > MANY:
        return f"{', '.join(people[:3])} {others(book, len(people) - 3)}"
    if len(people) < 2:
        return "".join(people)
    return f"{', '.join(people[:-1])} {word(book, 'and')} {people[-1]}"


def others(book: Book, count: int) -> str:
    """Return "and so many others" in the book's language."""
    words = {"de": "und {} andere", "fr": "et {} autres", "es": "y {} más"}
    return words.get(book.language.split("-")[0], "and {} others").format(count)


def author_line(book: Book) -> str:
    """Return the authors of the book as the title page names them."""
    return line(book, author_names(book))


def chapter_authors(book: Book, chapter: Chapter) -> list[Contributor]:
    """Return the authors of a chapter: declared first when the policy says so, then by what they wrote.

    Until attribution has run these are the declared ones.
    """
    known = _people(book)
    found = [known[one.person] for one in book.credits.of(chapter.slug) if one.author]
    if found:
        return found
    people = {person.id: person for person in book.people}
    return [people.get(one.name) or Contributor("", one.name, Place(chapter.path)) for one in chapter.authors]


def shares(book: Book, chapter: Chapter) -> dict[str, float]:
    """Return the share of each author of a chapter where the book wants shares shown."""
    return {one.person: one.share for one in book.credits.of(chapter.slug)} if book.settings.credit.shares else {}


def byline_words(book: Book, chapter: Chapter) -> str:
    """Return a chapter's byline as words."""
    share = shares(book, chapter)
    shown = [
        one.name + (f" ({share[one.id]:.0%})" if share.get(one.id) else "") for one in chapter_authors(book, chapter)
    ]
    return line(book, shown)


def contributors(book: Book) -> list[tuple[str, str]]:
    """Return everybody but the book's authors by name, with the MARC relator of what they did first."""
    authors = set(author_names(book))
    found: dict[str, str] = {}
    for role, people in (("edt", book.editors), ("rev", book.reviewers), ("ctb", book.contributors)):
        for name in names(book, people):
            found.setdefault(name, role)
    known = _people(book)
    for one in book.credits.book:
        found.setdefault(known[one.person].name, relators(one.roles, one.author)[0])
    return [(name, role) for name, role in found.items() if name not in authors and name]


def _people(book: Book) -> dict[str, Contributor]:
    return {person.id: person for person in book.credits.people}
