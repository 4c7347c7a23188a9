"""Tables in the PDF: column widths and page breaks."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.conftest import ROOT, need, oerbook, write

LONG = (
    "Wikipedia and OpenStreetMap, in which several million people have put down the streets and houses of their town. "
    * 2
)
SHARES = f"""```{{list-table}} Shares
:header-rows: 1

* - Year
  - Claim
  - Evidence
* - 1 234 567
  - Many hands make light work of what can be divided.
  - {LONG}
* - 2026
  - Shorter
  - Short
```
"""
GIVEN = f"""```{{list-table}} Given
:header-rows: 1
:widths: 70 30

* - Given
  - Wide
* - 1
  - {LONG}
```
"""
CODES = (
    f"| Codeword | Meaning |\n|---|---|\n| `first-of`, `second-of-all` | {LONG} |\n| `x --option` | the `.bib` file |\n"
)
HARD = "| Hard | Address |\n|---|---|\n| a | the `.bib` file |\n| b | https://example.org/" + "path/" * 30 + " |\n"

TALL = "| Rowed | Text |\n|---|---|\n" + "".join(
    f"| r{n} | begin{n} {'soil ' * (90 + n)} end{n} |\n" for n in range(40)
)
OVER = "| Over | Text |\n|---|---|\n" + f"| a | overbegin {'water ' * 1600} overend |\n"


def rows(name: str, count: int) -> str:
    return f"| {name} | Number |\n|---|---|\n" + "".join(f"| {name.lower()}{n} | {n} |\n" for n in range(count))


def captioned(name: str, count: int) -> str:
    return f":::{{table}} {name}caption\n{rows(name, count)}:::\n"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Any]]:
    """Return a function that finds a word in the PDF: page, left, right, top and height of each occurrence."""
    need("pdftotext")
    root = tmp_path_factory.mktemp("tables")
    fill = "\n\n".join(["Soil is alive, and so is the water that runs through it on its way to the sea."] * 27)
    wide = (
        "|" + "|".join(f"Internationalisation{n}" for n in range(9)) + "|\n" + "|---" * 9 + "|\n" + "| one " * 9 + "|\n"
    )
    chapters = {
        "01-widths": f"# Widths\n\n{SHARES}\n{GIVEN}\n{CODES}\n{HARD}",
        "02-kept": f"# Kept\n\n{fill}\n\n{captioned('Kept', 11)}",
        "03-bare": f"# Bare\n\n{fill}\n\n{rows('Bare', 11)}",
        "04-parted": f"# Parted\n\n{captioned('Parted', 90)}",
        "05-tall": f"# Tall\n\n{TALL}\n\n## Over\n\n{OVER}",
        "06-turned": f"# Turned\n\nText.\n\n## Headed\n\n:::{{table}} Turnedcaption\n{wide}:::\n",
    }
    write(root, {f"chapters/{name}.md": text for name, text in chapters.items()})
    write(root, {"chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n\nSoil.\n"})
    ran = oerbook("build", "pdf", "--format", "json", cwd=root)
    assert not [f for f in json.loads(ran.out)["findings"] if f["severity"] == "error"], ran.out
    laid = subprocess.run(["pdftotext", "-bbox", str(root / "_build/soil.pdf"), "-"], capture_output=True, check=True)
    found: dict[str, list[Any]] = {}
    for number, page in enumerate(html.fromstring(laid.stdout).xpath("//page")):
        for word in page.iter("word"):
            left, right, top, foot = (float(word.get(side)) for side in ("xmin", "xmax", "ymin", "ymax"))
            found.setdefault(word.text_content(), []).append((number, left, right, top, foot - top))
    return lambda text: found[text]


def test_columns_are_as_wide_as_their_contents(words: Any) -> None:
    year, claim, evidence = (words(head)[0][1] for head in ("Year", "Claim", "Evidence"))
    assert claim - year < evidence - claim < 200
    assert words("Many")[0][3] == words("234")[0][3] == words("567")[0][3]
    assert words("567")[0][2] < claim


def test_column_widths_set_by_the_author_are_kept(words: Any) -> None:
    line = words("Address")[0][1] - words("Hard")[0][1]
    given = words("Wide")[0][1] - words("Given")[1][1]
    assert given > 200 > line


def test_no_name_or_option_in_code_is_divided_and_an_address_makes_no_table_small(words: Any) -> None:
    assert words("first-of") and words("second-of-all") and words("--option")
    assert words("Address")[0][4] == pytest.approx(words("Meaning")[0][4], abs=0.1)


@pytest.mark.parametrize("name", ["kept", "bare"])
def test_a_low_table_is_not_divided(words: Any, name: str) -> None:
    pages = {words(f"{name}{row}")[0][0] for row in range(11)}
    assert len(pages) == 1
    assert name == "bare" or words("Keptcaption")[0][0] in pages


def test_a_table_that_is_longer_than_a_page_is_divided_under_its_head(words: Any) -> None:
    first, last = words("parted0")[0][0], words("parted89")[0][0]
    assert first == words("Partedcaption")[0][0] < last
    heads = {page for page, *_ in words("Number")}
    assert set(range(first, last + 1)) <= heads


def test_no_row_is_divided_but_one_that_is_longer_than_a_page(words: Any) -> None:
    assert all(words(f"begin{row}")[0][0] == words(f"end{row}")[0][0] for row in range(40))
    assert words("begin0")[0][0] < words("end39")[0][0]
    assert words("overbegin")[0][0] < words("overend")[0][0]


def test_a_rotated_table_is_on_the_page_of_its_heading_and_caption(words: Any) -> None:
    page = words("Internationalisation0")[0][0]
    assert page == words("Turnedcaption")[0][0]
    assert page in {where for where, *_ in words("Headed")}


def test_a_theme_without_table_settings_still_prints_tables(tmp_path: Path) -> None:
    old = (ROOT / "themes/classic/pdf/pieces.typ").read_text().replace("#let oer-columns(", "#let oer-other(")
    index = "---\ntitle: Soil\ntheme: mine\nlicense: CC-BY-4.0\n---\n\n# Soil\n\nSoil.\n"
    files = {"chapters/index.md": index, "chapters/01-one.md": f"# One\n\n{SHARES}"}
    own = {"themes/mine/theme.toml": 'base = "classic"\n', "themes/mine/pdf/pieces.typ": old}
    ran = oerbook("build", "pdf", "--format", "json", cwd=write(tmp_path, {**files, **own}))
    assert not [f for f in json.loads(ran.out)["findings"] if f["severity"] == "error"], ran.out
