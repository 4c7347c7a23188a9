from __future__ import annotations

import pytest

from oerbook.source.bibtex import parse_comparable_entries


@pytest.mark.parametrize("text", ["", "% nothing yet\n"])
def test_a_bibliography_without_entries_has_none(text: str) -> None:
    assert list(parse_comparable_entries(text, "chapters/refs.bib")) == []
