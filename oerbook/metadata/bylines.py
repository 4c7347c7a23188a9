"""The authors of the book and of each chapter, and everyone else with their role."""

from __future__ import annotations

from collections.abc import Sequence

from oerbook.metadata.labels import names_of_declared_people
from oerbook.metadata.roles import marc_relators_of_roles
from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Place
from oerbook.model.people import Contributor
from oerbook.text.translations import join_list, translate

MAX_NAMED_AUTHORS = 6  # authors named in a line; of more, the first three and the number of the others


def author_names(book: Book) -> list[str]:
    """Return the book's authors.

    The group author and the declared authors, or else the authors from the history.
    """
    authors = [book.settings.credit.group_author] if book.settings.credit.group_author else []
    authors += names_of_declared_people(book, book.authors)
    if not authors:
        people = _people_by_id(book)
        authors = [people[credit.person].name for credit in book.credits.book if credit.is_author]
    return list(dict.fromkeys(authors))


def join_names(book: Book, people: Sequence[str]) -> str:
    """Return names as an enumeration in the book's language.

    Of many, the first three and the number of the others.
    """
    if len(people) > MAX_NAMED_AUTHORS:
        return f"{', '.join(people[:3])} {and_others(book, len(people) - 3)}"
    return join_list(book.language, people)


def and_others(book: Book, count: int) -> str:
    """Return "and `count` others" in the book's language."""
    return translate(book.language, "and {} others").format(count)


def author_line(book: Book) -> str:
    """Return the book's authors as on the title page."""
    return join_names(book, author_names(book))


def chapter_authors(book: Book, chapter: Chapter) -> list[Contributor]:
    """Return the authors of a chapter from the credits, in their order.

    Before attribution has run, these are the declared authors.
    """
    credited = _people_by_id(book)
    authors = [credited[credit.person] for credit in book.credits.for_chapter(chapter.slug) if credit.is_author]
    if authors:
        return authors
    people = {person.id: person for person in book.people}
    return [people.get(who.name) or Contributor("", who.name, Place(chapter.path)) for who in chapter.authors]


def author_shares(book: Book, chapter: Chapter) -> dict[str, float]:
    """Return each author's share of a chapter (0 to 1) by person id.

    Empty if the book does not show shares.
    """
    if not book.settings.credit.show_shares:
        return {}
    return {credit.person: credit.share for credit in book.credits.for_chapter(chapter.slug)}


def byline(book: Book, chapter: Chapter) -> str:
    """Return a chapter's byline as plain text."""
    share = author_shares(book, chapter)
    authors = [
        person.name + (f" ({share[person.id]:.0%})" if share.get(person.id) else "")
        for person in chapter_authors(book, chapter)
    ]
    return join_names(book, authors)


def contributor_relators(book: Book) -> list[tuple[str, str]]:
    """Return what people did besides being the book's authors: name and MARC relator code, one pair for each role.

    Authors are listed for their other roles, such as editor; "ctb" only for people without any other role.
    """
    authors = set(author_names(book))
    codes: dict[str, list[str]] = {}
    for role, people in (("edt", book.editors), ("rev", book.reviewers), ("ctb", book.contributors)):
        for name in names_of_declared_people(book, people):
            codes.setdefault(name, []).append(role)
    credited = _people_by_id(book)
    for credit in book.credits.book:
        relators = marc_relators_of_roles(credit.roles, credit.is_author)
        codes.setdefault(credited[credit.person].name, []).extend(relators)
    rows = []
    for name, all_codes in codes.items():
        specific = [code for code in dict.fromkeys(all_codes) if code not in ("aut", "ctb")]
        general = [] if name in authors else ["aut" if "aut" in all_codes else "ctb"]
        rows += [(name, code) for code in specific or general if name]
    return rows


def _people_by_id(book: Book) -> dict[str, Contributor]:
    return {person.id: person for person in book.credits.people}
