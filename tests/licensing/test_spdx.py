"""Licenses are known by SPDX id and by SPDX expression; any other text is no license."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oerbook.licensing.spdx import LICENSES, find_license

TOKENS = ["MIT", "CC-BY-4.0", "AND", "or", "WITH", "(", ")", "+", "gpl", "soil", ",", "\n", "é", "GPL-2.0-only"]


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("cc-by-4.0", "CC-BY-4.0"),
        (" MIT ", "MIT"),
        ("CC-BY-SA-3.0-IGO", "CC-BY-SA-3.0-IGO"),
        ("etalab-2.0", "etalab-2.0"),
        ("cc-by-4.0 and mit", "CC-BY-4.0 AND MIT"),
        ("(MIT OR Apache-2.0) AND CC-BY-4.0", "(MIT OR Apache-2.0) AND CC-BY-4.0"),
    ],
)
def test_an_id_or_expression_is_read_in_any_case(text: str, spdx: str) -> None:
    found = find_license(text)
    assert found and (found.spdx, found.url.startswith("https://")) == (spdx, True)


@pytest.mark.parametrize("text", ["", "CC BY 4.0", "All rights reserved", "MIT AND", "()", "MIT CC-BY-4.0", "x" * 9000])
def test_other_text_is_no_license(text: str) -> None:
    assert find_license(text) is None


@given(st.lists(st.sampled_from(TOKENS), max_size=9).map(" ".join))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    find_license(text)


def test_every_named_license_is_found_by_its_id() -> None:
    assert all(find_license(spdx.lower()) is known for spdx, known in LICENSES.items())
