"""Authors' classes style text; none of them makes an element part of the page around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from oerbook.document.safety.css_classes import ALLOWED_CLASSES, AUTHOR_CLASS_PREFIX
from tests.conftest import INDEX, ROOT, oerbook, write
from tests.support.browser import Browser

pytestmark = pytest.mark.slow
HOSTILE = {
    "link": "[more](https://evil.example/1){.skip .who-answer .top}",
    "box": ":::{div} in-place who-answer\nYour session has expired.\n:::",
    "html": '<a class="zoom who-answer" href="https://evil.example/2">x</a>',
    "card": "[x](https://evil.example/3){.sd-stretched-link}",
    "overlay": ":::{div} sd-card-img-overlay\nx\n:::",
    "directive": ":::{note}\n:class: sheet contents who-answer\nWords.\n:::",
    "rst": "```{eval-rst}\n.. class:: who-answer\n\nWords.\n```",
    "span": "[words]{.para .hidden-from-sight} and [more]{.close}",
    "button": "```{button-link} https://evil.example/4\n:class: who-answer\nPress\n```",
    "image": "```{image} dot.svg\n:alt: x\n:class: zoom\n:target: https://evil.example/5\n```",
}
FRIENDLY = (
    ":::{note}\n:class: dropdown\nWords.\n:::\n\n[a]{.underline} [b](https://example.org){.sd-btn .external}\n\n"
    "::::{card} Card\n:link: https://example.org/\nWords.\n::::\n\n:::{div} margin\nBeside.\n:::\n"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = "# Hostile\n\n" + "\n\n".join(HOSTILE.values()) + "\n"
    files = {"chapters/01-a.md": page, "chapters/02-b.md": f"# Friendly\n\n{FRIENDLY}", "chapters/dot.svg": SVG}
    root = write(tmp_path_factory.mktemp("classes"), {"chapters/index.md": INDEX, **files})
    ran = oerbook("build", "html", "-C", root)
    assert ran.code in (0, 1), ran.err
    (root / "said.txt").write_text(ran.err)
    return root


def classes(page: Path) -> set[str]:
    (body,) = html.parse(str(page)).getroot().xpath("//div[@class='body']")
    return {name for value in body.xpath(".//*/@class") for name in value.split()}


def test_classes_of_the_page_are_renamed_and_reported(book: Path) -> None:
    found = classes(book / "_build/html/a.html")
    wanted = {
        "skip",
        "who-answer",
        "top",
        "in-place",
        "zoom",
        "sd-stretched-link",
        "sheet",
        "contents",
        "close",
        "para",
    }
    assert not found & {*wanted, "hidden-from-sight", "sd-card-img-overlay"}
    assert {f"{AUTHOR_CLASS_PREFIX}{name}" for name in wanted} <= found
    assert (book / "said.txt").read_text().count("[class-reserved]") >= len(HOSTILE) - 1


def test_classes_for_text_stay(book: Path) -> None:
    found = classes(book / "_build/html/b.html")
    assert {"dropdown", "underline", "sd-btn", "external", "margin", "sd-card", "sd-stretched-link"} <= found
    assert not [name for name in found if name.startswith(AUTHOR_CLASS_PREFIX)]


def test_no_element_of_an_author_covers_the_page(chromium: Browser, book: Path) -> None:
    """In a page without the guard, the same element lies over the window."""
    told = chromium.go(
        """async ({ page, url }) => {
          await page.goto(url);
          return page.evaluate(() => {
            const covers = () => [...document.querySelectorAll(".body *, .body a::after")].filter((one) => {
              const style = getComputedStyle(one), after = getComputedStyle(one, "::after");
              return style.position === "fixed" || (after.position === "absolute" && after.content !== "none" && after.right === "0px" && !one.closest(".sd-card"));
            }).length;
            const before = covers();
            for (const one of document.querySelectorAll("[class*='author-']")) one.className = one.className.replaceAll("author-", "");
            return [before, covers()];
          });
        }""",
        url=(book / "_build/html/a.html").as_uri(),
    )
    assert told[0] == 0
    assert told[1] >= 5


def test_the_page_around_the_text_has_no_class_that_authors_may_use() -> None:
    theme = ROOT / "themes/classic/html"
    page = html.fromstring((theme / "layout.html").read_text(encoding="utf-8"))
    names = {name for value in page.xpath("//*/@class") for name in value.split() if name.isidentifier() or "-" in name}
    assert names & ALLOWED_CLASSES == set()
