"""How to cite the book and its chapters, in every format; readers copy attributions from the web site."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import oerbook
from tests.journeys.test_attributions import words_of
from tests.support.browser import Browser, served
from tests.support.repository import begin, commit, git

pytestmark = pytest.mark.slow
INDEX = """---
title: Soil & Water
authors: [The Soil Community]
editors: [Eva Roe]
publisher: Open Press
date: 2026-05-04
license: CC-BY-4.0
url: https://soil.example/book
---
# Soil & Water
"""
SAND = """---
authors: [Ada Lee]
---
# Sand

Sand is old and moves with every wind that comes over the hill.

```{figure} dune.png
:alt: A dune
:title: Dune at noon
:creator: Pia Holm
:source: https://dune.example/
:license: CC-BY-NC-2.0

A dune.
```

````md
```{back-matter} citation
```
````
"""
ADDED = "\nWater runs through sand faster than through clay in each experiment.\n"
CITED = (
    "APA: Lee, A., & Chen, B. (2026). Sand. In E. Roe (Ed.), Soil & Water. Open Press. https://soil.example/book/sand.html",
    "MLA: The Soil Community. Soil & Water. Edited by Eva Roe, Open Press, 2026, https://soil.example/book.",
    "Chicago: The Soil Community. 2026. Soil & Water. Edited by Eva Roe. Open Press. https://soil.example/book.",
    "author = {{The Soil Community}},",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cite")
    image = root / "dune.png"
    Image.new("RGB", (40, 20), "tan").save(image)
    files = {"chapters/index.md": INDEX, "chapters/01-sand.md": SAND, "chapters/dune.png": image.read_bytes()}
    image.unlink()
    begin(root, files)
    commit(root, "main", {"chapters/01-sand.md": SAND + ADDED}, "Bo Chen")
    git(root, "checkout", "-q", "-f", "main")
    assert oerbook("build", "html", "epub", "pdf", "docx", "-C", root).code == 0
    return root


@pytest.mark.parametrize("kind", ["html", "epub", "pdf", "docx"])
def test_every_format_says_how_to_cite_the_book_and_each_chapter(built: Path, kind: str) -> None:
    path = built / "_build/html" if kind == "html" else next((built / "_build").glob(f"*.{kind}"))
    shown = "".join(words_of(path).split())
    assert [line for line in CITED if "".join(line.split()) not in shown] == []


def test_readers_copy_the_attribution_of_a_chapter_a_figure_and_selected_words(chromium: Browser, built: Path) -> None:
    with served(built / "_build/html") as base:
        told = chromium.go(
            """async ({ page, base }) => {
              await page.goto(`${base}/sand.html`);
              await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }; });
              const press = async (css, place) => {
                await page.evaluate((css, place) => document.querySelectorAll(css)[place].click(), css, place);
                await page.waitForFunction(() => globalThis.copied);
                return page.evaluate(() => { const text = globalThis.copied; globalThis.copied = ""; return text; });
              };
              const told = {};
              told.chapter = await press(".cite-line button", 0);
              told.bibtex = await press(".cite-line button", 2);
              await page.click("figcaption .cite-open");
              told.figure = await press("figcaption .cite-choice button", 0);
              told.entry = await press("figcaption .cite-choice button", 2);
              await page.evaluate(() => {
                const last = [...document.querySelectorAll(".body p")].find((one) => one.textContent.startsWith("Water"));
                getSelection().selectAllChildren(last);
              });
              await page.waitForSelector(".cite-bar:not([hidden])");
              told.passage = await press(".cite-bar button", 0);
              told.html = await press(".cite-bar button", 1);
              return told;
            }""",
            base=base,
        )
    assert told["chapter"] == (
        "“Sand” (https://soil.example/book/sand.html) by Ada Lee, Bo Chen, in “Soil & Water” (https://soil.example/book), "
        "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)."
    )
    assert "author = {Lee, Ada and Chen, Bo}," in told["bibtex"]
    assert told["figure"].startswith("“Dune at noon” (https://dune.example/) by Pia Holm, CC BY-NC 2.0")
    assert "author = {{Pia Holm}}," in told["entry"]
    assert "— “Sand” (https://soil.example/book/sand.html) by Bo Chen, in" in told["passage"]
    assert told["html"].startswith("<blockquote><p>Water runs through sand")


def test_the_page_can_be_left_out_or_placed_on_a_page_of_the_author(tmp_path: Path) -> None:
    own = "# Using this book\n\nPlease cite it.\n\n```{back-matter} citation\n```\n\n```{back-matter} nothing\n```\n"
    off = INDEX.replace("license:", "back_matter:\n  contributors: false\nlicense:")
    begin(tmp_path, {"chapters/index.md": off, "chapters/01-use.md": own})
    git(tmp_path, "checkout", "-q", "-f", "main")
    ran = oerbook("build", "html", "-C", tmp_path, "--format", "json")
    assert [finding["message"] for finding in ran.findings("directive-option")] == [
        "there is no back matter called nothing"
    ]
    site = tmp_path / "_build/html"
    assert not (site / "how-to-cite.html").exists()
    assert not (site / "contributors.html").exists()
    page = (site / "use.html").read_text(encoding="utf-8")
    assert "Please cite it." in page
    assert "MLA: The Soil Community." in page
