"""List the licenses of the parts of a book, and the obstacles to another license for the whole book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oerbook.document.reading.generated.directive_sources import directive_works
from oerbook.licensing.adaptation import Permission, judge_adaptation
from oerbook.licensing.collection import BookTerms
from oerbook.metadata.attributions import terms_of_parts, terms_sentences
from oerbook.metadata.labels import names_of_declared_people
from oerbook.source.text import load_page_text

if TYPE_CHECKING:
    from oerbook.model.book import Book, Credits, ReusedWork

Consent = tuple[tuple[str, float], ...]  # authors of the surviving words of a part, with their share (0 to 1) of it


@dataclass(frozen=True, slots=True)
class RightsRow:
    """One part of a book: a page, or a work on it. `path` is that of its file, below the book's folder."""

    path: str
    kind: str  # page | text | image
    title: str
    license: str
    authors: str = ""
    source: str = ""
    relation: str = ""
    changes: str = ""
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class RelicensingObstacle:
    """A part that cannot have another license without consent, why, and the clause ("" if there is none)."""

    path: str
    title: str
    license: str
    reason: str
    clause: str
    consent_of: Consent = ()


def list_rights(book: Book) -> list[RightsRow]:
    """Return the parts of a book in reading order, then its images."""
    rows: list[RightsRow] = []
    for page in (book.index, *book.chapters):
        authors = ", ".join(names_of_declared_people(book, page.authors))
        rows.append(RightsRow(page.path, "page", page.title, page.license or book.license, authors))
        rows += [_work_row(page.path, "text", work) for work in page.reused_works]
        works = directive_works(load_page_text(f"{book.root}/{page.path}", book.root)[0])
        rows += [_work_row(page.path, "image", work) for work in works]
    rows += [_work_row(f"chapters/{name}", "image", work) for name, work in book.image_sources]
    return rows


def _work_row(path: str, kind: str, work: ReusedWork) -> RightsRow:
    relation = work.relation or ("adapted" if work.is_adapted else "")
    return RightsRow(
        path, kind, work.title, work.license, work.authors, work.source, relation, work.changes, work.retrieved
    )


def combine_terms_of_parts(rows: Iterable[RightsRow]) -> BookTerms:
    """Return what the parts permit together."""
    return terms_of_parts((row.license, row.relation) for row in rows)


def relicensing_obstacles(
    rows: Sequence[RightsRow], license_: str, credits_by_path: Mapping[str, Consent]
) -> list[RelicensingObstacle]:
    """Return the parts whose licenses do not let the book be published under `license_`.

    An unchanged work keeps its own license beside any other, so it is no obstacle.
    """
    obstacles = []
    for row in rows:
        if row.kind == "image" or (row.kind == "text" and row.relation != "adapted"):
            continue  # a changed image stays a work of its own
        verdict = judge_adaptation(row.license or "unknown", license_)
        if verdict.permission is not Permission.ALLOWED:
            consent = (
                credits_by_path.get(row.path, ()) if row.kind == "page" else ((row.authors or "its authors", 1.0),)
            )
            obstacles.append(
                RelicensingObstacle(row.path, row.title, row.license, verdict.reason, verdict.clause, tuple(consent))
            )
    return obstacles


def consent_by_path(book: Book, credits: Credits) -> dict[str, Consent]:
    """Return the authors of the surviving words of each page, with their share of it, the largest first."""
    names = {person.id: person.name for person in credits.people}
    result: dict[str, Consent] = {}
    for page in (book.index, *book.chapters):
        shares = [(names.get(c.person, c.person), c.share) for c in credits.for_chapter(page.slug) if c.words]
        result[page.path] = tuple(sorted(shares, key=lambda pair: (-pair[1], pair[0])))
    return result


def describe_terms(language: str, terms: BookTerms) -> list[str]:
    """Return what readers may do with the whole book, in sentences, and the licenses of its parts."""
    return [*terms_sentences(language, terms), f"Licenses of the parts: {', '.join(terms.licenses)}"]
