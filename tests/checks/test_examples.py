"""Each finding listed in the handbook has an example that raises it on the marked line, and one that does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oerbook.cli.output import ProgressBars
from oerbook.model.findings import Finding
from oerbook.source.book import read_book
from oerbook.tasks.check.check import CheckOptions, check
from tests.conftest import ROOT, write
from tests.support.examples import BOOKS, EXAMPLES, PAGES, SHARED, Example

HANDBOOK = ROOT / "chapters" / "05-reference" / "03-findings.md"
# No example is known: no text that Typst cannot typeset, and no way to change a branch at the right moment.
# A format that fails needs a theme of its own: tests/journeys/test_containment.py
OPEN = frozenset(["pdf-section-failed", "merge-failed", "format-failed"])


def elsewhere() -> dict[str, str]:
    """Return the codes that no small book raises, each with the test that raises it."""
    rows = (EXAMPLES / "elsewhere.txt").read_text(encoding="utf-8").splitlines()
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
