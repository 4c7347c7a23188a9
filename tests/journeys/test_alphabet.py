"""Index, glossary and lists of people follow the alphabet of the book's language."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook

pytestmark = pytest.mark.slow
WORDS = ("zèbre", "Éole", "ébène", "edam", "œillet", "ode", "Ångström", "42")
TERMS = "".join(f"{word}\n  Un mot.\n\n" for word in WORDS)


def listed(page: Path, pattern: str) -> list[str]:
    """Return the words that a pattern finds in the main part of a page."""
    return [html.unescape(word) for word in re.findall(pattern, page.read_text().split("<main")[1])]


@pytest.mark.parametrize(
    ("language", "order", "letters"),
    [
        ("fr", ["42", "Ångström", "ébène", "edam", "Éole", "ode", "œillet", "zèbre"], ["Symboles", "A", "E", "O", "Z"]),
        ("sv", ["42", "ébène", "edam", "Éole", "ode", "œillet", "zèbre", "Ångström"], ["Symboler", "E", "O", "Z", "Å"]),
    ],
)
def test_an_accent_is_no_letter_unless_the_language_says_so(
    make: Callable[..., Path], language: str, order: list[str], letters: list[str]
) -> None:
    marks = " ".join(f"{{index}}`{word}`" for word in WORDS)
    pages = {"chapters/01-a.md": f"# A\n\n{marks}\n\n```{{glossary}}\n:sorted:\n\n{TERMS}```\n"}
    root = make({"chapters/index.md": INDEX.replace("date:", f"language: {language}\ndate:"), **pages})
    assert oerbook("build", "html", "-C", root).code == 0
    assert listed(root / "_build/html/a.html", r"<dt [^>]*>([^<]+)") == order
    index = root / "_build/html/genindex.html"
    assert listed(index, r"<li>([^<,]+),") == order
    assert listed(index, r"<h2[^>]*>([^<]+)</h2>") == letters


def test_authors_in_one_text_are_several_people(make: Callable[..., Path]) -> None:
    page = "---\nauthors: Jane Roe, John van Doe and Ann Field\n---\n\n# A\n\nText.\n"
    root = make(
        {"chapters/01-a.md": page, "chapters/02-b.md": "---\nauthor: Soil and Water Society\n---\n\n# B\n\nText.\n"}
    )
    assert oerbook("build", "html", "-C", root).code == 0
    lines = [re.findall(r'class="byline">(.*?)</p>', (root / f"_build/html/{name}.html").read_text()) for name in "ab"]
    names = [set(re.sub(r"<[^>]+>", "", line[0]).split(", ")) for line in lines]
    assert names == [{"Jane Roe", "John van Doe", "Ann Field"}, {"Soil and Water Society"}]
