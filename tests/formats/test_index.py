"""The index: in every format terms with the sections or pages that they stand in, and references to other terms."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import oerbook, write

BOOK = {
    "conf.py": 'extensions = ["oerbook"]\n',
    "chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\ndate: 2026-01-02\n---\n\n# Soil\n\nText.\n",
    "chapters/01-water.md": "# Water\n\nText {index}`rain`, again {index}`rain`.\n\n## Deep\n\n"
    "```{index} single: rain; heavy\n```\nText {index}`!rain`.\n\n"
    "```{index} see: shower; rain\n```\n```{index} seealso: rain; snow\n```\nText.\n",
    "chapters/02-terms.md": "---\nnumbering: false\n---\n\n# Terms\n\n```{glossary}\nloam\n  Good soil.\n```\n",
}
LINES = ["loam, Terms", "rain, 1, 1.1; see also snow", "heavy, 1.1", "shower, see rain"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("index"), BOOK)
    ran = oerbook("build", "html", "epub", "docx", cwd=root)
    assert ran.code == 0, ran.err
    return root / "_build"


def member(path: Path, name: str, mark: str) -> str:
    """Return the part of an archive with a name that has a mark in its text."""
    with zipfile.ZipFile(path) as archive:
        texts = [archive.read(each).decode() for each in archive.namelist() if re.search(name, each)]
    return next(text for text in texts if mark in text)


def lines(markup: str, end: str) -> list[str]:
    """Return the lines of an index: the words before each end tag."""
    texts = [" ".join(unescape(re.sub(r"<[^>]*>", "", piece)).split()) for piece in re.split(end, markup)]
    return [text for text in texts if re.match(r"(loam|rain|heavy|shower)\b", text)]


def test_the_web_page_names_the_sections_of_each_term(built: Path) -> None:
    page = (built / "html/genindex.html").read_text(encoding="utf-8")
    assert lines(page, r"</?li>|<ul>") == LINES
    assert re.search(r'<a href="water\.html#[^"]+"><strong>1\.1</strong></a>', page)


def test_the_epub_has_the_same_lines_without_bullets(built: Path) -> None:
    page = member(next(built.glob("*.epub")), r"\.xhtml$", 'class="index"')
    assert lines(page, r"</p>") == LINES
    assert "<li>" not in page


def test_the_docx_has_the_same_lines_in_word_s_styles_of_an_index(built: Path) -> None:
    document = member(next(built.glob("*.docx")), r"word/document\.xml$", "shower")
    assert [line for line in lines(document, r"</w:p>") if line in LINES] == LINES
    assert document.count('w:val="Index1"') == 3 and document.count('w:val="Index2"') == 1
