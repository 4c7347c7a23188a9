"""What an author writes stays text on every finished page: in titles, lists, heads and on neighbouring pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment
from lxml import html

from oerbook.markup.page import sanitize_page, script_hash
from tests.conftest import INDEX, oerbook, write
from tests.support.browser import Browser, served

pytestmark = pytest.mark.slow
HOSTILE_TITLES = {
    "script": "Worms `<script src=_downloads/x/list.txt></script>`",
    "refresh": "Roots `<meta http-equiv=refresh content=0;url=//evil.example/>`",
    "style": "Leaves `<style>body{display:none}</style>`",
    "handler": r"Sand \<img src=x onerror=alert(1)\>",
    "attribute": "Clay `\" onmouseover=\"alert(1)` and `' autofocus onfocus=alert(1) x='`",
    "base": "Peat `</title><base href=//evil.example/>`",
    "comment": "Loam `<!--` and `--><iframe src=//evil.example></iframe>`",
    "entity": "Silt &lt;script&gt;alert(1)&lt;/script&gt; `&lt;svg onload=alert(1)&gt;`",
}
ORDINARY = "# After all\n\nThe *last* page, R&D and 1 < 2.\n"
FRONT = '---\ntitle: "Front `<script>alert(1)</script>` <img src=x onerror=alert(1)>"\nshort_title: "<b>x</b>"\ndescription: "\\"><script>alert(1)</script>"\nauthors: ["Eve <script>alert(1)</script>"]\n---\n\n# Front\n\nWords.\n'
EVIL_INDEX = INDEX.replace(
    "license:",
    'subtitle: "</h1><script>alert(1)</script>"\ndescription: "a\\"><meta http-equiv=refresh content=0>"\n'
    'edition: "1\'</p><script>alert(1)</script>\\\\"\ncopyright: "<svg onload=alert(1)>"\n'
    'publisher: "<style>*{display:none}</style>"\nkeywords: ["<script>"]\nlicense:',
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a book whose titles, names and front matter hold HTML; return its site."""
    chapters = {
        f"chapters/{n:02}-c{n}.md": f"# {title}\n\nSome words.\n" for n, title in enumerate(HOSTILE_TITLES.values(), 2)
    }
    others = {
        "chapters/01-front.md": FRONT,
        "chapters/20-after.md": ORDINARY,
        "chapters/21-index.md": "# Terms\n\n```{index} single: <script>alert(1)</script>; <img src=x onerror=alert(1)>\n```\n\n{index}`x <style>`\n",
        "conf.py": 'extensions = ["oerbook"]\n',
        "chapters/index.md": EVIL_INDEX,
    }
    root = write(tmp_path_factory.mktemp("titles"), chapters | others)
    ran = oerbook("build", "html", "-C", root)
    assert ran.code in (0, 1), ran.err
    return root / "_build/html"


def pages(site: Path) -> Iterator[tuple[Path, html.HtmlElement]]:
    for path in sorted(site.rglob("*.html")):
        yield path, html.document_fromstring(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("title", list(HOSTILE_TITLES.values())[:3])
def test_a_title_becomes_markup_where_templates_do_not_escape(title: str) -> None:
    shown = html.tostring(html.fromstring("<code/>"), encoding="unicode").replace("/>", ">") + title.split("`")[
        1
    ].replace("<", "&lt;")
    assert "<" in Environment().from_string("{{ title | striptags }}").render(title=shown)
    assert "<" not in Environment(autoescape=True).from_string("{{ title | striptags }}").render(title=shown)


def test_no_finished_page_holds_markup_of_an_author(site: Path) -> None:
    for path, page in pages(site):
        scripts = page.xpath("//script[not(@type='application/ld+json')]")
        assert len(scripts) == 2, path
        assert all(script_hash(script.text) in path.read_text(encoding="utf-8") for script in scripts), path
        assert not page.xpath("//iframe|//style|//base|//object|//embed|//img"), path
        assert len(page.xpath("//meta[@http-equiv]")) == 2, path
        assert not page.xpath("//@*[starts-with(name(), 'on')]"), path
        links = page.xpath("//@href|//@src|//meta[not(@name or @property)]/@content")
        assert "evil.example" not in "".join(links), path
        assert {element.tag for element in page.xpath("//nav[@class='turn']//*")} <= {"a", "span"}, path


def test_titles_are_shown_as_they_were_written(site: Path) -> None:
    neighbours = html.document_fromstring((site / "c3.html").read_text(encoding="utf-8"))
    turn = " ".join(neighbours.xpath("//nav[@class='turn']")[0].text_content().split())
    assert "<script src=_downloads/x/list.txt></script>" in turn
    assert "<style>body{display:none}</style>" in turn
    last = html.document_fromstring((site / "after.html").read_text(encoding="utf-8"))
    assert "R&D and 1 < 2" in last.text_content()


@pytest.mark.parametrize(
    "attack",
    [
        "<script src=_downloads/x/a.txt></script>",
        "<script>other()</script>",
        "<body onload=f()>",
        "<meta http-equiv=refresh content=0>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<link rel=preload href=x>",
        "<style>*{}</style>",
        "<iframe src=x></iframe>",
        "<a href='java&#9;script:f()'>x</a>",
        "<base href=//evil.example>",
        "<img src=data:text/html,x>",
        "<svg><animate attributeName=href values=javascript:f() /><use href=#x /></svg>",
        "<p style=position:fixed>x</p>",
    ],
)
def test_a_finished_page_is_checked_as_a_whole(attack: str) -> None:
    """The last guard, when a template or a package lets something through."""
    page = f"<!DOCTYPE html>\n<html><head><script>start()</script></head><body><p>Words.</p>{attack}</body></html>"
    clean, removed = sanitize_page(page, ["start()"])
    assert removed and "Words." in clean and "start()" in clean
    assert not re.search(
        r"other|onload|http-equiv|evil|preload|<style|iframe|script:|data:text|animate|fixed|_downloads", clean
    )
    assert sanitize_page(clean, ["start()"]) == (clean, ())


def test_nothing_runs_in_a_browser_and_no_request_leaves(chromium: Browser, site: Path) -> None:
    with served(site) as address:
        told = chromium.go(
            """async ({ page, urls }) => {
              const told = [];
              page.on("dialog", async (dialog) => { told.push(dialog.message()); await dialog.dismiss(); });
              await page.evaluateOnNewDocument(() => addEventListener("securitypolicyviolation", (event) => console.error(event.violatedDirective)));
              for (const url of urls) {
                await page.goto(url, { waitUntil: "networkidle0" });
                if (page.url() !== url) told.push(`left for ${page.url()}`);
                if (!(await page.evaluate(() => getComputedStyle(document.body).display !== "none" && typeof night === "object" && typeof Documentation === "object")))
                  told.push(`our scripts or styles do not work on ${url}`);
              }
              return told;
            }""",
            urls=[f"{address}/{path.relative_to(site).as_posix()}" for path, _ in pages(site)],
        )
    assert told == []


def test_the_scripts_of_the_book_run_from_a_folder_too(chromium: Browser, site: Path) -> None:
    told = chromium.go(
        """async ({ page, url }) => {
          await page.goto(url);
          return page.evaluate(() => [typeof Search, typeof Stemmer, DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY, document.querySelectorAll("#search-results li").length]);
        }""",
        url=(site / "search.html").as_uri() + "?q=words",
    )
    assert told[:3] == ["object", "function", False] and told[3] > 0


def test_an_offered_file_can_be_no_script_of_a_page(chromium: Browser, site: Path) -> None:
    """Without the policy of our pages a text file runs as a script of its site."""
    journey = """async ({ page, url }) => {
      await page.goto(url);
      return page.evaluate(async () => {
        const script = document.createElement("div");
        script.innerHTML = "<b></b>";
        document.write("<script src='_downloads/x/list.txt'></" + "script>");
        await new Promise((done) => setTimeout(done, 300));
        return globalThis.pwned === 1;
      });
    }"""
    write(site, {"_downloads/x/list.txt": "globalThis.pwned = 1", "open.html": "<!DOCTYPE html><title>x</title>"})
    with served(site) as address:
        assert chromium.go(journey, url=f"{address}/open.html", strict=False) is True
        assert chromium.go(journey, url=f"{address}/after.html", strict=False) is False
