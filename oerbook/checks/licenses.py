"""Check the licenses of reused works: present, known, and fit for the chapters that reuse them.

Guidance, not legal advice: see `licensing.adaptation` for the rules and their sources.
"""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.licensing.adaptation import Permission, adapter_licenses, conflicting_pairs, judge_adaptation
from oerbook.licensing.collection import judge_collection
from oerbook.licensing.spdx import closest_license, find_license
from oerbook.licensing.terms import LicenseFamily, lacks_version, parse_terms
from oerbook.model.book import Book, Chapter, ReusedWork
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Place, Severity

ALTERNATIVES_TO_ADAPTING_HINT = (
    "Or quote it instead of adapting it, use it unchanged as a work of its own, or ask its authors for another license."
)


def check(book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report works without a known license, and licenses that do not fit together."""
    for page in (book.index, *book.chapters):
        if book.settings.commercial:
            yield from _noncommercial_page(book, page, check_input)
        for work in page.reused_works:
            place = check_input.front_matter_place(page, work.title or work.source)
            yield from _work_findings(work, place, check_input.front_matter_place(page, work.license))
            yield from _conflict_findings(book, page, work, place)
            yield from _collection_findings(book, work, place)
        yield from _combination_findings(page, check_input)
    for shown in (shown for checked in check_input.pages for shown in checked.works):
        yield from _work_findings(shown.work, shown.place, shown.place)
        yield from _unchangeable(shown.work, shown.place)
        yield from _collection_findings(book, shown.work, shown.place)


def _work_findings(work: ReusedWork, place: Place, license_place: Place) -> Iterator[Finding]:
    name = work.title or work.source or "a work"
    if not work.license:
        message = f"“{name}” is reused, and its license is not given"
        hint = "Add a line to its entry under sources: license: CC-BY-4.0, or say why you may use it."
        yield Finding("source-license", message, place, Severity.WARNING, hint)
    elif _is_unknown(work.license):
        close = closest_license(work.license)
        hint = f"Did you mean {close}?" if close else "Write its SPDX id (spdx.org/licenses), for example CC-BY-4.0."
        if lacks_version(work.license):
            hint = f"Its version decides what is allowed. Look it up at the source: {close or 'CC-BY-4.0'}, say."
        message = f"the license “{work.license}” of “{name}” is not known"
        yield Finding("source-license", message, license_place, Severity.WARNING, hint)
    if not work.title and _requires_title(work.license):
        message = (
            f"the license {work.license} of {work.source or 'a reused work'} requires its title, which is not given"
        )
        hint = "Add a line to its entry: title, as it stands at the source. Version 4.0 of the licenses leaves it free."
        yield Finding("source-incomplete", message, place, Severity.WARNING, hint)
    if not work.authors or not work.source:
        missing = " and ".join(key for key, value in (("authors", work.authors), ("source", work.source)) if not value)
        message = f"the {missing} of the reused work “{name}” is not given"
        hint = "Most licenses require title, authors, source and license: add them to its entry under sources."
        yield Finding("source-incomplete", message, place, Severity.INFO, hint)


def _requires_title(spdx: str) -> bool:
    """Return whether the attribution must have the title: clause 4 of Creative Commons 1.0 to 3.0."""
    terms = parse_terms(spdx) if spdx else None
    return terms is not None and terms.family is LicenseFamily.CREATIVE_COMMONS and terms.version < (4, 0)


def _is_unknown(spdx: str) -> bool:
    """Return whether a text is neither an SPDX id or expression nor plain words that are understood."""
    return find_license(spdx) is None and parse_terms(spdx).family is LicenseFamily.UNKNOWN


def _conflict_findings(book: Book, page: Chapter, work: ReusedWork, place: Place) -> Iterator[Finding]:
    """Report a work whose license does not permit an adaptation under that of the page."""
    page_license = page.license or book.license
    if not work.license or not page_license or work.relation in ("verbatim", "quoted", "linked"):
        return
    verdict = judge_adaptation(work.license, page_license)
    if verdict.permission in (Permission.ALLOWED, Permission.UNKNOWN):
        return
    clause = f" ({verdict.clause})" if verdict.clause else ""
    name = work.title or work.source
    choices = adapter_licenses([work.license])
    ways = f"Give this page the license {' or '.join(choices[:3])}." if choices else "No license permits it."
    stated = work.is_adapted
    reuses = "is adapted from" if stated else "reuses"
    message = f"this page is {page_license}, and {reuses} “{name}”: {verdict.reason}{clause}"
    hint = (
        f"{ways} {ALTERNATIVES_TO_ADAPTING_HINT}"
        if stated
        else f"If it is unchanged, add relation: verbatim to its entry. {ways}"
    )
    severity = Severity.ERROR if stated and verdict.permission is Permission.FORBIDDEN else Severity.WARNING
    yield Finding("license-conflict", message, place, severity, hint)


def _combination_findings(page: Chapter, check_input: CheckInput) -> Iterator[Finding]:
    """Report adapted works that no license lets one page combine."""
    adapted = {work.license: work for work in page.reused_works if work.is_adapted and work.license}
    for first, second in conflicting_pairs(adapted):
        if not (adapter_licenses([first]) and adapter_licenses([second])):
            continue  # one of them permits no adaptation, which is reported already
        works = [work for work in adapted.values() if work.license in (first, second)]  # in the order of the page
        names = " and ".join(f"“{work.title or work.source}” ({work.license})" for work in works)
        message = f"no license permits one page that is adapted from {names}"
        place = check_input.front_matter_place(page, works[-1].title or works[-1].source)
        hint = f"Use them on separate pages, each with its own license. {ALTERNATIVES_TO_ADAPTING_HINT}"
        yield Finding("license-combination", message, place, Severity.ERROR, hint)


def _unchangeable(work: ReusedWork, place: Place) -> Iterator[Finding]:
    """Report a changed figure, table or quotation whose license permits no changes."""
    if work.license and work.is_adapted and not parse_terms(work.license).adaptable:
        verdict = judge_adaptation(work.license, work.license)
        if verdict.permission is Permission.FORBIDDEN:
            clause = f" ({verdict.clause})" if verdict.clause else ""
            message = f"“{work.title or work.source}” was changed: {verdict.reason}{clause}"
            hint = "Use it unchanged, or ask its authors. Another size or file format is no change."
            yield Finding("license-conflict", message, place, Severity.ERROR, hint)


def _collection_findings(book: Book, work: ReusedWork, place: Place) -> Iterator[Finding]:
    """Report a work that a book which is sold may not hold."""
    if book.settings.commercial and work.license and work.relation not in ("quoted", "linked"):
        verdict = judge_collection(work.license, commercial=True)
        if verdict.permission is Permission.FORBIDDEN:
            message = (
                f"this book is sold, and “{work.title or work.source}” may not be: {verdict.reason} ({verdict.clause})"
            )
            hint = "Replace it, ask its authors, or take commercial: true out of chapters/index.md."
            yield Finding("license-noncommercial", message, place, Severity.ERROR, hint)


def _noncommercial_page(book: Book, page: Chapter, check_input: CheckInput) -> Iterator[Finding]:
    """Report a page whose own license permits no sale."""
    page_license = page.license or (book.license if page is book.index else "")
    if page_license and judge_collection(page_license, commercial=True).permission is Permission.FORBIDDEN:
        message = f"this book is sold, and this page is {page_license}, for non-commercial use only"
        hint = "Ask its authors for another license, or take commercial: true out of chapters/index.md."
        place = check_input.front_matter_place(page, "license")
        yield Finding("license-noncommercial", message, place, Severity.ERROR, hint)
