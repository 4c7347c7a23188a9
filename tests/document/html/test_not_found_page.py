"""The page for addresses that do not exist: its links hold at any depth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import oerbook, write

INDEX = "---\ntitle: Soil\nlicense: CC-BY-4.0\ndate: 2026-01-02\n{}---\n\n# Soil\n\nText.\n"
PAGES = {"conf.py": 'extensions = ["oerbook"]\n', "chapters/01-water.md": "# Water\n\nText.\n"}


def build(folder: Path, front_matter: str) -> Path:
    root = write(folder, PAGES | {"chapters/index.md": INDEX.format(front_matter)})
    ran = oerbook("build", "html", cwd=root)
    assert ran.code == 0, ran.err
    return root / "_build/html/404.html"


@pytest.mark.parametrize(
    ("front_matter", "base"),
    [
        ("url: https://soil.example/book\n", "https://soil.example/book/"),
        ("repository: https://github.com/Field/soil-book\n", "https://field.github.io/soil-book/"),
        ("repository: https://github.com/Field/field.github.io\n", "https://field.github.io/"),
    ],
)
def test_links_of_the_not_found_page_are_absolute(tmp_path: Path, front_matter: str, base: str) -> None:
    page = build(tmp_path, front_matter).read_text(encoding="utf-8")
    links = re.findall(r'\b(?:href|src)="([^"#]+)"', page)
    assert all(re.match(r"https?:|data:", link) for link in links), links
    assert f'href="{base}water.html"' in page and f"{base}_static/book.js" in page


def test_a_book_without_a_url_has_no_not_found_page(tmp_path: Path) -> None:
    assert not build(tmp_path, "").exists()
