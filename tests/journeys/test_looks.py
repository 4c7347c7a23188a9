"""What pages look like, held against how they looked: OERBOOK_REFRESH=1 draws and measures that anew, to be viewed.

Small pictures, in which letters are grey, tell of colors and weight; boxes tell of columns and sizes. Another browser's way
with single letters changes neither.
"""

from __future__ import annotations

import base64
import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from tests.conftest import oerbook, write
from tests.support.browser import Browser

pytestmark = pytest.mark.slow
KEPT = Path(__file__).parent.parent / "golden" / "looks"
WORDS = (
    "Soil is alive. A handful of it holds more creatures than there are people on the earth, and most have no name. "
)
BOOK = {
    "conf.py": 'extensions = ["oerbook"]\n',
    "chapters/index.md": "---\ntitle: Soil and water\nsubtitle: A first book\nauthors: [Ada Lee, Bo Ek]\nlicense: CC-BY-4.0\n"
    "repository: https://example.org/book\ndate: 2026-01-02\n---\n\n# Soil and water\n\n" + WORDS * 2,
    "chapters/01-seeing/index.md": "# Seeing\n\nLook down.\n",
    "chapters/01-seeing/01-soil.md": "---\nauthors: [Bo Ek]\n---\n\n# Soil\n\n"
    + WORDS * 3
    + "[^deep]\n\n## Life\n\n"
    + WORDS * 4
    + "\n\n"
    "[^deep]: Half of it lies deeper than a spade.\n\n:::{note}\n" + WORDS + "\n:::\n\n```python\nprint('soil')\n```\n",
    "chapters/01-seeing/02-water.md": "# Water\n\n"
    + WORDS
    + "\n\n$$ a = b^2 + c $$\n\n```{figure} drop.svg\n:alt: a drop\nA drop of water.\n```\n\n"
    "| Soil | Water |\n|---|---|\n| loam | much |\n| sand | little |\n\n```{index} soil\n```\n" + WORDS * 3,
    "chapters/01-seeing/drop.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="160"><rect width="400" height="160" fill="#1f4f7a"/></svg>',
    "chapters/02-tools/01-spade.md": "# Spade\n\n" + WORDS,
}
PAGES = {
    "title": "index.html",
    "part": "seeing/index.html",
    "chapter": "seeing/soil.html",
    "figure": "seeing/water.html",
    "index": "genindex.html",
    "search": "search.html?q=soil",
}
PARTS = [
    ".top",
    ".tools",
    ".cover",
    ".contents",
    "main",
    "h1",
    ".byline",
    "h2",
    "p",
    "figure img",
    "figcaption",
    ".footnote",
    "pre",
]
PARTS += [".admonition", "table", "math", ".listing", ".turn", ".foot", ".search", ".entries"]
Boxes = dict[str, list[int]]
SIZES = {"phone": (390, 844), "desk": (1440, 900)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("looks"), BOOK)
    ran = oerbook("build", "html", cwd=root)
    assert ran.code == 0, ran.err
    return root / "_build" / "html"


def seen(chromium: Browser, url: str, size: str, theme: str) -> tuple[Image.Image, Boxes]:
    """Return a page as a small picture, and where its parts stand: left, width, top, each in CSS pixels."""
    width, height = SIZES[size]
    told = chromium.go(
        """async ({ page, url, parts }) => {
          await page.goto(url);
          await page.evaluate(() => document.fonts.ready);
          await new Promise((done) => setTimeout(done, 150));
          const boxes = await page.evaluate((parts) => Object.fromEntries(parts.flatMap((css) => {
            const part = [...document.querySelectorAll(css)].find((one) => one.checkVisibility({ visibilityProperty: true }));
            const box = part?.getBoundingClientRect();
            return box?.width ? [[css, [box.left, box.width, box.top].map(Math.round)]] : [];
          })), parts);
          return [await page.screenshot({ encoding: "base64" }), boxes];
        }""",
        url=url,
        parts=PARTS,
        width=width,
        height=height,
        theme=theme,
    )
    picture = Image.open(io.BytesIO(base64.b64decode(told[0]))).convert("RGB")
    return picture.resize((width // 20, height // 20), Image.Resampling.BOX), told[1]


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pictures are apart on the whole, of 255."""
    soft = [picture.filter(ImageFilter.BoxBlur(1)) for picture in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*soft)).mean)


def moved(before: Boxes, now: Boxes) -> list[str]:
    """Return the parts of a page that came, went, or stand elsewhere; a line more or less above them is nothing."""
    found = [f"{name} is gone" for name in before if name not in now]
    found += [f"{name} is new" for name in now if name not in before]
    for name in before.keys() & now.keys():
        (left, width, top), (new_left, new_width, new_top) = before[name], now[name]
        if abs(left - new_left) > 10 or abs(width - new_width) > 12 or abs(top - new_top) > 64 + top / 12:
            found.append(f"{name}: {before[name]} became {now[name]}")
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_like_its_reference_screenshot(
    chromium: Browser, site: Path, name: str, size: str, tmp_path: Path
) -> None:
    page, _, query = PAGES[name].partition("?")
    for theme in ("light", "dark"):
        now, boxes = seen(chromium, f"{(site / page).as_uri()}?{query}", size, theme)
        kept = KEPT / f"{name}-{size}-{theme}.png"
        told = KEPT / f"{name}-{size}.json"
        if os.environ.get("OERBOOK_REFRESH") == "1":
            kept.parent.mkdir(parents=True, exist_ok=True)
            now.save(kept, optimize=True)
            told.write_text(json.dumps(boxes, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        now.save(tmp_path / kept.name)
        with Image.open(kept) as before:
            assert apart(before.convert("RGB"), now) <= 1.2, f"{kept.name} has changed: see {tmp_path / kept.name}"
        assert moved(json.loads(told.read_text(encoding="utf-8")), boxes) == []


@pytest.mark.parametrize(
    "change",
    [".contents { visibility: hidden; }", "body { background: #f2f4fb; }", "main { transform: translateX(1rem); }"],
)
def test_a_missing_column_or_changed_color_differs_from_the_screenshot(
    site: Path, chromium: Browser, change: str
) -> None:
    url = (site / PAGES["chapter"]).as_uri()
    before, boxes = seen(chromium, url, "desk", "light")
    sheet = site / "_static/page.css"
    whole = sheet.read_text(encoding="utf-8")
    sheet.write_text(whole + change, encoding="utf-8")
    now, others = seen(chromium, url, "desk", "light")
    sheet.write_text(whole, encoding="utf-8")
    assert apart(before, now) > 1.2 or moved(boxes, others)
