"""The facts of a book that its records hold, computed once from the book and its credits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from oerbook.licensing.spdx import find_license
from oerbook.metadata.bylines import author_names, chapter_authors, contributor_relators
from oerbook.metadata.labels import book_identifier, is_group_name, names_of_declared_people, sort_name
from oerbook.metadata.roles import to_credit_role
from oerbook.model.book import Book, Chapter, License, ReusedWork
from oerbook.model.findings import Pairs
from oerbook.model.people import Contributor, NamedPerson
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP

FORMULA = re.compile(r"(?<![\\\w])\$([^$\s](?:[^$]*[^$\s])?)\$(?!\w)")


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or a group: `family` is "" for a group, and for a person with a single name."""

    name: str
    given: str = ""
    family: str = ""
    orcid: str = ""
    affiliations: tuple[str, ...] = ()
    is_group: bool = False

    @property
    def inverted(self) -> str:
        """The name with the family name first."""
        return f"{self.family}, {self.given}" if self.family and self.given else self.name


@dataclass(frozen=True, slots=True)
class ChapterFacts:
    """One chapter: `url` is "" unless the book states where it is online."""

    title: str
    slug: str
    url: str
    authors: tuple[Agent, ...]
    license: License | None
    language: str
    works: tuple[ReusedWork, ...] = ()


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What records say of a book.

    `date` is that of publication in ISO 8601 form, "" if it is not known. `contributors` are pairs of an agent and a
    MARC relator code.
    """

    title: str
    subtitle: str
    description: str
    language: str
    date: str
    identifier: str
    creators: tuple[Agent, ...] = ()
    contributors: tuple[tuple[Agent, str], ...] = ()
    editors: tuple[Agent, ...] = ()  # those that the book names, not all who edited words
    license: License | None = None
    credit_roles: tuple[tuple[Agent, str], ...] = ()  # pairs of an agent and a role of CRediT
    is_free: bool = False  # it has a license, and the book is not sold
    publisher: str = ""
    publisher_place: str = ""
    edition: str = ""
    isbn: str = ""
    isbns: Pairs = ()  # by format
    series: str = ""
    issn: str = ""
    doi: str = ""
    url: str = ""
    repository: str = ""
    keywords: tuple[str, ...] = ()
    subject: str = ""
    chapters: tuple[ChapterFacts, ...] = ()
    works: tuple[ReusedWork, ...] = ()

    @property
    def year(self) -> str:
        """The year of publication, "" if it is not known."""
        return self.date[:4]

    @property
    def full_title(self) -> str:
        """The title with the subtitle."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title


def collect_facts(book: Book, epoch: int) -> BookFacts:
    """Return the facts of a book; `epoch`, in seconds since 1970, is its date if it states none.

    Before the first commit, a book without a date has none.
    """
    named = _people_by_name(book)
    declared = {p.name: p for p in (*book.reviewers, *book.editors, *book.contributors, *book.authors)}
    creators = tuple(_agent(name, named, declared, book) for name in author_names(book))
    others = [(_agent(name, named, declared, book), role) for name, role in contributor_relators(book)]
    last_commit = datetime.fromtimestamp(epoch, UTC).date() if epoch > MIN_ZIP_TIMESTAMP else None
    date = book.date or last_commit
    return BookFacts(
        title=book.title,
        subtitle=book.subtitle,
        description=book.description,
        language=book.language,
        date=date.isoformat() if date else "",
        identifier=book_identifier(book),
        creators=creators,
        contributors=tuple(others),
        editors=tuple(_agent(name, named, declared, book) for name in names_of_declared_people(book, book.editors)),
        license=find_license(book.license) if book.license else None,
        is_free=find_license(book.license) is not None and not book.settings.commercial,
        publisher=book.publisher,
        publisher_place=book.publisher_place,
        edition=book.edition,
        isbn=book.isbn.replace("-", "").replace(" ", ""),
        isbns=tuple((kind, isbn.replace("-", "").replace(" ", "")) for kind, isbn in book.isbns),
        series=book.series,
        issn=book.issn,
        credit_roles=tuple(_credit_roles(book, named)),
        doi=book.doi,
        url=book.url,
        repository=book.repository,
        keywords=book.keywords,
        subject=book.subject,
        chapters=tuple(chapter_facts(book, page) for page in book.chapters),
        works=tuple(work for page in (book.index, *book.chapters) for work in page.reused_works),
    )


def chapter_facts(book: Book, page: Chapter) -> ChapterFacts:
    """Return the facts of one chapter."""
    named = _people_by_name(book)
    authors = chapter_authors(book, page)
    agents = tuple(_agent(person.name, {**named, person.name: person}, {}, book) for person in authors)
    license_ = page.license or book.license
    url = f"{book.url.rstrip('/')}/{page.slug}.html" if book.url else ""
    found = find_license(license_) if license_ else None
    return ChapterFacts(
        _plain_title(page.title), page.slug, url, agents, found, page.language or book.language, page.reused_works
    )


def _credit_roles(book: Book, named: dict[str, Contributor]) -> Iterator[tuple[Agent, str]]:
    """Yield what people did, in the roles of CRediT, each pair once."""
    names = {person.id: person.name for person in book.credits.people}
    for credit in book.credits.book:
        name = names.get(credit.person, "")
        for role in dict.fromkeys(filter(None, map(to_credit_role, credit.roles))):
            if name:
                yield _agent(name, named, {}, book), role


def _plain_title(title: str) -> str:
    """Return a title without the dollar signs around formulas, which no catalog sets.

    >>> _plain_title("Why $x^2$ grows"), _plain_title("From 5$ to 6$")
    ('Why x^2 grows', 'From 5$ to 6$')
    """
    return FORMULA.sub(r"\1", title)


def _people_by_name(book: Book) -> dict[str, Contributor]:
    return {person.name: person for person in (*book.people, *book.credits.people)}


def _agent(name: str, named: dict[str, Contributor], declared: dict[str, NamedPerson], book: Book) -> Agent:
    """Return a person with what the book knows of them, or a group."""
    if name == book.settings.credit.group_author or is_group_name(name):
        return Agent(name, is_group=True)
    family, _comma, given = sort_name(name).partition(", ")
    person, entry = named.get(name), declared.get(name)
    orcid = (person.orcid if person else "") or (entry.orcid if entry else "")
    affiliations = (person.affiliations if person else ()) or (entry.affiliations if entry else ())
    return Agent(name, given, family if given else "", orcid, tuple(place.name for place in affiliations))
