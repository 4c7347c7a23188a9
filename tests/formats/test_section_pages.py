"""Pages below a chapter in `toc:` are sections of it, and parts have numbers on as many levels as they say."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from oerbook.document.context.reading_order import numbered_pages
from oerbook.source.book import read_book
from tests.conftest import oerbook, write

INDEX = """---
title: Weather
authors: [Ada Lee]
license: CC-BY-4.0
toc:
- numbered: false
  children: [{file: preface.md}]
- title: Ground
  children:
  - file: air.md
    title: All about air
    children:
    - file: wind.md
      children: [{file: storm.md}]
    - file: fog.md
  - file: soil.md
- title: Sky
  numbered: 1
  children:
  - file: cloud.md
    children: [{file: rain.md}]
---
# Weather
"""
PAGE = "# The {0}\n\nThe {0} is here.\n\n## Kinds of {0}\n\nMany.\n\n```{{table}} {0} by day\n:name: tab-{0}\n\n| a |\n|---|\n| b |\n```\n"
NAMES = ("preface", "air", "wind", "storm", "fog", "soil", "cloud", "rain")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weather") / "book"
    pages = {f"chapters/{name}.md": PAGE.format(name) for name in NAMES}
    pages["chapters/fog.md"] += "\nSee {numref}`tab-wind`, {numref}`tab-rain` and {ref}`the section <kinds>`.\n"
    pages["chapters/wind.md"] = pages["chapters/wind.md"].replace("## Kinds", "(kinds)=\n## Kinds")
    write(root, {"chapters/index.md": INDEX, "conf.py": 'extensions = ["oerbook"]\n', **pages})
    ran = oerbook("build", "html", "epub", "pdf", "docx", cwd=root)
    assert ran.code == 0, ran.err
    return root


def title_of(root: Path, page: str) -> str:
    html = (root / f"_build/html/{page}.html").read_text()
    match = re.search(r"<h1>(.*?)</h1>", html, re.S)
    assert match
    return " ".join(re.sub(r"<[^>]+>", " ", match[1]).split()).removesuffix(" #")


def test_a_page_below_a_chapter_is_numbered_after_the_sections_of_the_chapter(book: Path) -> None:
    titles = {name: title_of(book, name) for name in NAMES}
    assert titles["preface"] == "The preface"
    assert titles["air"].startswith("1 ") and titles["soil"].startswith("2 ") and titles["cloud"].startswith("3 ")
    assert titles["wind"].startswith("1.2 ")  # 1.1 is a section of the chapter's own page
    assert titles["storm"].startswith("1.2.2 ") and titles["fog"].startswith("1.3 ")
    assert titles["rain"] == "The rain"  # the part has numbers on one level


def test_numbers_of_tables_continue_through_the_pages_of_a_chapter(book: Path) -> None:
    html = (book / "_build/html/fog.html").read_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "Table 1.2" in html and "Table 3.2" in html


def test_the_contents_show_the_titles_of_toc_and_the_levels(book: Path) -> None:
    html = (book / "_build/html/wind.html").read_text()
    assert "All about air" in html and 'class="level-2"' in html and 'class="level-3"' in html


def test_print_formats_have_the_same_numbers_and_levels(book: Path) -> None:
    text = subprocess.run(
        ["pdftotext", "-layout", next((book / "_build").glob("*.pdf")), "-"], capture_output=True, text=True, check=True
    ).stdout
    for heading in ("1.1 Kinds of air", "1.2 The wind", "1.2.1 Kinds of wind", "1.2.2 The storm", "1.3 The fog"):
        assert re.search(rf"^ *{re.escape(heading)}$", text, re.M), heading
    with zipfile.ZipFile(next((book / "_build").glob("*.epub"))) as epub:
        pages = "".join(epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml"))
    assert re.search(r'<h2[^>]*><span class="number">1\.2</span> The wind</h2>', pages)
    assert re.search(r'<h3[^>]*><span class="number">1\.2\.2</span> The storm</h3>', pages)
    with zipfile.ZipFile(next((book / "_build").glob("*.docx"))) as docx:
        document = docx.read("word/document.xml").decode()
    styles = re.findall(r'<w:pStyle w:val="Heading(\d)"', document)
    assert {"1", "2", "3"} <= set(styles)


def test_pages_below_a_page_without_a_number_have_none(tmp_path: Path) -> None:
    index = "---\ntitle: T\ntoc:\n- children:\n  - file: a.md\n    children: [{file: b.md}]\n  - file: c.md\n---\n# T\n"
    pages = {"chapters/a.md": "---\nnumbering: false\n---\n# A\n", "chapters/b.md": "# B\n", "chapters/c.md": "# C\n"}
    root = write(tmp_path / "book", {"chapters/index.md": index, **pages})
    assert numbered_pages(read_book(root)[0]) == {"c": (1,)}
