"""A book of attacks in a real browser: every page and file is opened, every helper of the page is used, and nothing runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write
from tests.journeys.test_attacks import ATTACKS, EVIL
from tests.journeys.test_author_classes import HOSTILE as HOSTILE_CLASSES
from tests.journeys.test_finished_pages import FRONT, HOSTILE_TITLES
from tests.journeys.test_offered_files import FILES
from tests.support.browser import Browser, served
from tests.support.outputs import active_content

pytestmark = pytest.mark.slow
# Markup of an author that the scripts of a page would take for their own.
FALSE_HELPERS = {
    "a term whose page is a text file": '<a href="words.txt#worm"><span class="std-term">worm</span></a> [worm](words.txt)',
    "a term elsewhere": '<a href="https://evil.example/#worm"><span class="std-term">worm</span></a>',
    "a note with a broken address": '<a class="footnote-reference" href="#%E0%A4%A">x</a>',
    "a note that is the page": '<a class="footnote-reference" href="#oerbook_q">x</a> <a class="footnote-reference" href="#">y</a>',
    "names of the window": '<a id="night" name="night">n</a> <a id="oerbookWho">o</a> <a id="Search" name="body">s</a> <p id="documentElement">d</p>',
    "data of the page": '<p data-who="x.who.js" data-content_root="https://evil.example/" data-theme="x" data-scripts="x.js">p</p>',
    "a folded box": "<details open><summary>s</summary><p>hidden</p></details>",
    "a check box": '<label for="cb">c</label> <input type="checkbox" id="cb" checked>',
    "a picture elsewhere": '<img src="https://evil.example/x.png" alt="x" srcset="//evil.example/y.png 2x">',
    "a film elsewhere": '<video src="https://evil.example/x.mp4" poster="//evil.example/p.png" autoplay></video>',
    "a form": '<form action="https://evil.example/"><input name="q"><button>Go</button></form>',
    "a ping": '<a href="https://example.org/" ping="https://evil.example/ping">x</a>',
    "a preload": '<link rel="preload" href="https://evil.example/x.js" as="script"><link rel="dns-prefetch" href="//evil.example">',
    "a shadow": '<div><template shadowrootmode="open"><img src="https://evil.example/x"><script>f()</script></template></div>',
    "a formula": '<math><maction actiontype="statusline#https://evil.example" href="javascript:alert(1)"><mi>x</mi></maction><mtext><img src=x onerror=alert(1)></mtext></math>',
    "mutated markup": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "a drawing in the text": '<svg><foreignObject><iframe src="https://evil.example/"></iframe></foreignObject><use href="x.svg#a"/><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "a base": "<base href='https://evil.example/'>",
    "an image map": '<map name="m"><area shape="default" href="javascript:alert(1)"></map><img src="dot.svg" usemap="#m" alt="x">',
}  # fmt: skip
WORDS_FILE = (
    '<dl><dt id="worm">worm</dt><dd>An animal.<meta http-equiv="refresh" content="0;url=https://evil.example/">'
    '<img src="https://evil.example/x" onerror="alert(1)"><style>body{display:none}</style><script>alert(1)</script></dd></dl>'
)
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "P"}},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# Plots\n\n<img src=x onerror=alert(1)>"},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 1,
            "source": "plot()",
            "outputs": [
                {"output_type": "display_data", "metadata": {}, "data": {kind: EVIL}}
                for kind in ("image/svg+xml", "text/html", "text/markdown", "application/javascript", "text/latex")
            ],
        },
    ],
}
BIBLIOGRAPHY = (
    "@misc{a, title={<script>alert(1)</script> \\href{javascript:alert(1)}{x}}, author={<img src=x onerror=alert(1)>}, year=2000, "
    'url={javascript:alert(1)}, doi={"><script>alert(1)</script>}, note={\\url{javascript:alert(1)}}}\n'
)
PERSON = '---\nname: "Eve <script>alert(1)</script>"\nwebsite: "javascript:alert(1)"\ngithub: "../x"\naffiliations: [{name: "<b>x", url: "javascript:alert(1)"}]\n---\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>\n'


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the book in every format; return the folder of its output."""
    root = tmp_path_factory.mktemp("attacks") / "book"
    texts = [*ATTACKS.values(), *HOSTILE_CLASSES.values(), *FALSE_HELPERS.values()]
    chapters = {f"chapters/{n:03}-c{n}.md": f"# Attack {n}\n\n{text}\n\nafterwards\n" for n, text in enumerate(texts)}
    titles = {
        f"chapters/{n:03}-t{n}.md": f"# {title}\n\nWords.\n" for n, title in enumerate(HOSTILE_TITLES.values(), 200)
    }
    offered = "# Files\n\n" + "\n".join(f"- {{download}}`{name}`" for name in FILES) + "\n\n{cite}`a`\n"
    others: dict[str, str] = {
        "chapters/index.md": INDEX,
        "chapters/300-front.md": FRONT,
        "chapters/301-files.md": offered,
        "chapters/302-plots.ipynb": json.dumps(NOTEBOOK),
        "chapters/refs.bib": BIBLIOGRAPHY,
        "chapters/evil.svg": EVIL,
        "chapters/_images/evil.svg": EVIL,
        "chapters/x.svg": EVIL,
        "chapters/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "chapters/words.txt": WORDS_FILE,
        "contributors/eve.md": PERSON,
    }
    write(root, {**chapters, **titles, **others, **{f"chapters/{name}": text for name, text in FILES.items()}})
    ran = oerbook("build", "all", "-C", root)
    assert ran.code in (0, 1), ran.err[-4000:]
    return root / "_build"


def test_no_format_has_active_content(out: Path) -> None:
    assert active_content(out) == []
    assert {path.suffix for path in out.iterdir()} >= {".epub", ".pdf", ".docx"}


JOURNEY = """async ({ page, urls, base }) => {
  const told = [];
  page.on("dialog", async (dialog) => { told.push(dialog.message()); await dialog.dismiss(); });
  page.on("popup", () => told.push("a window opened"));
  await page.evaluateOnNewDocument(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`${event.violatedDirective} ${event.blockedURI}`));
  });
  // A page may not be left while it is looked at; where it would have gone is among what was asked.
  let wanted = "";
  await page.setRequestInterception(true);
  page.on("request", (request) => (request.isNavigationRequest() && request.url() !== wanted ? request.abort("aborted") : request.continue()));
  for (const url of urls) {
    wanted = url;
    await page.goto(url, { waitUntil: "load" });
    if (page.url() !== url) told.push(`left ${url} for ${page.url()}`);
    const broken = await page.evaluate(async (base) => {
      const broken = [];
      if (typeof night !== "object" || typeof Documentation !== "object") broken.push("our scripts do not run");
      if (getComputedStyle(document.body).display === "none") broken.push("the page is hidden");
      document.querySelector(".who-switch")?.click();
      for (const link of document.querySelectorAll(".body a.footnote-reference, .body a:has(> .std-term)")) {
        if (link.href.startsWith(base)) link.click();
      }
      await new Promise((done) => setTimeout(done, 60));
      for (const box of document.querySelectorAll(".in-place"))
        if (box.querySelector("meta, style, script, link, iframe, img[src^='https:']")) broken.push(`taken in: ${box.innerHTML}`);
      return broken;
    }, base);
    told.push(...broken.map((one) => `${url}: ${one}`));
  }
  return told;
}"""


def test_no_attack_runs_a_script_or_sends_a_request(chromium: Browser, out: Path) -> None:
    site = out / "html"
    pages = [path for path in sorted(site.rglob("*.html")) if "_downloads" not in path.parts]
    with served(site) as address:
        urls = [f"{address}/{path.relative_to(site).as_posix()}" for path in pages]
        assert len(urls) > 80
        assert chromium.go(JOURNEY, urls=urls, base=address) == []


TAKEN_IN = """async ({ page, url, file }) => {
  let left = "";
  await page.goto(url);
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (request.isNavigationRequest()) left = request.url();
    return request.isNavigationRequest() ? request.abort("aborted") : request.continue();
  });
  await page.evaluate(async (file) => {
    const link = document.querySelector(".body a:has(> .std-term)");
    link.href = file;  // the address of the site, which an author knows
    link.click();
    await new Promise((done) => setTimeout(done, 200));
  }, file);
  return [await page.$$eval(".in-place", (boxes) => boxes.map((box) => box.innerHTML)), left];
}"""


@pytest.mark.parametrize("name", ["words.txt", "wide.html"])
def test_a_term_is_explained_by_pages_of_the_book_only(chromium: Browser, out: Path, name: str) -> None:
    """An author's file, taken in as a term, would bring styles and forms to the page."""
    site = out / "html"
    (file,) = (path.relative_to(site).as_posix() for path in (site / "_downloads").rglob(name))
    (term,) = (path.name for path in site.glob("*.html") if "https://evil.example/#worm" in path.read_text())
    with served(site) as address:
        told = chromium.go(TAKEN_IN, url=f"{address}/{term}", file=f"{address}/{file}#worm")
    assert told == [[], f"{address}/{file}#worm"]
