"""Title page and part openers of the EPUB, and the accent of each part."""

from __future__ import annotations

import re
import zipfile

import pytest

from tests.conftest import oerbook, write

BOOK = {
    "conf.py": 'extensions = ["oerbook"]\n',
    "chapters/index.md": "---\ntitle: Soil\nsubtitle: A first book\nauthors: [Ada Lee]\npublisher: Field Press\n"
    "edition: Second edition\nlicense: CC-BY-4.0\ndate: 2026-01-02\n---\n\n# Soil\n\nText.\n",
    "chapters/01-seeing/index.md": "# Seeing\n\nLook down.\n",
    "chapters/01-seeing/01-loam.md": "# Loam[^n]\n\n```{epigraph}\nLook twice.\n\n-- a proverb\n```\n\nText.\n\n[^n]: Note.\n",
    "chapters/02-doing/index.md": "# Doing\n\nDig.\n",
    "chapters/03-resting/01-bench.md": "# Bench\n\nText.\n\n## ![a falling drop](drop.svg)\n\nText.\n",
    "chapters/03-resting/drop.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    "chapters/02-doing/01-spade.md": "# Spade\n\nText.\n",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root = write(tmp_path_factory.mktemp("openers"), BOOK)
    ran = oerbook("build", "epub", cwd=root)
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(next((root / "_build").glob("*.epub"))) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith((".xhtml", ".css"))}


def page(pages: dict[str, str], mark: str) -> str:
    return next(text for name, text in pages.items() if mark in text and "nav" not in name)


def test_the_title_page_has_subtitle_authors_and_imprint(pages: dict[str, str]) -> None:
    text = re.sub(r"\s*\n\s*", "", page(pages, 'id="title-page"'))
    lines = re.findall(r'<div class="(subtitle|authors|imprint)"><p>(.*?)</p>', text)
    assert lines == [
        ("subtitle", "A first book"),
        ("authors", "Ada Lee"),
        ("imprint", "Second edition, Field Press, 2026"),
    ]


def test_a_part_opens_with_the_list_of_its_chapters(pages: dict[str, str]) -> None:
    opener = page(pages, 'id="seeing-index--top"')
    listed = re.search(r'<div class="part-chapters">(.*?)</div>', opener, re.S)
    assert listed
    assert re.sub(r"<[^>]+>", "", listed[1]).split() == ["1", "Loam"]
    assert re.search(r'href="[^"#]*\.xhtml#seeing-loam--top"', listed[1])


def test_a_part_without_words_of_its_own_opens_alike(pages: dict[str, str]) -> None:
    opener = page(pages, ">Resting</h1>")
    assert 'epub:type="part"' in opener and "resting-bench--top" in opener


def test_a_heading_that_is_a_picture_is_listed_by_its_description(pages: dict[str, str]) -> None:
    navigation = next(text for name, text in pages.items() if name.endswith("nav.xhtml"))
    assert "a falling drop" in re.sub(r"<[^>]+>", "", navigation)
    assert "<img" not in navigation


def test_each_part_has_its_own_accent_color(pages: dict[str, str]) -> None:
    style = next(text for name, text in pages.items() if name.endswith(".css"))
    accents = dict(re.findall(r"\.in-part-(\d) \{ --accent: (#\w{6}); \}", style))
    assert set(accents) == {"1", "2", "3"} and accents["1"] != accents["2"]
    assert 'in-part-2"' in page(pages, 'id="doing-spade--top"')


def test_an_epigraph_has_its_own_class_in_the_epub(pages: dict[str, str]) -> None:
    assert '<div class="epigraph">' in page(pages, 'id="seeing-loam--top"')
