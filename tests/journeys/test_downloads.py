"""What the title page offers to take along: files with their sizes, and the whole site to read without a connection."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from oerbook.tasks.build.downloads import COMPRESSED_SUFFIXES
from tests.conftest import oerbook, write
from tests.support.browser import Browser

pytestmark = pytest.mark.slow
FILES = {
    "chapters/index.md": "---\ntitle: Soil & Water\nlicense: CC-BY-4.0\ndate: 2026-01-02\n---\n\n# Soil & Water\n\nWelcome.\n",
    "chapters/01-ground.md": "# The ground\n\nSoil is alive.[^1] So is $x^2$.\n\n[^1]: And so are we.\n",
    "chapters/02-water.md": "# The water\n\nWater carries the marl away; see {doc}`01-ground`.\n",
}
NAME = "soil-water-site.zip"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("book"), FILES)
    ran = oerbook("build", "html", "epub", cwd=root)
    assert ran.code in (0, 1), ran.err
    return root / "_build" / "html"


def test_the_archive_holds_the_site_in_one_folder_without_the_downloads(site: Path) -> None:
    with zipfile.ZipFile(site / "downloads" / NAME) as archive:
        members = {info.filename.removeprefix("soil-water-site/"): info for info in archive.infolist()}
        page = archive.read("soil-water-site/index.html").decode()
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert members.keys() == {name for name in files if not name.startswith("downloads/")}
    assert list(members) == sorted(members)
    assert "downloads/" not in page
    assert {info.date_time for info in members.values()} == {(2026, 1, 2, 0, 0, 0)}
    stored = {name for name, info in members.items() if info.compress_type == zipfile.ZIP_STORED}
    assert stored == {name for name in members if Path(name).suffix in COMPRESSED_SUFFIXES}
    assert any(name.endswith(".woff2") for name in stored)


def test_each_download_is_named_with_its_size(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    found = dict(re.findall(r'<li><a href="downloads/([^"]+)" download>.*?<small[^>]*>(\d+ kB)</small>', page))
    assert found == {
        path.name: f"{round(path.stat().st_size / 1000)} kB" for path in sorted((site / "downloads").iterdir())
    }
    assert "The whole site as a folder, to read without a connection" in page


def test_pages_that_stay_the_same_keep_their_archive_and_a_changed_one_renews_it(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    made = root / "_build" / "html" / "downloads" / NAME
    seen = []
    for words in ("", "", "Rain falls.\n"):
        write(root, {"chapters/02-water.md": FILES["chapters/02-water.md"] + words})
        assert oerbook("build", "html", cwd=root).code in (0, 1)
        seen.append(made.read_bytes())
    assert seen[0] == seen[1] != seen[2]
    made.write_bytes(b"half")  # a file that somebody spoiled is not taken over
    assert oerbook("build", "html", cwd=root).code in (0, 1)
    assert made.read_bytes() == seen[2]


def test_unpacked_elsewhere_it_reads_searches_and_opens_notes_without_a_server(
    chromium: Browser, site: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(site / "downloads" / NAME) as archive:
        archive.extractall(tmp_path)
    told = chromium.go(
        """async ({ page, base }) => {
          const told = {};
          await page.goto(`${base}/index.html`);
          const go = async (css) => {
            await page.focus(css);
            await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
          };
          told.offered = await page.$$eval("a[download]", (all) => all.length);
          await go(".start .read");
          told.first = await page.$eval("h1", (title) => title.textContent);
          await page.evaluate(() => document.fonts.ready);
          told.faces = await page.evaluate(() => [...document.fonts].filter((face) => face.status === "loaded").length);
          await page.click("a.footnote-reference");
          await page.waitForFunction(() => document.body.innerText.includes("And so are we."));
          await go(".turn .next");
          told.next = page.url();
          await page.goto(`${base}/search.html?q=marl`);
          await page.waitForSelector("#search-results a");
          told.hit = await page.$eval("#search-results a", (link) => link.getAttribute("href"));
          return told;
        }""",
        base=(tmp_path / "soil-water-site").as_uri(),
    )
    assert told["offered"] == 0
    assert "The ground" in told["first"]
    assert told["faces"] > 0
    assert told["next"].endswith("water.html")
    assert "water.html" in told["hit"]
