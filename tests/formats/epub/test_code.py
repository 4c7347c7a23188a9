"""Code in the EPUB: contrast in light and dark mode, and wrapped lines."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from oerbook.theming.theme import bundled_themes_folder
from tests.conftest import oerbook, write

INDEX = "---\ntitle: Soil\nlicense: CC-BY-4.0\ntheme: {}\n---\n\n# Soil\n\nSoil.\n"
PAGE = "# Code\n\n```python\nimport soil  # alive\nprint('soil')\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"


@pytest.mark.parametrize("theme", sorted(path.parent.name for path in bundled_themes_folder().glob("*/theme.toml")))
def test_words_have_the_color_that_the_reader_chose(tmp_path: Path, theme: str) -> None:
    """A reading app can have a dark page while the system is light, so no color of words may be ours."""
    files = {"chapters/index.md": INDEX.format(theme), "chapters/01-code.md": PAGE}
    assert oerbook("build", "epub", cwd=write(tmp_path, files)).code == 0
    with zipfile.ZipFile(tmp_path / "_build/soil.epub") as book:
        style = book.read("EPUB/styles/stylesheet1.css").decode()
    assert "prefers-color-scheme" not in style
    assert set(re.findall(r"[{; ]color: ([^;}]+)", style)) == {"inherit"}
    assert "pre code span[class] { color: inherit; }" in style  # goes before what pandoc says of `code span.kw`
    assert "white-space: pre-wrap" in style
