"""Every recipe of the handbook's page “I want to …” works as it is printed, in every format.

A recipe is a section with blocks of code: `markdown` is the text of a chapter, `yaml` its front matter, and a block with
a caption is the file of that name.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran, oerbook, write

pytestmark = pytest.mark.slow
PAGE = ROOT / "chapters" / "02-writing" / "09-recipes.md"
SAMPLES = ROOT / "tests" / "support" / "media"
SECTION = re.compile(r"^### ([^\n]+)\n(.*?)(?=^### |^## …|\Z)", re.M | re.S)
BLOCK = re.compile(r"^(`{3,})(markdown|yaml|\{code-block\} \w+)\n(?::caption: (\S+)\n\n)?(.*?)^\1$", re.M | re.S)
INDEX = "title: Recipes\nlicense: CC-BY-4.0\nauthors: [Ada Lee]\ndate: 2026-01-02\n"
WORM = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><path d="M5 20q20-30 40 0t40 0" fill="none" stroke="#000"/></svg>'
DISC = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><circle cx="40" cy="20" r="15"/></svg>'
# What the page of a recipe holds, as HTML; "" where the recipe is about the whole book.
EXPECTED = {
    "show a video of my own": r'<video src="[^"]+/worm.mp4" controls[^>]*><track kind="captions"',
    "let readers hear a recording": r'<audio src="[^"]+/rain.mp3" controls.*<summary[^>]*>Transcript</summary>',
    "show a video of YouTube without handing over my readers": r'data-player="https://www.youtube-nocookie.com/',
    "let readers try something out": r'data-player="https://phet.colorado.edu/sims/html/ph-scale/',
    "offer a file to download": r'<a class="reference download[^>]+>.*measurements.*\(CSV, 1 kB\)',
    "ask a question with several choices": r'<ol class="loweralpha.*<details class="[^"]*solution[^>]*>\s*<summary',
    "hide all solutions of a chapter until a reader opens them": r"",
    "fold a long passage away": r"<details class=\"sd-sphinx-override sd-dropdown",
    "explain a term": r'<dt id="term-humus">.*<a class="reference internal" href="#term-humus"',
    "cite a work": r"\(<a [^>]+><span>Darwin 1881</span></a>\).*Darwin \(<a",
    "refer to a section, a figure or a table": r'<a class="reference internal" href="#[^"]*tunnels">.*Tunnels.*This section</',
    "put a word into the index": r'<span [^>]*id="index-0"[^>]*>',
    "put a remark into the margin": r'<aside class="margin sidebar">.*bassoon',
    "write a poem": r'<div class="line">The worm goes down[^<]*</div>\s*<div class="line">\s+it never',
    "write a dialogue": r"<dt>Ada</dt>.*<dd>.*in winter.*<dt>Bo</dt>",
    "quote a passage in another language": r'<span [^>]*lang="fr"[^>]*>terre végétale</span>',
    "write a chemical formula": r"<math.*Ca",
    "write a number with its unit": r"<math.*<math",
    "number a formula and refer to it": r'<span class="eqno">.*<a class="reference internal" href="#equation-eq-decay">',
    "state a theorem and prove it": r'class="proof theorem admonition".*Sum of angles.*<em>Proof.</em> Draw',
    "show code with its output": r"<pre>.*print.*Output.*<pre>.*45",
    "set two pictures side by side": r'<p class="image-row"><img alt="A young worm".*<img alt="An old worm"',
    "set two pictures under one caption": r"<figure.*<img.*<img.*<figcaption>.*Two worms",
    "say whose picture it is": r"<figcaption>.*A worm in its tunnel.*Lumbricus.*Bo Lee.*CC BY 4.0",
    "make a table from a file": r"<table.*<caption>.*Rain in a year.*<th [^>]*><p>Month</p></th>",
    "turn a wide table": r'<table class="[^"]*landscape',
    "change the accent color": r"",
    "use a font of my own": r"",
    "give the book a cover and send it to a printer": r"",
}


def recipes() -> dict[str, str]:
    """Return the text of each recipe by its title."""
    return dict(SECTION.findall(PAGE.read_text(encoding="utf-8")))


def blocks(recipe: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, file name and content of each block of code of a recipe."""
    for _fence, kind, name, content in BLOCK.findall(recipe):
        yield kind, name, content


def slug(title: str) -> str:
    return re.sub(r"\W+", "-", title).strip("-").lower()


def test_each_recipe_has_something_to_look_for() -> None:
    assert set(recipes()) == set(EXPECTED)
    assert all(list(blocks(recipe)) for recipe in recipes().values())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """Build one book with a chapter for each recipe in all formats; return its folder, and what was found."""
    root = tmp_path_factory.mktemp("recipes")
    files: dict[str, str] = {
        "chapters/films/worm.vtt": "WEBVTT\n\n00:00.000 --> 00:00.500\nA worm digs.\n",
        "chapters/data/rain.csv": "Month,mm\nMay,31\n",
        "chapters/images/young.svg": WORM,
        "chapters/images/old.svg": DISC,
    }
    index = INDEX
    for number, (title, recipe) in enumerate(recipes().items(), start=1):
        name, front, text = f"chapters/{number:02}-{slug(title)}.md", "", ""
        for kind, path, content in blocks(recipe):
            if path == "chapters/index.md":
                index += content
            elif path:
                files[path] = files.get(path, "") + content
            elif kind == "yaml":
                front = content
            else:
                text += content
        if "solutions:" in front:
            text = "```{exercise}\n:label: ex-fold\nWhy?\n```\n\n```{solution} ex-fold\nSo.\n```\n"
        files[name] = f"---\ntitle: {title.capitalize()}\n{front}---\n\n# {title.capitalize()}\n\n{text or 'Words.'}\n"
    write(root, {**files, "chapters/index.md": f"---\n{index}---\n\n# Recipes\n\nWelcome.\n"})
    for sample, copy in (("film.mp4", "films/worm.mp4"), ("sound.mp3", "films/rain.mp3")):
        shutil.copy(SAMPLES / sample, root / "chapters" / copy)
    _add_cover_and_font(root)
    found = oerbook("check", "--formats", "--format", "json", cwd=root)
    built = oerbook("build", "--print", cwd=root)
    assert built.code == 0, built.err
    return root, found


def _add_cover_and_font(root: Path) -> None:
    import fontpkg_atkinson_hyperlegible
    from PIL import Image

    Image.new("RGB", (600, 900), "#3c5a1e").save(root / "chapters/images/cover.png")
    fonts = root / "themes" / "soil" / "fonts"
    fonts.mkdir()
    for path in Path(str(fontpkg_atkinson_hyperlegible.__file__)).parent.rglob("*.ttf"):
        shutil.copy(path, fonts)


def test_no_recipe_has_a_finding(book: tuple[Path, Ran]) -> None:
    findings = book[1].report["findings"]
    assert [(f["path"], f["code"], f["message"]) for f in findings if f["code"] != "image-credit"] == []


@pytest.mark.parametrize("title", [title for title in EXPECTED if EXPECTED[title]])
def test_a_recipe_shows_what_it_promises(title: str, book: tuple[Path, Ran]) -> None:
    page = (book[0] / "_build" / "html" / f"{slug(title)}.html").read_text(encoding="utf-8")
    body = page[page.index("<main") : page.index("</main>")]
    assert re.search(EXPECTED[title], body, re.S), body


def test_a_solution_is_folded_by_the_front_matter(book: tuple[Path, Ran]) -> None:
    (page,) = (book[0] / "_build" / "html").glob("hide-all-solutions*.html")
    assert re.search(r"<details class=\"[^\"]*solution", page.read_text(encoding="utf-8"))


def test_color_font_cover_and_paper_reach_their_formats(book: tuple[Path, Ran]) -> None:
    import pikepdf

    out = book[0] / "_build"
    tokens = (out / "html/_static/tokens.css").read_text(encoding="utf-8")
    assert "#3c5a1e" in tokens
    assert "Atkinson Hyperlegible" in tokens
    assert (out / "html/_static/book-cover.png").is_file()
    (pages,) = out.glob("*-print.pdf")
    (cover,) = out.glob("*-cover.pdf")
    with pikepdf.open(pages) as pdf, pikepdf.open(cover) as sheet:
        sizes = {tuple(round(float(side)) for side in page.trimbox) for page in pdf.pages}
        assert {(round(right - left), round(top - bottom)) for left, bottom, right, top in sizes} == {(420, 595)}
        names = {str(obj.get("/BaseFont")) for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary)}
        assert any("Hyperlegible" in name for name in names)
        assert float(sheet.pages[0].mediabox[2]) > 2 * 420
