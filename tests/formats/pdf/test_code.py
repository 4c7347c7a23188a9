"""Code in the PDF: no single line at the bottom or top of a page."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lxml import html

from tests.conftest import need, oerbook, write

CODE = "first_{0}()\n\nsecond_{0}()\n" + "middle()\n" * 6 + "before_{0}()\n\nlast_{0}()\n"
LONG = CODE.replace("middle()", "middle(" + ", ".join(["argument"] * 12) + ")", 1)


@pytest.mark.parametrize("code", [CODE, LONG])
def test_no_single_line_of_code_is_separated_by_a_page_break(tmp_path: Path, code: str) -> None:
    need("pdftotext")
    files = {"chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n\nSoil.\n"}
    for number in range(16):
        fill = "\n\n".join(["Soil is alive."] * (9 + number))
        files[f"chapters/{number + 1:02}-page-{chr(97 + number)}.md"] = (
            f"# Page {number}\n\n{fill}\n\n```python\n{code.format(number)}```\n\nOn.\n"
        )
    assert oerbook("build", "pdf", cwd=write(tmp_path, files)).code == 0
    laid = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "_build/soil.pdf"), "-"], capture_output=True, check=True
    )
    pages = [sheet.text_content() for sheet in html.fromstring(laid.stdout).xpath("//page")]

    def page(word: str) -> int:
        return next(place for place, words in enumerate(pages) if word in words)

    for number in range(16):
        assert page(f"first_{number}()") == page(f"second_{number}()")
        assert page(f"before_{number}()") == page(f"last_{number}()")
