"""Books in other languages than English: what pages say, how they quote, which way they run."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from tests.conftest import INDEX, need, oerbook
from tests.support.browser import Browser, barriers

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

```{exercise}
Weiter.
```
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
            ["Zum Text springen", "Suche", "Bemerkung", "Abb. 1.1", "Übung 1"],
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


TURNED = """# Poèmes

Le mot شعر est arabe, et la phrase reste française.

> يا ليلُ الصبُّ متى غدُهُ

- واحد
- اثنان

<p lang="de">Über allen Gipfeln</p>

Un <span dir="rtl" lang="he">מזמור!</span> du psaume.
"""
HEBREW = (
    "---\nlanguage: he\n---\n\n# שירה\n\nזהו פרק בעברית.\n\nAnd one paragraph in English.\n\n```python\nx = 1\n```\n"
)


def test_passages_and_chapters_from_right_to_left_run_so_in_every_format(make: Callable[..., Path]) -> None:
    need("pdftotext")
    chapters = {"chapters/01-poemes.md": TURNED, "chapters/02-hebrew.md": HEBREW}
    root = make(chapters, index=in_language("fr"))
    assert oerbook("build", "all", "-q", "-C", root).code == 0
    page = html.fromstring((root / "_build/html/poemes.html").read_bytes())
    assert page.xpath("//blockquote/@dir | //ul[li/p[contains(., 'واحد')]]/@dir") == ["rtl", "rtl"]
    assert page.xpath("//p[contains(., 'française')]/@dir") == []
    assert page.xpath("//p[contains(., 'Gipfeln')]/@lang") == ["de"]
    assert page.xpath("//span[@lang='he']/@dir") == ["rtl"]
    hebrew = html.fromstring((root / "_build/html/hebrew.html").read_bytes())
    assert hebrew.xpath("/html/@lang | //div[@class='body']/@lang | //div[@class='body']/@dir") == ["fr", "he", "rtl"]
    assert hebrew.xpath("//p[contains(., 'English')]/@dir") == ["ltr"]
    with zipfile.ZipFile(next((root / "_build").glob("*.epub"))) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))
    assert re.search(r'<section[^>]* lang="he" dir="rtl"', text)
    assert re.search(r'<div dir="rtl">\s*<blockquote>', text)
    assert '<div lang="de" dir="ltr">' in text
    pdf = next((root / "_build").glob("*.pdf"))
    told = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    found = re.findall(r'xMax="([\d.]+)"[^>]*>([^<]*)</word>', told)
    edges = {
        words: max(float(right) for right, word in found if re.search(words, word))
        for words in ("[א-ת]", "[ء-ي]", "Gipfeln")
    }
    assert edges["[א-ת]"] > 460, "a chapter in Hebrew begins at the right edge"
    assert edges["[ء-ي]"] > 450, "so does a quotation in Arabic"
    assert edges["Gipfeln"] < 350


def test_a_book_from_right_to_left_is_laid_out_so(make: Callable[..., Path], chromium: Browser) -> None:
    root = make({"chapters/01-hebrew.md": HEBREW.split("---\n", 2)[2]}, index=in_language("he"))
    assert oerbook("build", "html", "-q", "-C", root).code == 0
    told = chromium.go(
        """async ({ page, url, widths }) => {
          const told = [];
          for (const width of widths) {
            await page.setViewport({ width, height: 900 });
            await page.goto(url);
            told.push(await page.evaluate(() => {
              const range = document.createRange();
              range.selectNodeContents(document.querySelector(".body p:not(.byline, .reading-time)"));
              const [line] = range.getClientRects(), main = document.querySelector("main").getBoundingClientRect();
              return [document.documentElement.dir, Math.round(main.right - line.right), document.documentElement.scrollWidth - innerWidth];
            }));
          }
          return told;
        }""",
        url=(root / "_build/html/hebrew.html").as_uri(),
        widths=[320, 768, 1280, 1920],
    )
    assert told == [["rtl", 0, 0]] * 4
    assert barriers(chromium, [root / "_build/html/hebrew.html"], [(390, "light"), (1280, "dark")]) == []
