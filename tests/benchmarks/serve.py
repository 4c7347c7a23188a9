"""python -m tests.benchmarks.serve [CHAPTERS …]: seconds from saving a chapter to seeing it in a browser, by size of book.

Needs Chromium, Node and the judges, as the tests of the web site do.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.generate import generate
from tests.support.browser import browser
from tests.support.preview import serving

TIMES = 20
WRITE = """async ({ page, address, file, times, require }) => {
  const fs = require("node:fs");
  await page.goto(address);
  const told = [];
  for (let turn = 0; turn < times; turn += 1) {
    const parts = fs.readFileSync(file, "utf8").split("\\n\\n");
    parts.splice(6, 0, `Sentence number${turn} is new.`);
    const seen = page.waitForFunction((words) => document.body.textContent.includes(words), { polling: "raf" }, `number${turn} is`);
    const begun = Date.now();
    fs.writeFileSync(file, parts.join("\\n\\n"));
    await seen;
    told.push((Date.now() - begun) / 1000);
    await new Promise((wait) => setTimeout(wait, 300 + 900 * Math.random()));
  }
  return told;
}"""


def main(sizes: list[int]) -> None:
    """Preview books of some sizes and print what a save costs."""
    with browser() as chromium:
        for chapters in sizes:
            with tempfile.TemporaryDirectory() as name:
                root = generate(Path(name) / "book", chapters)
                middle = chapters // 2
                file = root / f"chapters/{middle:03}-chapter-{middle}.md"
                with serving(root) as found:
                    told = chromium.go(
                        WRITE, address=f"{found.address}chapter-{middle}.html", file=str(file), times=TIMES
                    )
            print(f"{chapters} chapters: median {median(told):.2f} s, worst of {TIMES} {max(told):.2f} s")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [60, 240])
