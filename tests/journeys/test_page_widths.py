"""Pages at every width: pictures are as large as they should be, and nothing is wider than the page or lies on another thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import oerbook
from tests.support.browser import Browser

pytestmark = pytest.mark.slow
UNSIZED = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60"><rect width="100" height="60"/></svg>'
TALL = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="1500"><rect width="300" height="1500"/></svg>'
SMALL = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30"/></svg>'
LONG = ", ".join(f"x_{{{n}}}" for n in range(1, 31))
PAGE = f"""# Room

A formula in a line, $f({LONG}) = 0$, is wider than a page.

```{{figure}} unsized.svg
:name: whole
:alt: A drawing that names no size.

The whole measure.
```

```{{figure}} tall.svg
:name: beside
:alt: A tall drawing.
:width: 30%
:align: right

Beside the text.
```

```{{figure}} unsized.svg
:name: next
:alt: A drawing that names no size.

What follows does not lie under it.
```

```{{note}}
Nor does a box.
```

```{{figure}} small.svg
:name: small
:alt: A small drawing.

As small as it is.
```
"""
LOOK = """async ({ page, url, widths }) => {
  const told = {};
  for (const width of widths) {
    await page.setViewport({ width, height: 900 });
    await page.goto(url);
    told[width] = await page.evaluate(() => {
      const box = (css) => document.querySelector(css).getBoundingClientRect();
      const wide = (css) => box(css).width;
      const meet = (one, other) => Math.min(box(one).right, box(other).right) - Math.max(box(one).left, box(other).left) > 1
        && Math.min(box(one).bottom, box(other).bottom) - Math.max(box(one).top, box(other).top) > 1;
      return {
        text: wide(".body p"), whole: wide("#whole img"), beside: wide("#beside img"), small: wide("#small img"),
        out: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        meet: ["#next img", "#next figcaption", ".admonition"].filter((css) => meet(css, "#beside")),
      };
    });
  }
  return told;
}"""


@pytest.mark.parametrize("scripts", [True, False])
def test_pictures_have_their_size_and_nothing_is_wider_than_the_page(
    make: Callable[..., Path], chromium: Browser, scripts: bool
) -> None:
    pictures = {"chapters/unsized.svg": UNSIZED, "chapters/tall.svg": TALL, "chapters/small.svg": SMALL}
    root = make({"chapters/01-room.md": PAGE, **pictures})
    assert oerbook("build", "html", "-q", "-C", root).code == 0
    url = (root / "_build/html/room.html").as_uri()
    told: dict[str, Any] = chromium.go(LOOK, url=url, widths=[320, 390, 700, 768, 1000, 1280, 1920], scripts=scripts)
    for width, seen in told.items():
        assert seen["out"] == 0, width
        assert seen["meet"] == [], width
        assert seen["whole"] > 250, width
        assert seen["small"] == 40, width
        assert 80 < seen["beside"] < 0.31 * max(seen["text"], 1000), width


RICH = r"""# Fields

*Slanted* and **strong** words, `code`, and a page of formulas: $\nabla \cdot \mathbf{E} = \rho / \varepsilon_0$ in $\mathbb{R}^3$,
$\int_0^1 f(x) \, dx \propto \sum_k a_k$, $a \equiv b$, $x \sim y$.

```python
def field(x: float) -> float:
    return x
```
"""


def test_a_page_of_formulas_loads_the_letters_that_it_shows_and_not_whole_alphabets(
    make: Callable[..., Path], chromium: Browser
) -> None:
    root = make({"chapters/01-fields.md": RICH})
    assert oerbook("build", "html", "-q", "-C", root).code == 0
    told: list[str] = chromium.go(
        """async ({ page, url }) => {
          const asked = [];
          page.on("request", (one) => one.url().endsWith(".woff2") && asked.push(one.url().split("/").pop()));
          await page.goto(url);
          await page.evaluate(() => document.fonts.ready);
          return asked;
        }""",
        url=(root / "_build/html/fields.html").as_uri(),
    )
    faces = root / "_build/html/_static/fonts"
    assert any("formulas-bold" in name for name in told)
    formulas = {name for name in told if "formulas" in name}
    assert (
        sum((faces / name).stat().st_size for name in formulas) <= 48_000
    )  # the first subset holds all that stretches
