"""What each check says of a page, and what it keeps quiet about; no Sphinx is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.checks import CHECKS
from oerbook.checks.images import EMPTY_WORDS
from oerbook.model.book import Book, Chapter, Part, Work
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor, Declared
from oerbook.model.proof import Answer, Grid, Heading, Link, PageProof, Passage, Picture, Proof

HERE = Place("chapters/01-a.md", 3)
LONG = " ".join(f"word{n}" for n in range(60))


def book(**facts: object) -> Book:
    chapter = Chapter("a", HERE.path, "A", **facts)  # type: ignore[arg-type]
    people = (Contributor("ada-lee", "Ada Lee", Place("contributors/ada-lee.md"), orcid="0000-0002-1825-0097"),)
    index = Chapter("index", "chapters/index.md", "B")
    return Book(Path(), "B", index, parts=(Part("", None, (chapter,)),), people=people)


def codes(name: str, proof: Proof, about: Book | None = None) -> list[str]:
    return [finding.code for finding in CHECKS[name](about or book(), proof)]


def page(**seen: object) -> Proof:
    return Proof((PageProof("a", HERE.path, **seen),))  # type: ignore[arg-type]


@pytest.mark.parametrize("alt", ["image", "Figure 3", "worm.png", "worm", "A picture of the", "Screenshot"])
def test_a_description_that_says_nothing_is_reported(alt: str) -> None:
    assert "image-alt-empty" in codes("images", page(pictures=(Picture("worm.png", alt, HERE, "By Ada"),)))


@pytest.mark.parametrize("alt", ["A worm", "Graph of rain by month", "", "Soil", "図 土の層"])
def test_a_description_that_says_something_is_not(alt: str) -> None:
    assert codes("images", page(pictures=(Picture("worm.png", alt, HERE, "Photo: Ada Lee, CC BY 4.0"),))) == []


def test_a_heavy_picture_without_a_maker_is_reported_twice() -> None:
    seen = page(pictures=(Picture("worm.png", "A worm", HERE, "Worms", 6_000_000, 9, 9),))
    assert codes("images", seen) == ["image-large", "image-credit"]


@pytest.mark.parametrize("words", ["here", "click here", "(here)", "Hier", "this link"])
def test_a_link_must_say_where_it_leads(words: str) -> None:
    assert codes("link_text", page(links=(Link(words, "https://a.org", HERE),))) == ["link-text"]


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("https://bank.example", "https://thief.example/login"),
        ("My bank", "https://bank.example@thief.example/"),
        ("My bank", "https://bаnk.example/"),
    ],
)
def test_a_link_must_not_deceive(words: str, target: str) -> None:
    assert codes("link_text", page(links=(Link(words, target, HERE),))) == ["link-deceives"]


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("https://www.a.org/x", "https://a.org/x"),
        ("Python.org", "https://docs.python.org"),
        ("Тест", "https://пример.рф"),
        ("x", "mailto:a@b.org"),
        ("x", "https://[bad"),
    ],
)
def test_honest_links_pass(words: str, target: str) -> None:
    assert codes("link_text", page(links=(Link(words, target, HERE),))) == []


def test_the_answers_of_the_web_are_judged() -> None:
    said = {404: "link-broken", 429: "link-unanswered", 0: "link-unanswered"}
    for status, code in said.items():
        proof = page(links=(Link("x", "https://a.org/#b", HERE),))
        proof = Proof(proof.pages, answers=(Answer("https://a.org/", status, reason="no answer in time"),))
        assert codes("external_links", proof) == [code]


def test_headings_must_have_words_and_text() -> None:
    seen = page(
        headings=(
            Heading("A", 1, HERE),
            Heading("", 2, HERE),
            Heading("B", 2, HERE, empty=True),
            Heading("C", 2, HERE),
            Heading("C", 2, Place(HERE.path, 9)),
        )
    )
    assert codes("headings", seen) == ["heading-empty", "section-empty", "heading-repeated"]


def test_a_table_needs_names() -> None:
    assert codes("tables", page(tables=(Grid(HERE, False, 3), Grid(HERE, True, 3), Grid(HERE, False, 1)))) == [
        "table-header"
    ]


def test_entries_are_cited_once() -> None:
    entries = (("a", Place("chapters/x.bib", 1)), ("A", Place("chapters/x.bib", 9)), ("b", Place("chapters/x.bib", 12)))
    assert codes("citations", Proof((), entries, frozenset({"a"}))) == ["citation-twice", "citation-unused"]


def test_claims_are_advice_and_only_without_a_source() -> None:
    found = list(CHECKS["uncited_claims"](book(), page(passages=(Passage("Studies show that soil is alive.", HERE),))))
    assert [f.severity for f in found] == [Severity.INFO]
    assert (
        codes("uncited_claims", page(passages=(Passage("Studies show that soil is alive.", HERE, cites=True),))) == []
    )
    assert codes("uncited_claims", page(passages=(Passage("We show that soil is alive.", HERE),))) == []


def test_works_reused_need_a_licence() -> None:
    works = (
        Work("Soil", "Ada", "https://a.org"),
        Work("Air", "Bo", "https://b.org", "CC BY 4"),
        Work("W", "C", "d", "MIT"),
    )
    assert codes("licenses", Proof(), book(sources=works)) == ["source-licence", "source-licence"]


def test_names_are_held_against_files() -> None:
    assert codes("people", Proof(), book(authors=(Declared("Ada Lea"),))) == ["contributor-spelling"]
    assert codes("people", Proof(), book(authors=(Declared("bo-li"),))) == ["contributor-unknown"]
    assert codes("people", Proof(), book(authors=(Declared("Ada Lee"), Declared("ada-lee"), Declared("Bo")))) == []


def test_signs_that_deceive_are_reported() -> None:
    assert codes("deceptive_characters", page(text="a\x1b[31mb\n\nse\u200bcret\n")) == ["sign-control", "sign-unseen"]
    assert codes("deceptive_characters", page(passages=(Passage("the wоrld", HERE),))) == ["sign-lookalike"]
    assert codes("deceptive_characters", page(text="मिट्टी‌का", passages=(Passage("мир und μm می‌خواهم", HERE),))) == []


@pytest.mark.parametrize(("words", "found"), [(15, False), (24, False), (25, True), (60, True)])
def test_copied_passages_are_found(words: int, found: bool) -> None:
    copied = " ".join(LONG.split()[:words])
    pages = (
        PageProof("a", "chapters/01-a.md", passages=(Passage(f"Before that {copied} and after", HERE),)),
        PageProof(
            "b", "chapters/02-b.md", passages=(Passage(f"Otherwise {copied} so what", Place("chapters/02-b.md")),)
        ),
    )
    said: list[Finding] = list(CHECKS["copied_text"](book(), Proof(pages)))
    assert [f.place.path for f in said] == (["chapters/02-b.md"] if found else [])


def test_copies_from_outside_are_found() -> None:
    proof = Proof(page(passages=(Passage(LONG, HERE),)).pages, others=(("soil.txt", f"x {LONG} y"),))
    assert [f.message[:8] for f in CHECKS["copied_text"](book(), proof)] == ["60 words"]


def test_template_text_is_an_error() -> None:
    seen = page(passages=(Passage("[Replace this: an example]", HERE), Passage("TODO: more", HERE)))
    assert codes("placeholders", seen) == ["placeholder", "note-left"]


def test_a_description_made_to_be_slow_is_read_at_once() -> None:
    assert not EMPTY_WORDS.fullmatch("1" * 5000 + "x")
    assert EMPTY_WORDS.fullmatch("photograph 12")
