"""The charts of Creative Commons cell by cell, and cases in words."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oerbook.licensing.adaptation import (
    CANDIDATES,
    Permission,
    adapter_licenses,
    conflicting_pairs,
    judge_adaptation,
)
from oerbook.licensing.collection import combined_terms, judge_collection

KINDS = ("CC0", "BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND", "BY-NC-ND")
IDS = {kind: "CC0-1.0" if kind == "CC0" else f"CC-{kind}-4.0" for kind in KINDS}
# Rows: the license of the source. Columns: the license of the adaptation, in the order of KINDS.
# G: allowed. W: Creative Commons advises against it. X: forbidden.
ADAPTATION_CHART = """
CC0       G G G G G G G
BY        W G G G G G G
BY-SA     X X G X X X X
BY-NC     W W W G G W G
BY-NC-SA  X X X X G X X
BY-ND     X X X X X X X
BY-NC-ND  X X X X X X X
"""
REMIX_CHART = """
CC0       Y Y Y Y Y n n
BY        Y Y Y Y Y n n
BY-SA     Y Y Y n n n n
BY-NC     Y Y n Y Y n n
BY-NC-SA  Y Y n Y Y n n
BY-ND     n n n n n n n
BY-NC-ND  n n n n n n n
"""
LETTERS = {"G": Permission.ALLOWED, "W": Permission.DISCOURAGED, "X": Permission.FORBIDDEN}
CASES = Path(__file__).parent / "examples" / "cases.txt"


def cells(chart: str) -> list[tuple[str, str, str]]:
    """Return row, column and letter of every cell of a chart."""
    rows = [line.split() for line in chart.strip().splitlines()]
    return [(row, column, letter) for row, *letters in rows for column, letter in zip(KINDS, letters, strict=True)]


@pytest.mark.parametrize(("source", "adapter", "letter"), cells(ADAPTATION_CHART))
def test_an_adaptation_may_have_the_licenses_of_the_chart(source: str, adapter: str, letter: str) -> None:
    verdict = judge_adaptation(IDS[source], IDS[adapter])
    assert verdict.permission is LETTERS[letter]
    assert verdict.reason.endswith(".")


@pytest.mark.parametrize(("first", "second", "letter"), cells(REMIX_CHART))
def test_two_works_may_be_mixed_as_in_the_chart(first: str, second: str, letter: str) -> None:
    assert bool(adapter_licenses([IDS[first], IDS[second]])) is (letter == "Y")


@pytest.mark.parametrize("kind", KINDS)
def test_a_book_that_is_sold_holds_no_work_for_noncommercial_use(kind: str) -> None:
    sold = judge_collection(IDS[kind], commercial=True).permission
    assert sold is (Permission.FORBIDDEN if "NC" in kind else Permission.ALLOWED)
    assert judge_collection(IDS[kind], commercial=False).permission is Permission.ALLOWED


VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")


@pytest.mark.parametrize(("old", "new"), list(product(VERSIONS, VERSIONS)))
@pytest.mark.parametrize("kind", ["BY-SA", "BY-NC-SA"])
def test_share_alike_permits_later_versions_but_not_after_version_one(kind: str, old: str, new: str) -> None:
    allowed = old == new if old == "1.0" else new >= old
    verdict = judge_adaptation(f"CC-{kind}-{old}", f"CC-{kind}-{new}")
    assert (verdict.permission is Permission.ALLOWED) is allowed


@given(st.lists(st.sampled_from(sorted(IDS.values())), min_size=1, max_size=4))
def test_the_order_of_sources_never_matters_and_more_sources_leave_no_more_choice(sources: list[str]) -> None:
    choice = set(adapter_licenses(sources))
    assert choice == set(adapter_licenses(reversed(sources)))
    assert all(set(adapter_licenses([*sources, other])) <= choice for other in IDS.values())


@pytest.mark.parametrize("sources", list(combinations(sorted(IDS.values()), 3)))
def test_three_works_mix_only_if_each_pair_does(sources: tuple[str, ...]) -> None:
    if conflicting_pairs(sources):
        assert not adapter_licenses(sources)
    else:
        assert adapter_licenses(sources)


def worked_cases() -> list[tuple[str, ...]]:
    rows = (line for line in CASES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return [tuple(part.strip() for part in row.split("|")) for row in rows]


@pytest.mark.parametrize(("case", "source", "use", "ours", "expected"), worked_cases(), ids=lambda text: text[:60])
def test_permission_is_decided_for_each_described_case(
    case: str, source: str, use: str, ours: str, expected: str
) -> None:
    assert case.endswith((".", "?"))
    if use == "adapted":
        verdict = judge_adaptation(source, ours)
    else:
        verdict = judge_collection(source, commercial=use == "sold")
    assert verdict.permission.name.lower() == expected, verdict.reason


def test_there_are_thirty_cases() -> None:
    assert len(worked_cases()) >= 30


def test_the_terms_of_a_book_are_those_of_its_strictest_parts() -> None:
    terms = combined_terms(["CC-BY-4.0", "CC-BY-ND-4.0", "MIT OR Apache-2.0"])
    assert (terms.commercial, terms.adaptable, terms.share_alike) == (True, False, False)
    assert terms.expression == "CC-BY-4.0 AND CC-BY-ND-4.0 AND (MIT OR Apache-2.0)"
    assert combined_terms(["CC-BY-4.0", "Custom terms"]).commercial is None
    assert combined_terms(["CC-BY-NC-4.0", "Custom terms"]).commercial is False
    assert set(adapter_licenses(["CC0-1.0"])) == set(CANDIDATES)
