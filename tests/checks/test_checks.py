"""Each check reports what is wrong and nothing else; no Sphinx needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.checks import CHECKS
from oerbook.checks.images import MEANINGLESS_ALT
from oerbook.model.book import Book, Chapter, Part, ReusedWork
from oerbook.model.check_input import CheckedPage, CheckInput, Heading, Link, LinkStatus, PageImage, Passage, TableInfo
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor, NamedPerson

HERE = Place("chapters/01-a.md", 3)
LONG = " ".join(f"word{n}" for n in range(60))


def book(**fields: object) -> Book:
    chapter = Chapter("a", HERE.path, "A", **fields)  # type: ignore[arg-type]
    people = (Contributor("ada-lee", "Ada Lee", Place("contributors/ada-lee.md"), orcid="0000-0002-1825-0097"),)
    index = Chapter("index", "chapters/index.md", "B")
    return Book(Path(), "B", index, parts=(Part("", None, (chapter,)),), people=people)


def codes(name: str, check_input: CheckInput, subject: Book | None = None) -> list[str]:
    return [finding.code for finding in CHECKS[name](subject or book(), check_input)]


def page(**parts: object) -> CheckInput:
    return CheckInput((CheckedPage("a", HERE.path, **parts),))  # type: ignore[arg-type]


@pytest.mark.parametrize("alt", ["image", "Figure 3", "worm.png", "worm", "A picture of the", "Screenshot"])
def test_a_description_that_says_nothing_is_reported(alt: str) -> None:
    assert "image-alt-generic" in codes("images", page(images=(PageImage("worm.png", alt, HERE, "By Ada"),)))


@pytest.mark.parametrize("alt", ["A worm", "Graph of rain by month", "", "Soil", "図 土の層"])
def test_a_useful_description_is_not_reported(alt: str) -> None:
    assert codes("images", page(images=(PageImage("worm.png", alt, HERE, "Photo: Ada Lee, CC BY 4.0"),))) == []


def test_a_large_image_without_a_credit_has_two_findings() -> None:
    check_input = page(images=(PageImage("worm.png", "A worm", HERE, "Worms", 6_000_000, 9, 9),))
    assert codes("images", check_input) == ["image-large", "image-credit"]


@pytest.mark.parametrize("text", ["here", "click here", "(here)", "Hier", "this link"])
def test_a_link_text_must_say_where_the_link_leads(text: str) -> None:
    assert codes("link_text", page(links=(Link(text, "https://a.org", HERE),))) == ["link-text-generic"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("https://bank.example", "https://thief.example/login"),
        ("My bank", "https://bank.example@thief.example/"),
        ("My bank", "https://bаnk.example/"),
    ],
)
def test_a_link_must_not_be_misleading(text: str, target: str) -> None:
    assert codes("link_text", page(links=(Link(text, target, HERE),))) == ["link-text-mismatch"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("https://www.a.org/x", "https://a.org/x"),
        ("Python.org", "https://docs.python.org"),
        ("Тест", "https://пример.рф"),
        ("x", "mailto:a@b.org"),
        ("x", "https://[bad"),
    ],
)
def test_links_that_show_their_target_are_not_reported(text: str, target: str) -> None:
    assert codes("link_text", page(links=(Link(text, target, HERE),))) == []


def test_links_are_reported_by_their_http_status() -> None:
    expected = {404: "link-broken", 429: "link-unreachable", 0: "link-unreachable"}
    for status, code in expected.items():
        check_input = page(links=(Link("x", "https://a.org/#b", HERE),))
        check_input = CheckInput(
            check_input.pages, link_statuses=(LinkStatus("https://a.org/", status, reason="no answer in time"),)
        )
        assert codes("external_links", check_input) == [code]


def test_headings_need_text_and_content_below() -> None:
    check_input = page(
        headings=(
            Heading("A", 1, HERE),
            Heading("", 2, HERE),
            Heading("B", 2, HERE, empty=True),
            Heading("C", 2, HERE),
            Heading("C", 2, Place(HERE.path, 9)),
        )
    )
    assert codes("headings", check_input) == ["heading-empty", "section-empty", "heading-duplicate"]


def test_a_table_needs_headers() -> None:
    assert codes(
        "tables", page(tables=(TableInfo(HERE, False, 3), TableInfo(HERE, True, 3), TableInfo(HERE, False, 1)))
    ) == ["table-header-missing"]


def test_bibliography_entries_are_unique_and_cited() -> None:
    entries = (("a", Place("chapters/x.bib", 1)), ("A", Place("chapters/x.bib", 9)), ("b", Place("chapters/x.bib", 12)))
    assert codes("citations", CheckInput((), entries, frozenset({"a"}))) == ["citation-duplicate", "citation-unused"]


def test_claims_without_a_source_are_notes() -> None:
    findings = list(
        CHECKS["uncited_claims"](book(), page(passages=(Passage("Studies show that soil is alive.", HERE),)))
    )
    assert [f.severity for f in findings] == [Severity.INFO]
    assert (
        codes("uncited_claims", page(passages=(Passage("Studies show that soil is alive.", HERE, has_citation=True),)))
        == []
    )
    assert codes("uncited_claims", page(passages=(Passage("We show that soil is alive.", HERE),))) == []


def test_reused_works_need_a_known_license() -> None:
    works = (
        ReusedWork("Soil", "Ada", "https://a.org"),
        ReusedWork("Air", "Bo", "https://b.org", "CC BY 4"),
        ReusedWork("W", "C", "d", "MIT"),
    )
    assert codes("licenses", CheckInput(), book(reused_works=works)) == ["source-license", "source-license"]


def test_names_are_compared_with_contributors_files() -> None:
    assert codes("people", CheckInput(), book(authors=(NamedPerson("Ada Lea"),))) == ["contributor-spelling"]
    assert codes("people", CheckInput(), book(authors=(NamedPerson("bo-li"),))) == ["contributor-unknown"]
    assert (
        codes("people", CheckInput(), book(authors=(NamedPerson("Ada Lee"), NamedPerson("ada-lee"), NamedPerson("Bo"))))
        == []
    )


def test_deceptive_characters_are_reported() -> None:
    assert codes("deceptive_characters", page(text="a\x1b[31mb\n\nse\u200bcret\n")) == [
        "control-character",
        "invisible-character",
    ]
    assert codes("deceptive_characters", page(passages=(Passage("the wоrld", HERE),))) == ["mixed-script"]
    assert codes("deceptive_characters", page(text="मिट्टी‌का", passages=(Passage("мир und μm می‌خواهم", HERE),))) == []


@pytest.mark.parametrize(("word_count", "reported"), [(15, False), (24, False), (25, True), (60, True)])
def test_copied_passages_are_found(word_count: int, reported: bool) -> None:
    copied = " ".join(LONG.split()[:word_count])
    pages = (
        CheckedPage("a", "chapters/01-a.md", passages=(Passage(f"Before that {copied} and after", HERE),)),
        CheckedPage(
            "b", "chapters/02-b.md", passages=(Passage(f"Otherwise {copied} so what", Place("chapters/02-b.md")),)
        ),
    )
    findings: list[Finding] = list(CHECKS["copied_text"](book(), CheckInput(pages)))
    assert [f.place.path for f in findings] == (["chapters/02-b.md"] if reported else [])


def test_text_copied_from_elsewhere_is_found() -> None:
    check_input = CheckInput(
        page(passages=(Passage(LONG, HERE),)).pages, texts_by_others=(("soil.txt", f"x {LONG} y"),)
    )
    assert [f.message[:8] for f in CHECKS["copied_text"](book(), check_input)] == ["60 words"]


def test_template_text_is_an_error() -> None:
    check_input = page(passages=(Passage("[Replace this: an example]", HERE), Passage("TODO: more", HERE)))
    assert codes("placeholders", check_input) == ["placeholder", "todo-left"]


def test_a_malicious_description_does_not_slow_the_check_down() -> None:
    assert not MEANINGLESS_ALT.fullmatch("1" * 5000 + "x")
    assert MEANINGLESS_ALT.fullmatch("photograph 12")
