"""Chapters of another book come with their history, people, pictures, citations and license."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import INDEX, oerbook
from tests.support.repository import begin, commit, git

OURS = {
    "chapters/index.md": INDEX,
    "chapters/01-welcome.md": "# Welcome\n\nOur own words stand here.\n",
    "conf.py": "\n",
}
FIRST = "# Peat\n\nPeat is made of moss that did not rot.\n\n![Moss](../images/moss.svg)\n\nIt burns {cite:p}`berg`.\n"
SECOND = FIRST.replace("It burns", "When it is dry it burns well")
MOSS = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
THEIRS = {
    "chapters/index.md": "---\ntitle: Wet soils\nlicense: CC-BY-SA-4.0\nrepository: https://example.org/wet\n---\n\n# Wet soils\n\nHi.\n",
    "chapters/02-kinds/01-turf.md": FIRST,
    "chapters/images/moss.svg": MOSS,
    "chapters/images/other.svg": MOSS,
    "chapters/refs.bib": "@book{berg, author={Berg, Ida}, title={Peat}, publisher={P}, year={2020}}\n@book{x, title={X}}\n",
    "contributors/bo-li.md": "---\nname: Bo Li\n---\n\nBo likes moss.\n",
}


@pytest.fixture
def books(tmp_path: Path) -> tuple[Path, Path]:
    """Our book, and another whose page Ada began, Bo changed, and somebody renamed."""
    begin(tmp_path / "theirs", THEIRS)
    commit(tmp_path / "theirs", "main", {"chapters/02-kinds/01-turf.md": SECOND}, "Bo Li")
    renamed = {"chapters/02-kinds/01-turf.md": None, "chapters/02-kinds/03-peat.md": SECOND}
    commit(tmp_path / "theirs", "main", renamed, "Cy Wu")
    git(tmp_path / "theirs", "reset", "-q", "--hard")
    begin(tmp_path / "ours", OURS)
    git(tmp_path / "ours", "reset", "-q", "--hard")
    return tmp_path / "ours", tmp_path / "theirs"


def authors_of_words(root: Path, chapter: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return every word of a chapter with the names of its authors, without words of oerbook itself."""
    report = json.loads(oerbook("credits", "-C", root, "--chapter", chapter, "--format", "json", "--words").out)
    names = {person["id"]: person["name"] for person in report["people"]}
    runs: list[dict[str, Any]] = report["chapters"][0]["runs"]
    return [
        (word, tuple(names[person] for person in run["people"]))
        for run in runs
        for word in run["text"].split()
        if run["people"] and "moss.svg" not in word
    ]


def test_every_word_keeps_its_author(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    ran = oerbook("take", theirs, "peat", "-C", ours)
    assert ran.code == 0, ran.err
    assert (ours / "chapters/02-peat.md").is_file()
    taken = authors_of_words(ours, "peat")
    assert taken == authors_of_words(theirs, "peat")
    assert ("moss", ("Ada Lee",)) in taken
    assert ("burns", ("Ada Lee",)) in taken
    assert ("dry", ("Bo Li",)) in taken
    assert authors_of_words(ours, "welcome")
    assert git(ours, "status", "--porcelain") == ""


def test_take_copies_people_pictures_citations_and_the_license(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    oerbook("take", theirs, "peat", "-C", ours)
    text = (ours / "chapters/02-peat.md").read_text(encoding="utf-8")
    for line in ("license: CC-BY-SA-4.0", "title: Peat", "source: https://example.org/wet", "relation: verbatim"):
        assert line in text
    assert f"revision: {git(theirs, 'rev-parse', 'main')}" in text
    assert "![Moss](images/moss.svg)" in text, "the page is in another depth now"
    assert (ours / "chapters/images/moss.svg").read_text(encoding="utf-8") == MOSS
    assert not (ours / "chapters/images/other.svg").exists()
    assert (ours / "contributors/bo-li.md").is_file()
    entries = (ours / "chapters/02-peat.bib").read_text(encoding="utf-8")
    assert ("{berg," in entries, "{x," in entries) == (True, False)
    checked = oerbook("check", "-C", ours, "--format", "json")
    assert [f["code"] for f in checked.report["findings"] if f["severity"] == "error"] == []


def test_take_refuses_a_chapter_whose_license_forbids_it_before_writing(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    before = git(ours, "rev-parse", "main")
    commit(ours, "main", {"chapters/index.md": INDEX.replace("date:", "commercial: true\ndate:")}, "Ada Lee")
    git(ours, "reset", "-q", "--hard")
    for license_ in ("CC-BY-NC-4.0", "Ask me"):
        index = THEIRS["chapters/index.md"].replace("CC-BY-SA-4.0", license_)
        commit(theirs, "main", {"chapters/index.md": index}, "Ada Lee")
        git(theirs, "reset", "-q", "--hard")
        ran = oerbook("take", theirs, "peat", "-C", ours)
        assert (ran.code, "may not be taken" in ran.err) == (1, True)
    assert git(ours, "rev-parse", "main~1") == before


def test_uncommitted_changes_and_unknown_chapters_are_refused(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    assert "no chapter" in oerbook("take", theirs, "sand", "-C", ours).err
    assert "no repository" in oerbook("take", ours / "chapters" / "none", "x", "-C", ours).err
    (ours / "chapters/01-welcome.md").write_text("# Welcome\n\nNew.\n", encoding="utf-8")
    assert "uncommitted changes" in oerbook("take", theirs, "peat", "-C", ours).err


def test_a_picture_of_the_same_name_is_not_replaced(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    commit(ours, "main", {"chapters/images/moss.svg": MOSS.replace("9", "8")}, "Ada Lee")
    git(ours, "reset", "-q", "--hard")
    ran = oerbook("take", theirs, "peat", "-C", ours)
    assert (ran.code, "another file chapters/images/moss.svg" in ran.err) == (1, True)
    assert git(ours, "for-each-ref", "refs/oerbook") == ""


def test_an_update_merges_what_changed_at_the_source(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    oerbook("take", theirs, "peat", "-C", ours)
    text = (ours / "chapters/02-peat.md").read_text(encoding="utf-8")
    commit(ours, "main", {"chapters/02-peat.md": f"{text}\nWe add a line.\n"}, "Eva Lund")
    git(ours, "reset", "-q", "--hard")
    assert "nothing has changed" in oerbook("take", "--update", "--from", theirs, "-C", ours).out
    changed = SECOND.replace("did not rot", "did not rot at all")
    commit(theirs, "main", {"chapters/02-kinds/03-peat.md": changed}, "Di Wu")
    git(theirs, "reset", "-q", "--hard")
    shown = oerbook("take", "--update", "--dry-run", "--from", theirs, "-C", ours)
    assert "+Peat is made of moss that did not rot at all." in shown.out
    assert oerbook("take", "--update", "peat", "--from", theirs, "-C", ours).code == 0
    words = authors_of_words(ours, "peat")
    assert {("line", ("Eva Lund",)), ("all", ("Di Wu",)), ("dry", ("Bo Li",)), ("moss", ("Ada Lee",))} <= set(words)
    assert git(theirs, "rev-parse", "main") in (ours / "chapters/02-peat.md").read_text(encoding="utf-8")


def test_an_update_that_conflicts_changes_nothing(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    oerbook("take", theirs, "peat", "-C", ours)
    text = (ours / "chapters/02-peat.md").read_text(encoding="utf-8")
    commit(ours, "main", {"chapters/02-peat.md": text.replace("did not rot", "was wet")}, "Eva Lund")
    git(ours, "reset", "-q", "--hard")
    before = git(ours, "rev-parse", "main")
    commit(theirs, "main", {"chapters/02-kinds/03-peat.md": SECOND.replace("did not rot", "sank")}, "Di Wu")
    git(theirs, "reset", "-q", "--hard")
    ran = oerbook("take", "--update", "--from", theirs, "-C", ours)
    assert (ran.code, "both books have changed" in ran.out) == (1, True)
    assert git(ours, "rev-parse", "main") == before


def test_a_picture_that_changed_at_the_source_comes_along_unless_we_changed_it(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    oerbook("take", theirs, "peat", "-C", ours)
    commit(theirs, "main", {"chapters/images/moss.svg": MOSS.replace("9", "7")}, "Di Wu")
    git(theirs, "reset", "-q", "--hard")
    shown = oerbook("take", "--update", "--from", theirs, "-C", ours)
    assert (shown.code, "+chapters/images/moss.svg" in shown.out) == (0, True)
    assert (ours / "chapters/images/moss.svg").read_text(encoding="utf-8") == MOSS.replace("9", "7")
    commit(ours, "main", {"chapters/images/moss.svg": MOSS.replace("9", "5")}, "Eva Lund")
    git(ours, "reset", "-q", "--hard")
    commit(theirs, "main", {"chapters/images/moss.svg": MOSS.replace("9", "3")}, "Di Wu")
    git(theirs, "reset", "-q", "--hard")
    refused = oerbook("take", "--update", "--from", theirs, "-C", ours)
    assert (refused.code, "both books have changed chapters/images/moss.svg" in refused.out) == (1, True)


def test_a_book_in_a_folder_of_its_repository_and_two_pictures_of_one_name(tmp_path: Path) -> None:
    page = "# Peat\n\n![A](../images/a.svg)\n\n![B](images/a.svg)\n\n```{include} part.txt\n```\n"
    files = {
        "book/chapters/index.md": THEIRS["chapters/index.md"],
        "book/chapters/kinds/peat.md": page,
        "book/chapters/kinds/part.txt": "Some words.\n",
        "book/chapters/images/a.svg": MOSS,
        "book/chapters/kinds/images/a.svg": MOSS.replace("9", "8"),
    }
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    for root, tree in ((theirs, files), (ours, OURS)):
        begin(root, tree)
        git(root, "reset", "-q", "--hard")
    ran = oerbook("take", theirs / "book", "peat", "-C", ours)
    assert ran.code == 0, ran.err
    text = (ours / "chapters/02-peat.md").read_text(encoding="utf-8")
    names = [line.partition("](")[2].rstrip(")") for line in text.splitlines() if line.startswith("![")]
    contents = [(ours / "chapters" / name).read_text(encoding="utf-8") for name in names]
    assert contents == [MOSS, MOSS.replace("9", "8")]
    assert (ours / "chapters/part.txt").is_file()
    assert ("Peat", ("Ada Lee",)) in authors_of_words(ours, "peat")


def test_nothing_is_taken_if_one_of_the_chapters_cannot_be(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    commit(theirs, "main", {"chapters/03-more.md": "---\nsources: [{title: X}]\n---\n\n# More\n\nWords.\n"}, "Bo Li")
    git(theirs, "reset", "-q", "--hard")
    before = git(ours, "rev-parse", "HEAD")
    ran = oerbook("take", theirs, "peat", "more", "-C", ours)
    assert (ran.code, "in one line" in ran.err) == (1, True)
    assert (git(ours, "rev-parse", "HEAD"), git(ours, "symbolic-ref", "HEAD")) == (before, "refs/heads/main")
    assert git(ours, "for-each-ref", "refs/oerbook") == ""


def test_a_person_of_the_same_id_does_not_get_the_credit_of_another(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    commit(ours, "main", {"contributors/bo-li.md": "---\nname: Bodil Lindt\n---\n\nWe.\n"}, "Ada Lee")
    git(ours, "reset", "-q", "--hard")
    ran = oerbook("take", theirs, "peat", "-C", ours)
    assert (ran.code, "bo-li is Bodil Lindt in this book, and Bo Li in the other" in ran.err) == (1, True)


def test_only_cited_works_come_along_into_the_bibliography_that_the_book_names(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    entries = (
        f"{THEIRS['chapters/refs.bib']}@book{{moss, title={{Moss}}}}\n@misc{{late, title={{Late}}, year={{2021}}}}\n"
    )
    commit(theirs, "main", {"chapters/refs.bib": entries}, "Bo Li")
    git(theirs, "reset", "-q", "--hard")
    index = INDEX.replace("date:", "bibliography: ours.bib\ntoc:\n  - file: 01-welcome.md\ndate:")
    commit(ours, "main", {"chapters/index.md": index, "chapters/ours.bib": "@book{own, title={Own}}\n"}, "Ada Lee")
    git(ours, "reset", "-q", "--hard")
    ran = oerbook("take", theirs, "peat", "-C", ours)
    assert "add the new one to toc:" in ran.err, "the page is in the book only then"
    bibliography = (ours / "chapters/ours.bib").read_text(encoding="utf-8")
    assert [key in bibliography for key in ("{own,", "{berg,", "{moss,")] == [True, True, False]
    changed = SECOND + "\nMore {cite:p}`late`.\n"
    commit(theirs, "main", {"chapters/02-kinds/03-peat.md": changed}, "Di Wu")
    git(theirs, "reset", "-q", "--hard")
    index = index.replace("01-welcome.md", "01-welcome.md\n  - file: 02-peat.md")
    commit(ours, "main", {"chapters/index.md": index}, "Ada Lee")
    git(ours, "reset", "-q", "--hard")
    assert oerbook("take", "--update", "--from", theirs, "-C", ours).code == 0
    assert "{late," in (ours / "chapters/ours.bib").read_text(encoding="utf-8")


def test_words_that_came_from_another_page_keep_their_author(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    passage = "Sphagnum holds twenty times its weight of water and lets nothing else grow beside it for long."
    commit(theirs, "main", {"chapters/04-moss.md": f"# Moss\n\n{passage}\n"}, "Eva Lund")
    moved = {"chapters/04-moss.md": "# Moss\n\nSee peat.\n", "chapters/02-kinds/03-peat.md": f"{SECOND}\n{passage}\n"}
    commit(theirs, "main", moved, "Cy Wu")
    git(theirs, "reset", "-q", "--hard")
    oerbook("take", theirs, "peat", "-C", ours)
    taken = authors_of_words(ours, "peat")
    assert taken == authors_of_words(theirs, "peat")
    assert ("Sphagnum", ("Eva Lund",)) in taken


def test_the_title_page_of_a_part_and_a_name_that_is_taken_get_names_of_their_own(books: tuple[Path, Path]) -> None:
    ours, theirs = books
    more = {"chapters/02-kinds/index.md": "# Kinds\n\nTwo.\n", "chapters/09-welcome.md": "# Welcome\n\nTheirs.\n"}
    commit(theirs, "main", more, "Bo Li")
    git(theirs, "reset", "-q", "--hard")
    ran = oerbook("take", theirs, "kinds/index", "welcome", "-C", ours)
    assert [line.split(",")[0] for line in ran.out.splitlines() if not line.startswith(" ")] == [
        "chapters/02-kinds.md",
        "chapters/03-welcome-2.md",
    ]
    assert oerbook("check", "-C", ours, "--format", "json").findings("slug-duplicate") == []
