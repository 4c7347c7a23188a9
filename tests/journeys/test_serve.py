"""A live preview: what is saved is seen at once, what is broken stops nothing, and nobody else may look."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import INDEX, ROOT, write
from tests.support.browser import Browser
from tests.support.preview import COMMAND, Serving, serving

pytestmark = pytest.mark.slow
SENTENCES = "\n\n".join(f"Paragraph {number} of the page, which is long enough to scroll." for number in range(60))
SOIL = f"# Soil\n\n{SENTENCES}\n\n## Water\n\nRain falls.\n\n```python\nprint(1)\n```\n"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Serving]:
    root = tmp_path / "soil"
    write(root, {"chapters/index.md": INDEX, "chapters/01-soil.md": SOIL, "chapters/02-air.md": "# Air\n\nWind.\n"})
    with serving(root) as found:
        yield found


WRITE = """async ({ page, address, file, require }) => {
  const fs = require("node:fs");
  await page.goto(`${address}soil.html`);
  await page.evaluate(() => { window.here = true; scrollTo({ top: 700, behavior: "instant" }); });
  const before = await page.evaluate(() => scrollY);
  const until = async (look, words) => {  // a page that is loaded anew meanwhile is asked again
    for (let turn = 0; turn < 600; turn += 1) {
      if (await page.evaluate(look, words).catch(() => false)) return;
      await new Promise((wait) => setTimeout(wait, 50));
    }
    throw new Error(`${words} never came`);
  };
  const shown = (words) => until((words) => document.querySelector(".body").textContent.includes(words), words);
  const panel = (words) => until((words) => document.querySelector("#oerbook-preview")?.shadowRoot.textContent.includes(words), words);
  const save = (text) => fs.writeFileSync(file, text);
  const text = fs.readFileSync(file, "utf8");
  const told = {};
  save(text.replace("Paragraph 40 ", "Clay, paragraph 40 ").replace("Rain falls.", "Snow melts.\\n\\nAnd freezes."));
  await shown("Clay, paragraph 40");
  await shown("And freezes.");
  told.inPlace = await page.evaluate(() => window.here === true && document.querySelectorAll("h2").length === 1);
  told.kept = (await page.evaluate(() => scrollY)) === before;
  save(text.replace("Rain falls.", "See {ref}`nowhere`."));
  await panel("1 problem on this page");
  await panel("the book has no label nowhere");
  await panel(`chapters/01-soil.md:${text.slice(0, text.indexOf("Rain")).split("\\n").length}`);
  save(text.replace("Rain falls.", "See {ref}`nowhere`, or click [here](https://example.org/)."));
  await panel("2 problems on this page");
  await panel("the link text “here” does not say where the link leads");
  told.order = await page.evaluate(() => [...document.querySelector("#oerbook-preview").shadowRoot.querySelectorAll("li")].slice(0, 2).map((one) => one.textContent.includes("“here”")));
  save("---\\ntitle: [\\n---\\n" + text);
  await panel("error");
  told.stillThere = (await page.evaluate(() => document.querySelector(".body").textContent)).length > 100;
  save(text.replace("print(1)", "print(2)"));
  await shown("print(2)");
  await until(() => document.querySelector("#oerbook-preview").shadowRoot.querySelector("details").hidden);
  told.copies = await page.evaluate(() => document.querySelectorAll("pre + button, .highlight button, pre button").length);
  return told;
}"""


def test_a_saved_page_is_updated_in_place_and_a_broken_one_does_not_stop_the_preview(
    chromium: Browser, preview: Serving
) -> None:
    told = chromium.go(WRITE, address=preview.address, file=str(preview.root / "chapters/01-soil.md"))
    assert told == {"inPlace": True, "kept": True, "order": [False, True], "stillThere": True, "copies": 1}
    said = preview.hears("1 fixed")
    assert "chapters/01-soil.md:125: warning: the book has no label nowhere" in said


def test_the_preview_follows_new_moved_and_deleted_files(preview: Serving) -> None:
    chapters = preview.root / "chapters"
    (chapters / "03-fire.md").write_text("# Fire\n\nIt burns.\n")
    preview.until("/fire.html", "It burns.")
    preview.until("/air.html", 'href="fire.html"')
    (chapters / "02-air.md").unlink()
    for _ in range(300):
        if preview.get("/air.html")[0] == 404:
            break
        time.sleep(0.1)
    assert preview.get("/air.html")[0] == 404
    (chapters / "index.md").write_text("no book\n\n```{toctree\n")
    (chapters / "01-soil.md").write_bytes(b"\xff\xfe\x00")
    (chapters / "03-fire.md").write_text("# Fire\n\nIt still burns.\n")
    preview.until("/fire.html", "It still burns.")
    (chapters / "index.md").write_text(INDEX)
    (chapters / "01-soil.md").write_text("# Soil\n\nMended.\n")
    preview.until("/soil.html", "Mended.")


def test_the_preview_refuses_other_hosts_and_files_outside_the_site(preview: Serving) -> None:
    port = preview.address.rstrip("/").rpartition(":")[2]
    assert preview.get("/soil.html")[0] == 200
    assert preview.get("/", host=f"localhost:{port}")[0] == 200
    for stranger in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}"):
        status, page = preview.get("/soil.html", host=stranger)
        assert (status, "Paragraph" in page) == (421, False)
    (preview.root.parent / "secret").write_text("hush")
    (preview.root / "_build/preview/html/link").symlink_to(preview.root.parent / "secret")
    for path in ("/../../../../secret", "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret", "//etc/passwd", "/..%2f.cache/", "/.lock",
                 "/link", "/%00", "/_static/../../.cache/owner", "/..\\..\\secret", "/%2fetc/passwd"):  # fmt: skip
        status, page = preview.get(path)
        assert (status, "hush" in page, "root:" in page) == (404, False, False), path


def test_a_second_preview_of_the_same_book_is_refused(preview: Serving) -> None:
    ran = subprocess.run([*COMMAND, "-C", str(preview.root)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60)  # fmt: skip
    assert ran.returncode == 1
    assert "another preview" in ran.stderr


AHEAD = {
    "a figure, a reference to it, and some that lead nowhere": "\n```{figure} disc.svg\n:name: fresh\n:alt: a disc\nA disc\n```\n\nSee {numref}`fresh`, {ref}`nothing`, $\\foo$ and {cite}`abc`.\n",
    "headings, notes and formulas": "\n[^n]: note\n\n## Fresh\n\nMore[^n]. $$ a $$ (eq)\n\n{eq}`eq`\n\n```{exercise}\n:label: ex\nFoo\n```\n",
    "a link to another page and a term": "\n[Air](02-air.md)\n\n```{glossary}\nclay\n  heavy soil\n```\n\nHere is {term}`clay`.\n",
}


@pytest.mark.parametrize("added", AHEAD.values(), ids=AHEAD)
def test_a_page_rendered_alone_equals_the_page_of_a_full_build(tmp_path: Path, added: str) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
    air = "# Air\n\n```{figure} disc.svg\n:name: old\n:alt: a disc\nOld\n```\n"
    files = {"index.md": INDEX, "01-soil.md": SOIL, "02-air.md": air, "disc.svg": drawing}
    root = write(tmp_path / "soil", {f"chapters/{name}": text for name, text in files.items()})
    script = f"""
import os, pickle, sys
from pathlib import Path
from oerbook.tasks.preview import site as preview
root, path = Path({str(root)!r}), "chapters/01-soil.md"
job = preview.PreviewJob(root, root / "_build")
def apart(work):
    reading, writing = os.pipe()
    if not os.fork():
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(work(), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        return pickle.load(pipe)
def ahead():
    _whole, page = preview.build_site(job, lambda told: None)
    (root / path).open("a").write({added!r})
    return page(path)
early = apart(ahead)
late = apart(lambda: preview.build_site(job, lambda told: None)[0])
assert early.files["soil.html"] == (late.folder / "soil.html").read_bytes()
assert all((late.folder / name).read_bytes() == data for name, data in early.files.items())
kept = [f for f in late.findings if f.place.path == path]
assert set(early.findings) == set(kept), set(early.findings) ^ set(kept)
own = [f for f in late.check_findings if f.place.path == path]
assert set(early.check_findings) <= set(own), set(early.check_findings) - set(own)
print(len(early.files))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert ran.returncode == 0, ran.stderr
