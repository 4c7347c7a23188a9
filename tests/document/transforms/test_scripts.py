"""Text in other scripts: its lines join as its language asks, and its paragraphs run as their chapter does."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write

PAGES = {
    "chapters/index.md": INDEX,
    "chapters/01-water.md": "---\nlanguage: ja\n---\n\n# 水\n\n水は生きて\nいる。**土**\nも生き\nて *いる*。 And\nLatin words.\n\n`水\n土`\n",
    "chapters/02-words.md": "---\nlanguage: ar\n---\n\n# كلمات\n\nنص مع English words and many more of them.\n\nnothing but Latin.\n",
    "chapters/03-soil.md": "---\nlanguage: ko\n---\n\n# 흙\n\n흙은\n살아 있다.\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("book"), PAGES)
    assert oerbook("build", "html", "epub", "docx", cwd=folder).code == 0
    return folder / "_build"


def _texts(built: Path) -> dict[str, str]:
    """Return the markup of each format."""
    found = {"html": "".join(page.read_text(encoding="utf-8") for page in sorted((built / "html").glob("*.html")))}
    for kind, member in (("epub", r"ch\d+\.xhtml$"), ("docx", r"word/document\.xml$")):
        with zipfile.ZipFile(next(built.glob(f"*.{kind}"))) as archive:
            found[kind] = "".join(archive.read(n).decode() for n in archive.namelist() if re.search(member, n))
    return found


def test_the_end_of_a_line_between_ideographs_is_no_space(built: Path) -> None:
    for kind, markup in _texts(built).items():
        words = re.sub(r"<[^>]*>", "", markup)
        assert "水は生きている。土も生きて" in words, kind
        assert re.search(r"And\s+Latin words", words), kind
        assert re.search(r"흙은\s+살아", words), kind  # Korean has spaces between words


def test_a_paragraph_that_begins_in_the_script_of_its_chapter_runs_as_the_chapter_does(built: Path) -> None:
    texts = _texts(built)
    for kind in ("html", "epub"):
        before = re.search(r"(<p[^>]*>)\s*(?:<span[^>]*>)?نص", texts[kind])
        assert before and "dir" not in before[1], kind
        assert re.search(r'dir="ltr"[^>]*>\s*(<p>)?nothing but Latin', texts[kind]), kind
    paragraphs = re.findall(r"<w:p>.*?</w:p>", texts["docx"], flags=re.S)
    (arabic,) = [paragraph for paragraph in paragraphs if "English words" in paragraph]
    assert "<w:bidi" in arabic


def test_index_and_glossary_follow_the_order_of_the_language(tmp_path: Path) -> None:
    terms = ["zebra", "ål", "apa", "ö", "äpple", "Öl"]
    index = "".join(f"```{{index}} {term}\n```\n\n" for term in terms)
    glossary = "```{glossary}\n:sorted:\n\n" + "\n".join(f"{term}\n: Ett ord.\n" for term in terms) + "```\n"
    files = {
        "chapters/index.md": INDEX.replace("license:", "language: sv\nlicense:"),
        "chapters/01-ord.md": f"# Ord\n\n{index}{glossary}",
    }
    assert oerbook("build", "html", "docx", cwd=write(tmp_path, files)).code == 0
    page = (tmp_path / "_build/html/ord.html").read_text(encoding="utf-8")
    right = ["apa", "zebra", "ål", "äpple", "ö", "Öl"]
    assert re.findall(r"<dt id=\"term-[^>]*>([^<]*)", page) == right
    letters = re.findall(r"<h2[^>]*>(\w)</h2>", (tmp_path / "_build/html/genindex.html").read_text(encoding="utf-8"))
    assert letters == ["A", "Z", "Å", "Ä", "Ö"]
