"""Licenses of pages, works and figures that do not fit together are reported with the reason and ways out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oerbook.checks import CHECKS
from oerbook.model.book import Book, Chapter, Part, ReusedWork, Settings
from oerbook.model.check_input import CheckedPage, CheckInput, PlacedWork
from oerbook.model.findings import Finding, Place, Severity

GUIDE = ReusedWork("Guide", "Ada Lee", "https://a.org", "CC-BY-SA-4.0", relation="adapted")
PHOTO = ReusedWork("Photo", "Bo Li", "https://b.org", "CC-BY-ND-4.0", changes="cropped")


def report(page_license: str, *works: ReusedWork, image: ReusedWork | None = None, sold: bool = False) -> list[Finding]:
    """Return the findings of a book with one page under a license, which reuses works and shows an image."""
    chapter = Chapter("soil", "chapters/soil.md", "Soil", license=page_license, reused_works=works)
    index = Chapter("index", "chapters/index.md", "Book", license="CC-BY-4.0")
    settings = Settings(commercial=sold)
    book = Book(Path(), "Book", index, license="CC-BY-4.0", parts=(Part("", None, (chapter,)),), settings=settings)
    works = (PlacedWork(image, Place("chapters/soil.md", 9)),) if image else ()
    check_input = CheckInput((CheckedPage("soil", "chapters/soil.md", works=works),))
    return list(CHECKS["licenses"](book, check_input))


def test_a_conflict_names_the_reason_the_clause_and_the_ways_out() -> None:
    (finding,) = report("", GUIDE)
    assert (finding.code, finding.severity) == ("license-conflict", Severity.ERROR)
    assert finding.message == (
        "this page is CC-BY-4.0, and is adapted from “Guide”: An adaptation of CC-BY-SA-4.0 must have the same "
        "license, in this version or a later one. (CC BY-SA 4.0 section 3(b)(1))"
    )
    assert finding.hint.startswith("Give this page the license CC-BY-SA-4.0 or FAL-1.3 or GPL-3.0-or-later. Or quote")


def test_a_work_that_does_not_say_how_it_is_used_is_a_warning() -> None:
    (finding,) = report("", replace(GUIDE, relation=""))
    assert (finding.code, finding.severity) == ("license-conflict", Severity.WARNING)
    assert "relation: verbatim" in finding.hint


def test_an_unchanged_or_quoted_work_does_not_bind_the_page() -> None:
    for relation in ("verbatim", "quoted", "linked"):
        assert not report("", replace(GUIDE, relation=relation))
    assert not report("CC-BY-SA-4.0", GUIDE)


def test_a_changed_image_needs_a_license_that_permits_changes() -> None:
    (finding,) = report("", image=PHOTO)
    assert (finding.code, finding.place.line) == ("license-conflict", 9)
    assert not report("", image=replace(PHOTO, changes="none"))
    assert not report("", image=replace(PHOTO, license="CC-BY-SA-4.0"))


def test_a_book_that_is_sold_has_no_part_for_noncommercial_use() -> None:
    work = replace(GUIDE, license="CC-BY-NC-4.0", relation="verbatim")
    codes = [f.code for f in report("CC-BY-NC-4.0", work, image=replace(PHOTO, license="CC-BY-NC-2.0"), sold=True)]
    assert codes == ["license-noncommercial"] * 2 + ["license-noncommercial"]
    assert not report("CC-BY-NC-4.0", work)


def test_a_license_without_a_version_says_why_the_version_matters() -> None:
    (finding,) = report("", replace(GUIDE, license="CC BY-SA", relation="verbatim"))
    assert finding.code == "source-license"
    assert "Its version decides" in finding.hint
    assert "CC-BY-SA-4.0" in finding.hint
