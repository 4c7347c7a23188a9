"""What a reader does with the web site, opened from the disk in a real browser."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from tests.conftest import INDEX, need, oerbook, write

pytestmark = pytest.mark.slow
CHAPTER = """# Soil

Good {term}`loam` holds water, $x^2$.

| Soil | Water | Sand | Silt | Clay | Pores | Roots | Worms |
|------|-------|------|------|------|-------|-------|-------|
| loam | much  | 40   | 40   | 20   | 0.46  | deep  | many  |

- [ ] dig

```{code-block} python
:caption: Dig
print("soil")
```

```{glossary}
loam
  good earth
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(
        tmp_path_factory.mktemp("reading"),
        {
            "conf.py": 'extensions = ["oerbook"]\n',
            "chapters/index.md": INDEX.replace("---\n\n#", "repository: https://example.org/book\n---\n\n#"),
            "chapters/01-seeing/index.md": "# Seeing\n\nLook.\n",
            "chapters/01-seeing/01-soil.md": CHAPTER,
            "chapters/02-tools/01-spade.md": "---\nauthors: [Bo Ek]\n---\n\n# Spade\n\n## Handle\n\nWood.\n",
        },
    )
    ran = oerbook("build", "html", cwd=root)
    assert ran.code == 0, ran.err
    return root / "_build" / "html"


def browse(page: Path, query: str = "") -> html.HtmlElement:
    """Return a page as a browser has it after its scripts ran, opened as a file."""
    command = [need("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += ["--virtual-time-budget=6000", "--dump-dom", page.as_uri() + query]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return html.fromstring(done.stdout)


def pages(site: Path) -> Iterator[tuple[Path, html.HtmlElement]]:
    for path in sorted(site.rglob("*.html")):
        yield path, html.parse(str(path), parser=html.HTMLParser(encoding="utf-8")).getroot()


def test_every_link_and_file_of_a_page_is_there(site: Path) -> None:
    for path, page in pages(site):
        for element, attribute, link, _ in page.iterlinks():
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            target = (path.parent / unquote(parts.path)).resolve()
            assert target.is_file(), f"{path.name}: <{element.tag} {attribute}={link}>"


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for path, page in pages(site):
        loaded = page.xpath("//*/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //object/@data")
        assert not [link for link in loaded if re.match(r"(https?:)?//", link)], path
        data = "@type='application/ld+json'"  # a description for catalogs, which no browser runs
        assert len(page.xpath(f"//script[not({data})]")) == len(page.xpath(f"//head/script[not(@src or {data})]")) == 2


def test_every_page_has_one_title_one_main_and_a_way_past_the_head(site: Path) -> None:
    for path, page in pages(site):
        assert len(page.xpath("//main")) == 1, path
        assert page.xpath("//h1"), path
        assert page.xpath("//body/a[@class='skip']/@href") == ["#oerbook_text"], path
        assert len(page.xpath("//meta[@name='viewport']")) == 1, path


def test_only_the_part_in_hand_lists_its_chapters(site: Path) -> None:
    page = html.parse(str(site / "tools" / "spade.html")).getroot()
    listed = page.xpath("//nav[@class='contents']//a/text() | //nav[@class='contents']//a/span/text()")
    assert "Spade" in listed
    assert "Soil" not in listed
    assert page.xpath("//nav[@class='contents']//a[@aria-current='page']")
    assert page.xpath("//p[@class='byline']/a/text()") == ["Bo Ek"]


def test_a_wide_table_scrolls_in_its_own_place_and_can_be_reached(site: Path) -> None:
    page = html.parse(str(site / "seeing" / "soil.html")).getroot()
    assert page.xpath("//table/parent::div[@class='scroll']/@tabindex") == ["0"]
    assert page.xpath("//input[@type='checkbox']/@aria-label")


def test_the_search_finds_words_in_a_book_opened_from_the_disk(site: Path) -> None:
    page = browse(site / "search.html", "?q=water")
    assert page.xpath("//ul[@class='search']//a/@href") == ["seeing/soil.html"]
    assert page.xpath("//p[@class='search-summary']/@role") == ["status"]


def test_scripts_do_not_change_the_text_of_a_page(site: Path) -> None:
    path = site / "seeing" / "soil.html"
    before, after = html.parse(str(path)).getroot(), browse(path)
    assert before.xpath("//button[@class='theme-switch']/@hidden")
    assert not after.xpath("//button[@class='theme-switch']/@hidden")
    own = "[not(ancestor-or-self::*[contains(@class, 'cite')])]"  # buttons that copy citations need scripts
    words = f"//main//p{own}//text() | //main//td//text()"
    assert before.xpath(words) == after.xpath(words)


def test_a_page_does_not_grow_with_the_number_of_chapters(tmp_path: Path) -> None:
    size = {}
    for count in (60, 120):
        root = write(
            tmp_path / str(count),
            {"conf.py": 'extensions = ["oerbook"]\n', "chapters/index.md": INDEX}
            | {f"chapters/{n:03}-c{n}.md": f"# Chapter {n:03}\n\nWords.\n" for n in range(1, count + 1)},
        )
        ran = oerbook("build", "html", cwd=root)
        assert ran.code == 0, ran.err
        page = root / "_build/html/c30.html"
        links = html.parse(str(page)).getroot().xpath("//nav[@class='contents']//a")
        assert [link.text_content().split()[-1] for link in links][1:26] == [f"{n:03}" for n in range(18, 43)]
        assert links[0].get("href") == "index.html"
        assert (root / "_build/html/index.html").read_text().count('class="number"') >= count
        size[count] = len(page.read_bytes())
    assert abs(size[120] - size[60]) < 200
