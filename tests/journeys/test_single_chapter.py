"""`oerbook build --only CHAPTER` makes a chapter that travels alone with its credit and its license."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import oerbook
from tests.journeys.test_attributions import words_of
from tests.support.repository import begin, commit, git

pytestmark = pytest.mark.slow
INDEX = """---
title: Soil & Water
license: CC-BY-4.0
url: https://soil.example/book
---
# Soil & Water

Welcome to the whole book.
"""
FIRST = "# Rain\n\n(rain-drops)=\n## Drops\n\nRain falls.\n"
SAND = """---
license: CC-BY-SA-4.0
sources:
  - title: Sand tables
    authors: Tom Ruiz
    source: https://tables.example/
    license: CC-BY-SA-3.0
    relation: adapted
    changes: shortened
---
# Sand

Sand moves, see [the drops](#rain-drops) and {cite:p}`lee`.

```{figure} dune.png
:alt: A dune
:creator: Pia Holm
:license: CC-BY-NC-2.0

A dune.
```
"""
LIBRARY = "@book{lee, title={Dunes}, author={Lee, Ada}, year={2020}}\n@book{roe, title={Tides}, author={Roe, Eva}, year={2021}}\n"
INSIDE = (
    "This is a chapter of Soil & Water",
    "© 2025 Bo Chen",
    "This chapter is licensed under Creative Commons Attribution-ShareAlike 4.0 International (CC-BY-SA-4.0)",
    "This chapter is adapted from “Sand tables” by Tom Ruiz, CC BY-SA 3.0. Changes: shortened.",
    "Pia Holm, CC BY-NC 2.0",
    "Chen, B. (2025). Sand. In Soil & Water. https://soil.example/book/sand.html",
    "Fig. 2.1",
    "see the drops and",
    "Dunes",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("single")
    Image.new("RGB", (40, 20), "tan").save(root / "dune.png")
    files = {"chapters/index.md": INDEX, "chapters/01-rain.md": FIRST, "chapters/works.bib": LIBRARY}
    begin(root, files)
    added = {"chapters/02-sand.md": SAND, "chapters/dune.png": (root / "dune.png").read_bytes()}
    commit(root, "main", added, "Bo Chen")
    git(root, "checkout", "-q", "-f", "main")
    ran = oerbook("build", "html", "epub", "pdf", "docx", "--only", "sand", "-C", root, "--format", "json")
    assert ran.code == 0
    assert ran.findings("link-target-missing") == ran.findings("reference-missing") == []
    return root


@pytest.mark.parametrize("kind", ["html", "epub", "pdf", "docx"])
def test_a_chapter_carries_its_credit_license_sources_and_citation(made: Path, kind: str) -> None:
    path = made / "_build/chapters" / f"sand.{kind}"
    folder = made / "_build" / "one"
    if kind == "html":
        folder.mkdir(exist_ok=True)
        (folder / "sand.html").write_bytes(path.read_bytes())
    shown = "".join(words_of(folder if kind == "html" else path).split())
    assert [line for line in INSIDE if "".join(line.split()) not in shown] == []
    assert "Ada Lee," not in shown
    assert "Rainfalls" not in shown
    assert "Tides" not in shown
    assert "Welcome" not in shown


def test_the_html_file_needs_no_other_file(made: Path) -> None:
    text = (made / "_build/chapters/sand.html").read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in text
    assert '<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/"' in text
    assert "<script" not in text


def test_an_unknown_chapter_is_an_error(made: Path) -> None:
    ran = oerbook("build", "epub", "--only", "clay", "-C", made)
    assert (ran.code, "the book has no chapter “clay”" in ran.err) == (1, True)
