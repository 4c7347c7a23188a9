"""Books in other languages than English: what pages say, how they quote, which way they run."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from tests.browsing import Browser
from tests.conftest import INDEX, need, oerbook

pytestmark = pytest.mark.slow
QUOTED = """# Verse

"Alles fließt", sagt er, "und 'nichts' bleibt".

```{note}
Ein Kasten.
```

```{figure} dot.svg
:name: dot
:alt: ein Punkt

Ein Punkt
```

Siehe {numref}`dot`.
"""
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


def in_language(code: str) -> str:
    return INDEX.replace("license:", f"language: {code}\nlicense:")


def words(page: Path) -> str:
    return " ".join(html.fromstring(page.read_bytes()).xpath("string(//body)").split())


@pytest.mark.parametrize(
    ("code", "said", "quoted"),
    [
        (
            "de",
            ["Zum Text springen", "Suche", "Bemerkung", "Abb. 1.1"],
            "„Alles fließt“, sagt er, „und ‚nichts‘ bleibt“.",
        ),
        ("fr", ["Aller au texte", "Rechercher", "Fig. 1.1"], "« Alles fließt », sagt er, « und “nichts” bleibt »."),
        ("es", ["Ir al texto", "Buscar", "Nota"], "«Alles fließt», sagt er, «und “nichts” bleibt»."),
        ("nl", ["Naar de tekst", "Zoeken", "Notitie"], "“Alles fließt”, sagt er, “und ‘nichts’ bleibt”."),
        ("pt-BR", ["Nota"], "“Alles fließt”, sagt er, “und ‘nichts’ bleibt”."),
        ("en", ["Skip to the text", "Search", "Note"], "“Alles fließt”, sagt er, “und ‘nichts’ bleibt”."),
    ],
)
def test_pages_speak_and_quote_as_the_language_of_the_book_does(
    make: Callable[..., Path], code: str, said: list[str], quoted: str
) -> None:
    root = make({"chapters/01-verse.md": QUOTED, "chapters/dot.svg": DOT}, index=in_language(code))
    assert oerbook("build", "html", "-q", "-C", root).code == 0
    shown = words(root / "_build/html/verse.html")
    assert [one for one in [*said, quoted] if " ".join(one.split()) not in shown] == []


def test_a_chapter_in_another_language_quotes_as_its_own_does_in_every_format(make: Callable[..., Path]) -> None:
    need("pdftotext")
    chapter = f"---\nlanguage: de\n---\n\n{QUOTED}"
    root = make({"chapters/01-verse.md": chapter, "chapters/dot.svg": DOT}, index=in_language("fr"))
    assert oerbook("build", "html", "pdf", "-q", "-C", root).code == 0
    pdf = next((root / "_build").glob("*.pdf"))
    printed = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    for shown in (words(root / "_build/html/verse.html"), " ".join(printed.split())):
        assert "„Alles fließt“, sagt er" in shown


def test_the_search_speaks_the_language_of_the_book_and_breaks_no_policy(
    make: Callable[..., Path], chromium: Browser
) -> None:
    root = make({"chapters/01-verse.md": QUOTED, "chapters/dot.svg": DOT}, index=in_language("de"))
    assert oerbook("build", "html", "-q", "-C", root).code == 0
    told = chromium.go(
        """async ({ page, url }) => {
          await page.goto(url);
          return page.evaluate(async () => {
            while (!document.querySelector(".search-summary")?.textContent) await new Promise((next) => setTimeout(next, 20));
            return document.querySelector(".search-summary").textContent;
          });
        }""",
        url=f"{(root / '_build/html/search.html').as_uri()}?q=Kasten",
    )
    assert "gefunden" in told
