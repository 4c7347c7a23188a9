"""Every finding that the handbook lists has an example that raises it where it says, and one beside it that does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oerbook.cli.output import Bars
from oerbook.model.findings import Finding
from oerbook.source.book import read_book
from oerbook.tasks.check.check import Wishes, check
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
# No text is known that Typst cannot set, and no way to hold a branch that is not somebody else at the right moment.
OPEN = frozenset(["pdf-section-failed", "merge-not-written"])
PAGE = "chapters/{:02}-{}.md"


@dataclass(frozen=True, slots=True)
class Example:
    """A code, the files that are wrong, those that are right, and where the finding must stand: path and lines."""

    code: str
    wrong: dict[str, str]
    right: dict[str, str]
    places: frozenset[tuple[str, int]]


def examples(name: str) -> Iterator[Example]:
    """Yield the examples of a file."""
    blocks = re.split(r"^==== (\S+)\n", (HERE / name).read_text(encoding="utf-8"), flags=re.M)[1:]
    for number, (code, body) in enumerate(zip(blocks[::2], blocks[1::2], strict=True), start=1):
        sides: dict[str, dict[str, str]] = {"wrong": {}, "right": {}}
        places = set()
        parts = re.split(r"^---- (wrong|right) ?(\S*)\n", body, flags=re.M)[1:]
        for side, path, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            path = path or PAGE.format(number, code)
            text = text.rstrip("\n") + "\n"
            places |= {(path, n) for n, line in enumerate(text.split("\n"), start=1) if line.startswith("»")}
            sides[side][path] = re.sub(r"^»", "", text, flags=re.M)
        yield Example(code, sides["wrong"], sides["right"], frozenset(places))


BOOKS = tuple(examples("1-books.txt"))
PAGES = tuple(examples("2-pages.txt"))


def elsewhere() -> dict[str, str]:
    """Return the codes that no small book raises, each with the test that does."""
    rows = (HERE / "elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return {row.split()[0]: row.split()[1] for row in rows if row and not row.startswith("#")}


def documented() -> tuple[str, ...]:
    """Return the codes of the handbook's tables, without that of figures."""
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


def test_no_example_is_of_an_unknown_finding() -> None:
    assert {example.code for example in (*BOOKS, *PAGES)} | set(elsewhere()) <= set(documented())


def found(findings: tuple[Finding, ...] | list[Finding], code: str, files: dict[str, str]) -> set[tuple[str, int]]:
    """Return where a code was found in some files."""
    return {(f.place.path, f.place.line) for f in findings if f.code == code and (f.place.path in files or not files)}


@pytest.mark.parametrize("example", BOOKS, ids=lambda example: example.code)
def test_a_book_that_is_wrong_is_told_so(example: Example, tmp_path: Path) -> None:
    wrong = {} if example.code in ("no-index", "no-chapters") else SHARED
    _book, findings = read_book(write(tmp_path / "wrong", {**wrong, **example.wrong}))
    seen = found(findings, example.code, {})
    assert seen >= example.places if example.places else seen
    if example.right:
        _book, findings = read_book(write(tmp_path / "right", {**SHARED, **example.right}))
        assert not found(findings, example.code, {})


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Finding, ...]]:
    """All findings of the book of what is wrong, and of the book of what is right."""
    result = {}
    for side in ("wrong", "right"):
        files: dict[str, str] = dict(SHARED)
        for example in PAGES:
            files |= example.wrong if side == "wrong" else example.right
        root = write(tmp_path_factory.mktemp(side), files)
        result[side] = check(root, root / "_build", Wishes(), Bars(quiet=True))
    return result


@pytest.mark.parametrize("example", PAGES, ids=lambda example: example.code)
def test_what_is_wrong_is_found_on_its_lines(example: Example, checked: dict[str, tuple[Finding, ...]]) -> None:
    assert found(checked["wrong"], example.code, example.wrong) == example.places


@pytest.mark.parametrize("example", PAGES, ids=lambda example: example.code)
def test_what_is_right_beside_it_is_not(example: Example, checked: dict[str, tuple[Finding, ...]]) -> None:
    assert not found(checked["right"], example.code, example.right)
