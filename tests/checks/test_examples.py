"""Each finding listed in the handbook has an example that raises it on the marked line, and one that does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oerbook.cli.output import ProgressBars
from oerbook.model.findings import Finding
from oerbook.source.book import read_book
from oerbook.tasks.check.check import CheckOptions, check
from tests.conftest import INDEX, ROOT, write

HERE = Path(__file__).parent / "examples"
HANDBOOK = ROOT / "chapters" / "05-reference" / "03-findings.md"
DISC = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
SHARED = {
    "chapters/index.md": INDEX.replace("---\n\n", "bibliography: refs.bib\n---\n\n", 1),
    "chapters/worm.svg": DISC,
    "chapters/words.inc": "Words to take in.\n",
    "chapters/refs.bib": "@book{lee2020, author={Lee, Ada}, title={Soil}, publisher={P}, year={2020}}\n",
    "contributors/ada-lee.md": "---\nname: Ada Lee\n---\n\nAda writes about soil.\n",
}
# No example is known: no text that Typst cannot typeset, and no way to change a branch at the right moment.
# A format that fails needs a theme of its own: tests/journeys/test_containment.py
OPEN = frozenset(["pdf-section-failed", "merge-failed", "format-failed"])
PAGE = "chapters/{:02}-{}.md"


@dataclass(frozen=True, slots=True)
class Example:
    """A code, files with and without the problem, and where the finding is expected: (path, line)."""

    code: str
    wrong: dict[str, str]
    right: dict[str, str]
    places: frozenset[tuple[str, int]]


def examples(name: str) -> Iterator[Example]:
    """Yield the examples of a file."""
    blocks = re.split(r"^==== (\S+)\n", (HERE / name).read_text(encoding="utf-8"), flags=re.M)[1:]
    for number, (code, body) in enumerate(zip(blocks[::2], blocks[1::2], strict=True), start=1):
        sides: dict[str, dict[str, str]] = {"wrong": {}, "right": {}}
        marked = set()
        parts = re.split(r"^---- (wrong|right) ?(\S*)\n", body, flags=re.M)[1:]
        for side, path, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            path = path or PAGE.format(number, code)
            text = text.rstrip("\n") + "\n"
            marked |= {(path, n) for n, line in enumerate(text.split("\n"), start=1) if line.startswith("»")}
            sides[side][path] = re.sub(r"^»", "", text, flags=re.M)
        yield Example(code, sides["wrong"], sides["right"], frozenset(marked))


BOOKS = tuple(examples("1-books.txt"))
PAGES = tuple(examples("2-pages.txt"))


def elsewhere() -> dict[str, str]:
    """Return the codes that no small book raises, each with the test that raises it."""
    rows = (HERE / "elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return {row.split()[0]: row.split()[1] for row in rows if row and not row.startswith("#")}


def documented() -> tuple[str, ...]:
    """Return the codes in the handbook's tables, except in the table of error rates."""
    text = HANDBOOK.read_text(encoding="utf-8")
    text = re.sub(r"^## How often a finding is wrong\n.*?(?=^## )", "", text, flags=re.M | re.S)
    return tuple(
        c for row in re.findall(r"^\|((?: *`[a-z-]+`,?)+) \|", text, re.M) for c in re.findall(r"`(.+?)`", row)
    )


@pytest.mark.parametrize("code", documented())
def test_a_documented_finding_has_an_example(code: str) -> None:
    if any(code == example.code for example in (*BOOKS, *PAGES)):
        assert code not in OPEN
        return
    if code in OPEN:
        assert code not in elsewhere()
        return
    path, _, name = elsewhere()[code].partition("::")
    text = (ROOT / "tests" / path).read_text(encoding="utf-8")
    assert f"def {name}(" in text
    assert re.search(rf"(?<![\w-]){code}(?![\w-])", text)


def test_every_example_has_a_documented_code() -> None:
    assert {example.code for example in (*BOOKS, *PAGES)} | set(elsewhere()) <= set(documented())


def places(findings: tuple[Finding, ...], code: str, files: dict[str, str]) -> set[tuple[str, int]]:
    """Return where a code was reported in some files; in any file if none is given."""
    return {(f.place.path, f.place.line) for f in findings if f.code == code and (f.place.path in files or not files)}


@pytest.mark.parametrize("example", BOOKS, ids=lambda example: example.code)
def test_a_problem_of_a_whole_book_is_reported(example: Example, tmp_path: Path) -> None:
    wrong = {} if example.code in ("index-missing", "chapters-missing") else SHARED
    _book, findings = read_book(write(tmp_path / "wrong", {**wrong, **example.wrong}))
    reported = places(findings, example.code, {})
    assert reported >= example.places if example.places else reported
    if example.right:
        _book, findings = read_book(write(tmp_path / "right", {**SHARED, **example.right}))
        assert not places(findings, example.code, {})


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Finding, ...]]:
    """All findings of the book with every problem, and of the book with none."""
    result = {}
    for side in ("wrong", "right"):
        files: dict[str, str] = dict(SHARED)
        for example in PAGES:
            files |= example.wrong if side == "wrong" else example.right
        root = write(tmp_path_factory.mktemp(side), files)
        result[side] = check(root, root / "_build", CheckOptions(), ProgressBars(quiet=True))
    return result


@pytest.mark.parametrize("example", PAGES, ids=lambda example: example.code)
def test_a_problem_is_reported_on_its_lines(example: Example, checked: dict[str, tuple[Finding, ...]]) -> None:
    assert places(checked["wrong"], example.code, example.wrong) == example.places


@pytest.mark.parametrize("example", PAGES, ids=lambda example: example.code)
def test_the_correct_form_is_not_reported(example: Example, checked: dict[str, tuple[Finding, ...]]) -> None:
    assert not places(checked["right"], example.code, example.right)
