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
ENOUGH = 4.5  # WCAG 2.2, 1.4.3


def luminance(code: str) -> float:
    parts = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", sorted(path.parent.name for path in bundled_themes_folder().glob("*/theme.toml")))
def test_code_has_a_readable_background_in_light_and_dark_mode(tmp_path: Path, theme: str) -> None:
    files = {"chapters/index.md": INDEX.format(theme), "chapters/01-code.md": PAGE}
    assert oerbook("build", "epub", cwd=write(tmp_path, files)).code == 0
    with zipfile.ZipFile(tmp_path / "_build/soil.epub") as book:
        style = book.read("EPUB/styles/stylesheet1.css").decode()
        page = next(
            book.read(name).decode() for name in book.namelist() if b"print" in book.read(name) and "/text/" in name
        )
    own = re.findall(r"^pre \{.*?[ ;{]color: (#\w{6}); background-color: (#\w{6});", style, re.M)
    assert len(own) == 2
    (day, ground), (night, dark) = own
    inks = re.findall(r"code span\.\w+ \{ color: (#\w{6});", page)
    assert inks and all(contrast(ink, ground) >= ENOUGH for ink in [day, *inks])
    assert "pre code span[class] { color: inherit; }" in style  # goes before what pandoc says of `code span.kw`
    night_inks = re.findall(r"^pre code span\.kw.*color: (#\w{6})|^pre code span\.co.*color: (#\w{6})", style, re.M)
    assert all(contrast(ink, dark) >= ENOUGH for ink in [night, *(one or other for one, other in night_inks)])
    assert len(night_inks) == 2 and "white-space: pre-wrap" in style
