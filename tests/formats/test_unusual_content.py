"""Unusual content of real books in every format: badges, terminal colors, functions in tables, outputs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import INDEX, need, oerbook, write

BADGE = """# Badges

```{image} https://img.example.org/worm.svg
:target: https://worm.example.org
:alt: Wormbadge
```
"""
COLORS = "# Colors\n\nSoil is \x1b[31mreddish\x1b[0m.\n\n```\n\x1b[38;2;1;2;3mTerminalword\x1b[0m\n```\n\n```{include} bell.inc\n```\n"
TABLE = r"""# Functions

| Name | Formula |
|---|---|
| Wave | $\cos(x) = x$ |
| Sum | $\operatorname{Var}(x) + \sin y$ |
"""
STYLED = (
    "<div><style scoped>td { color: red }</style><table><tr><th>Rain</th></tr><tr><td>Framed</td></tr></table></div>"
)
OUTPUTS = (
    {"text/html": STYLED, "text/plain": "Unframed"},
    {"text/html": "<script>draw()</script>", "text/plain": "Figuretext"},
    {"text/html": "<input type=checkbox><svg></svg>", "text/plain": "Arraytext"},
)


def notebook() -> str:
    """Return a notebook whose cells have these outputs."""
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in OUTPUTS]
    code = [{"cell_type": "code", "source": "show()", "metadata": {}, "outputs": [one]} for one in outputs]
    title = {"cell_type": "markdown", "source": "# Outputs\n\nOf cells.", "metadata": {}}
    return json.dumps({"cells": [title, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Build a book of these pages in every format; return its folder and finding codes."""
    root = tmp_path_factory.mktemp("odd")
    pages = {"chapters/01-badge.md": BADGE, "chapters/02-colors.md": COLORS, "chapters/03-functions.md": TABLE}
    pages["chapters/04-outputs.ipynb"] = notebook()
    write(root, {"chapters/index.md": INDEX, "chapters/bell.inc": "A bell\x07 rings.\n", **pages})
    ran = oerbook("build", "all", "--format", "json", cwd=root)
    return root, {finding["code"] for finding in json.loads(ran.out)["findings"]}


def test_every_page_is_in_every_format(built: tuple[Path, set[str]]) -> None:
    need("pdftotext")
    root, codes = built
    assert codes == {"image-remote", "history-missing", "output-not-stored"}
    printed = subprocess.run(
        ["pdftotext", root / "_build/a-small-book.pdf", "-"], capture_output=True, check=True
    ).stdout
    assert all(word in printed.decode() for word in ("Wormbadge", "Terminalword", "reddish", "rings", "Wave"))
    assert (root / "_build/a-small-book.epub").is_file() and (root / "_build/a-small-book.docx").is_file()


def test_a_badge_links_to_its_target(built: tuple[Path, set[str]]) -> None:
    page = (built[0] / "_build/html/badge.html").read_text()
    assert 'href="https://worm.example.org"' in page and "Wormbadge</span></a></p>" in page


def test_terminal_color_codes_are_removed_from_outputs(built: tuple[Path, set[str]]) -> None:
    page = (built[0] / "_build/html/colors.html").read_text()
    assert "\x1b" not in page and "[31m" not in page and "[38;2" not in page


def test_outputs_are_shown_in_a_form_that_every_format_supports(built: tuple[Path, set[str]]) -> None:
    page = (built[0] / "_build/html/outputs.html").read_text()
    assert all(word in page for word in ("Framed", "Figuretext", "Arraytext"))
    assert "Unframed" not in page and "draw()" not in page and "color: red" not in page
