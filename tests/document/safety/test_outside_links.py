"""A link to what is outside the book, and a picture that runs something, are findings however they are written."""

from __future__ import annotations

import pytest

from tests.conftest import INDEX, Ran, oerbook, write

OUTSIDE = [
    "[x](../../x)",
    "[x](../../x.md)",
    "[x](%2e%2e/%2e%2e/x.txt)",
    "[x](..%2F..%2Fx.pdf)",
    "[x](/../../x.html)",
    '<a href="../../x.html">x</a>',
    "[x](../../../../etc/passwd)",
    "{download}`../../x.txt`",
    "[x](<../../a b.txt>)",
    "[x](path:../../x.txt)",
    '<img src="../../x.png" alt="x">',
    "![x](%2e%2e/%2e%2e/x.png)",
]
RUNS = [
    '<img src="a.png" onerror="f()">',
    "<img onerror=f() src=a.png alt=x>",
    '<p onclick="f()">x</p>',
    '<div class="admonition" onmouseover="f()">x</div>',
    "x <b onfocus=f() tabindex=1>y</b>",
    "<script>f()</script>",
]
INSIDE = ["[x](02-b.md)", "[x](../chapters/02-b.md)", "[x](./02-b.md#b)", "[x](../README.md)", "[a..b](02-b.md)"]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Check a book with each text in a paragraph of its own; every fourth line has one."""
    lines = [line for text in (*OUTSIDE, *RUNS, *INSIDE) for line in (text, "", "And words.", "")]
    files = {"chapters/01-a.md": "# A\n\n" + "\n".join(lines), "chapters/02-b.md": "# B\n\nWords.\n", "README.md": "x"}
    root = write(tmp_path_factory.mktemp("links"), {"chapters/index.md": INDEX, **files})
    return oerbook("check", "--format", "json", "-C", root)


def codes(checked: Ran, text: str) -> set[str]:
    line = 3 + 4 * [*OUTSIDE, *RUNS, *INSIDE].index(text)
    return {f"{f['severity']} {f['code']}" for f in checked.report["findings"] if f["line"] == line}


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_link_out_of_the_book_is_an_error(checked: Ran, text: str) -> None:
    assert "error file-outside-book" in codes(checked, text)


@pytest.mark.parametrize("text", RUNS)
def test_html_that_would_run_a_script_is_reported(checked: Ran, text: str) -> None:
    assert "warning html-script" in codes(checked, text)


@pytest.mark.parametrize("text", INSIDE)
def test_a_link_within_the_book_has_no_finding(checked: Ran, text: str) -> None:
    assert not {code for code in codes(checked, text) if "outside" in code or "script" in code}
