"""Fenced blocks are found as MyST reads them: by their fences, not by what looks like a directive."""

from __future__ import annotations

import pytest

from oerbook.text.myst_scan import blank_options, find_fenced_blocks, lines_outside_fences, parse_options


def directives(text: str) -> list[str]:
    return [block.name for block in find_fenced_blocks(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("````md\n```{code-cell}\n1\n```\n````\n```{code-cell}\n2\n```", ["", "code-cell"]),
        (":::{note}\n```{figure} a.png\n```\n:::", ["note", "figure"]),
        ("::::{grid}\n:::{card} A\n:::\n:::{card} B\n:::\n::::", ["grid", "card", "card"]),
        ("1. One\n\n   ```{code-cell}\n   1\n   ```\n", ["code-cell"]),
        ("> ```{note}\n> Text\n> ```", ["note"]),
        ("~~~{NOTE}\nText\n~~~", ["note"]),
        ("``` a ` b\ntext", []),
        (":::\ntext\n:::", []),
    ],
    ids=["an example in code", "a directive in a box", "boxes in a grid", "in a list", "in a quotation", "in capitals",
         "backticks in the info string", "colons alone"],
)  # fmt: skip
def test_fenced_blocks_are_found_where_myst_finds_them(text: str, names: list[str]) -> None:
    assert directives(text) == names


def test_a_block_has_its_content_without_the_indentation_of_its_fence() -> None:
    (block,) = find_fenced_blocks("- Item\n\n  ```{code-cell}\n  if a:\n      b()\n  ```\n")
    assert (block.content, block.first, block.last, block.is_closed) == (("if a:", "    b()"), 2, 5, True)


def test_a_block_that_is_never_closed_ends_with_the_page() -> None:
    (block,) = find_fenced_blocks("Text\n```python\nprint()\n# no heading")
    assert (block.last, block.is_closed) == (3, False)
    assert [line for _number, line in lines_outside_fences("# A\n```python\n# B\n```\nC")] == ["# A", "C"]


def test_thousands_of_open_boxes_are_scanned_quickly() -> None:
    assert len(directives(":::{note}\n" * 20_000)) < 100


def test_a_role_at_the_start_of_a_directive_is_no_option() -> None:
    assert parse_options(":class: x\n:ref:`soil` is a page") == {"class": "x"}
    assert blank_options(":class: x\nText\n:name: y") == "\nText\n:name: y"
