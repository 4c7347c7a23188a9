from __future__ import annotations

import pytest

from oerbook.source.lint import lint

CLEAN = {
    "headings inside code do not count": "# A\n\n```md\n#### not a heading\n```\n",
    "nested colon fences": "# A\n\n::::{grid} 2\n:::{card}\ntext\n:::\n::::\n",
    "a code span at the start of a line": "# A\n\n``` `x` ``` is inline\n",
    "tildes": "# A\n\n~~~\n```\n~~~\n",
    "a longer fence around a shorter": "# A\n\n````md\n```python\n```\n````\n",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN.keys())
def test_sound_text_gives_no_finding(text: str) -> None:
    assert list(lint("x.md", text)) == []


def found(text: str) -> list[tuple[str, int]]:
    return [(finding.code, finding.place.line) for finding in lint("x.md", text)]


def test_back_quotes_in_an_info_line_swallow_what_follows() -> None:
    assert ("fence-backticks", 3) in found("# A\n\n```{table} About `x`\n| a |\n|---|\n```\n\n## B\n")


def test_a_skipped_level_is_found() -> None:
    assert found("# A\n\n### C\n") == [("heading-skip", 3)]


def test_a_second_title_is_a_remark() -> None:
    assert found("# A\n\n# B\n") == [("heading-second", 3)]


def test_code_that_never_ends_is_found() -> None:
    assert found("# A\n\n```python\nx = 1\n") == [("fence-unclosed", 3)]
