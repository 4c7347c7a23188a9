"""Files that authors offer for download: nothing in them runs when they are opened from the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write
from tests.support.browser import Browser, served

pytestmark = pytest.mark.slow
RUNS = "<script>document.documentElement.setAttribute('data-ran', 1)</script>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}<rect width="9" height="9"/></svg>'
SCRIPT = "<script xmlns='http://www.w3.org/1999/xhtml'>document.documentElement.setAttribute('data-ran', 1)</script>"
XHTML = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{}</title></head><body><p>Ten worms.{}</p></body></html>'
)
ENTITY = f'<!DOCTYPE x [<!ENTITY e "{SCRIPT}">]>'
HANDLER = "document.documentElement.setAttribute('data-ran', 1)"
ATTRIBUTE = f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "{HANDLER}">]>'
FILES: dict[str, str | bytes] = {
    "page.html": f"<!DOCTYPE html><title>Worms &amp; soil</title><h1>Worms</h1>{RUNS}<p>Ten worms.</p>",
    "handler.htm": "<body onload=\"document.documentElement.setAttribute('data-ran', 1)\"><p>Ten worms.</p></body>",
    "page.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Ten worms.</p>{RUNS}</body></html>',
    "moved.html": '<meta http-equiv="refresh" content="0;url=https://evil.example/"><p>Ten worms.</p>',
    "drawing.svg": SVG.format(RUNS),
    "drawing-handler.svg": SVG.format("").replace(
        "<svg", "<svg onload=\"document.documentElement.setAttribute('data-ran', 1)\""
    ),
    "feed.xml": f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p>Ten worms.</p>{RUNS}</html>',
    "title.xhtml": XHTML.format(SCRIPT, ""),  # as HTML, a title holds text only
    "entity.xht": ENTITY + XHTML.format("x", "&e;"),
    "entity.svg": (ENTITY + SVG.format("&e;")).encode("utf-16"),
    "declared.svg": ATTRIBUTE + SVG.format(""),
    "declared16.svg": ('<?xml version="1.0" encoding="utf-16"?>' + ATTRIBUTE + SVG.format("")).encode("utf-16"),
    "wide.html": f"<!DOCTYPE html><p>Ten worms.</p>{RUNS}".encode("utf-16"),
    "shell.php": "<?php system($_GET['x']); ?><p>Ten worms.</p>",
    "shell.PhP5": "<?php system($_GET['x']); ?>",
    "data.php.csv": "<?php system($_GET['x']); ?>",
    "page.shtml": '<p>Ten worms.<!--#exec cmd="id"--></p>',
    "page.aspx": '<%@ Page Language="C#" %>',
    "web.config": "<configuration/>",
    "unknown-kind": f"<!DOCTYPE html><p>Ten worms.</p>{RUNS}",
    "model.xyz": f"<html><p>Ten worms.</p>{RUNS}</html>",
}
# In an encoding that a browser may guess here, a quotation mark is half of another character.
GUESSED = b'<p title="\x1b$@">a</p><p title="\x1b(B>' + RUNS.encode() + b'">Ten worms.</p>'
ORDINARY = {
    "data.csv": "<b>,2\n",
    "notes.txt": "<script>in words</script>\n",
    "plain.html": "<!DOCTYPE html><meta charset=utf-8><title>Plain</title><p>Words.</p>",
    "plain.svg": SVG.format(""),
    "model.stan": "parameters { real<lower=0> x; }\n",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a book that offers all files, in both ways of writing; return its folder."""
    every: dict[str, str | bytes] = {**FILES, **ORDINARY, "guessed.html": GUESSED}
    page = "# Files\n\n" + "\n".join(f"- {{download}}`{name}` and [again]({name})" for name in every) + "\n"
    files = {f"chapters/{name}": text for name, text in every.items()}
    root = write(tmp_path_factory.mktemp("files"), {**files, "chapters/01-a.md": page, "chapters/index.md": INDEX})
    ran = oerbook("build", "html", "epub", "-C", root)
    assert ran.code in (0, 1), ran.err
    (root / "said.txt").write_text(ran.err)
    return root


def test_each_file_is_offered_and_active_files_are_reported(book: Path) -> None:
    offered = {path.name for path in (book / "_build/html/_downloads").rglob("*") if path.is_file()}
    as_text = {"feed.xml": "feed.xml.txt", "unknown-kind": "unknown-kind.txt", "model.xyz": "model.xyz.txt"}
    for server in ("shell.php", "shell.PhP5", "data.php.csv", "page.shtml", "page.aspx", "web.config"):
        as_text[server] = f"{server.replace('.', '-')}.txt"
    as_html = {"page.xhtml": "page.html", "title.xhtml": "title.html", "entity.xht": "entity.html"}
    renamed = as_text | as_html
    assert offered == {renamed.get(name, name) for name in (*FILES, *ORDINARY, "guessed.html")}
    said = (book / "said.txt").read_text()
    assert all(name in said for name in FILES)
    assert not any(name in said for name in ORDINARY)
    assert said.count("[download-active]") >= len(FILES)


def test_ordinary_files_are_offered_as_they_are(book: Path) -> None:
    for name, text in ORDINARY.items():
        (path,) = (book / "_build/html/_downloads").rglob(name)
        assert path.read_text() == text


def test_the_words_of_a_page_stay(book: Path) -> None:
    for name in ("page.html", "handler.htm", "moved.html", "title.html", "wide.html", "guessed.html"):
        for path in (book / "_build/html/_downloads").rglob(name):
            assert "Ten worms." in path.read_text()
    (path,) = (book / "_build/html/_downloads").rglob("guessed.html")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # so that nothing is left to guess
    pages = [path.read_text() for path in (book / "_build/html/_downloads").rglob("page.html")]
    assert any("<title>Worms &amp; soil</title>" in page for page in pages)


OPEN = """async ({ page, urls }) => {
  const ran = [];
  for (const url of urls) {
    try { await page.goto(url, { timeout: 5000 }); } catch (error) { continue; }  // a download, not a page
    await new Promise((done) => setTimeout(done, 100));
    const started = page.url() === url && (await page.evaluate(() => document.documentElement.getAttribute("data-ran")));
    if (started || page.url() !== url) ran.push(url.split("/").pop());
  }
  return ran;
}"""


def test_offered_files_run_scripts_in_the_source_but_not_on_the_site(chromium: Browser, book: Path) -> None:
    kinds = (".html", ".htm", ".svg", ".xhtml", ".xht")
    shown = [name for name in FILES if Path(name).suffix in kinds and name not in ("moved.html", "page.xhtml")]
    with served(book / "chapters") as address:
        ran = chromium.go(OPEN, urls=[f"{address}/{name}" for name in shown], strict=False)
    assert ran == shown
    site = book / "_build/html"
    files = [path.relative_to(site).as_posix() for path in sorted((site / "_downloads").rglob("*")) if path.is_file()]
    with served(site) as address:
        assert chromium.go(OPEN, urls=[f"{address}/{name}" for name in files], strict=False) == []


def test_videos_and_recordings_of_the_book_are_offered_and_missing_ones_are_reported(tmp_path: Path) -> None:
    page = "# A\n\n```{video} film.mp4\n:title: The worm\n```\n\n```{audio} gone.mp3\n```\n\n```{iframe} //evil.example/x\n```\n"
    root = write(tmp_path / "media", {"chapters/index.md": INDEX, "chapters/01-a.md": page})
    (root / "chapters/film.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
    ran = oerbook("build", "html", "--format", "json", cwd=root)
    assert [f["line"] for f in ran.findings("download-missing")] == [7]
    assert [f["line"] for f in ran.findings("embed-host")] == [10]
    html = (root / "_build/html/a.html").read_text(encoding="utf-8")
    (address,) = re.findall(r'href="(_downloads/[^"]+/film\.mp4)"', html)
    assert (root / "_build/html" / address).is_file()
    assert 'href="//evil.example' not in html
