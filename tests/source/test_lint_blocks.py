from __future__ import annotations

import pytest

from oerbook.source.lint_blocks import lint_page

CLEAN = {
    "headings inside code do not count": "# A\n\n```md\n#### not a heading\n```\n",
    "nested colon fences": "# A\n\n::::{grid} 2\n:::{card}\ntext\n:::\n::::\n",
    "a code span at the start of a line": "# A\n\n``` `x` ``` is inline\n",
    "tildes": "# A\n\n~~~\n```\n~~~\n",
    "a longer fence around a shorter": "# A\n\n````md\n```python\n```\n````\n",
    "code in lists of lists": "# A\n\n* * Soil\n\n      ````\n      ```{note}\n      ```\n\t  ````\n\n      ````\n      x\n      ````\n",
    "code below an empty list marker": "# A\n\n-\n  ```\n  x\n  ```\n\n1.\n   ```\n   x\n   ```\n",
    "code in a definition and a footnote": "# A\n\nSoil\n: is\n\n  ```\n  x\n  ```\n\n[^1]: See\n\n    ```\n    x\n    ```\n",
    "a box that is shown as code": "# A\n\n    ```{note}\n    x\n",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN.keys())
def test_correct_text_has_no_findings(text: str) -> None:
    assert list(lint_page("x.md", text)) == []


def codes(text: str) -> list[tuple[str, int]]:
    return [(finding.code, finding.place.line) for finding in lint_page("x.md", text)]


def test_backticks_in_an_info_string_are_reported() -> None:
    assert ("fence-backticks", 3) in codes("# A\n\n```{table} About `x`\n| a |\n|---|\n```\n\n## B\n")


def test_a_skipped_heading_level_is_reported() -> None:
    assert codes("# A\n\n### C\n") == [("heading-skip", 3)]


def test_a_second_title_is_reported() -> None:
    assert codes("# A\n\n# B\n") == [("title-second", 3)]


def test_unclosed_code_is_reported() -> None:
    assert codes("# A\n\n```python\nx = 1\n") == [("fence-unclosed", 3)]


def test_code_in_a_list_that_ends_too_far_left_is_reported() -> None:
    assert codes("# A\n\n- soil\n\n  ```python\n  x = 1\n```\n\n## B\n") == [("fence-unclosed", 5)]
    assert codes("# A\n\n1. soil\n   ```\n  x = 1\n   ```\n") == [("fence-unclosed", 4)]


def test_a_directive_name_without_braces_is_reported() -> None:
    assert codes("# A\n\n```{note\nSoil\n```\n\n```math\na\n```\n") == [("fence-braces", 3), ("fence-braces", 7)]
