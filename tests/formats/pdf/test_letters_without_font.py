"""Letters without a font cost only themselves, wherever they stand, and are reported at their line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from oerbook.formats.pdf.failing_blocks import _line_of
from tests.conftest import Ran, need, oerbook, write

LETTER = "\U00012000"  # no font of oerbook has cuneiform
PAGE = f"""\
# A sign {LETTER}

A word {LETTER}{LETTER} in a sentence, *{LETTER}* and `{LETTER}`. {{index}}`{LETTER}`

```python
print("{LETTER}")
```

A formula: $v_\\text{{{LETTER}}} = 1$.

:::{{table}} Caption {LETTER}
| {LETTER} | n |
|---|---|
| {LETTER} | 1 |
:::
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """Build a book with such letters in its title, a name, a chapter, and all kinds of things."""
    index = f"---\ntitle: Signs {LETTER}\nlicense: CC-BY-4.0\nauthors: [Ann {LETTER}]\n---\n\n# Signs\n\nText.\n"
    person = f"---\nname: Ann {LETTER}\n---\n\nWrites {LETTER}.\n"
    files = {"chapters/index.md": index, "chapters/01-a.md": PAGE, "contributors/ann.md": person}
    folder = write(tmp_path_factory.mktemp("book"), files)
    return folder, oerbook("build", "all", "--print", "--format", "json", cwd=folder)


def test_every_format_is_made(built: tuple[Path, Ran]) -> None:
    _folder, ran = built
    assert [row["format"] for row in ran.report["artifacts"]] == ["html", "epub", "pdf", "print", "docx"]
    assert ran.code == 0


def test_each_page_is_reported_at_the_first_line_with_the_character(built: tuple[Path, Ran]) -> None:
    _folder, ran = built
    places = {(f["path"], f["line"]) for f in ran.findings("glyph-missing")}
    assert places == {("chapters/index.md", 2), ("chapters/01-a.md", 1)}
    assert {f["severity"] for f in ran.findings("glyph-missing")} == {"warning"}


def test_the_name_of_the_character_is_printed_in_its_place(built: tuple[Path, Ran]) -> None:
    need("pdftotext")
    folder, _ran = built
    text = subprocess.run(
        ["pdftotext", "-raw", next(folder.glob("_build/signs*[!t].pdf")), "-"], capture_output=True, check=True
    )
    words = " ".join(text.stdout.decode().split())
    assert "A word [cuneiform sign a][cuneiform sign a] in a sentence" in words
    assert words.count("[cuneiform sign a]") > 10  # title page, contents, heading, code, formula, table, index


def test_a_line_is_found_by_consecutive_words() -> None:
    text = "# Soil\n\nThe worm *digs* deep.\n\nThe worm eats.\n"
    assert _line_of(text, "worm eats") == 5
    assert _line_of(text, "3.1 The worm digs deep") == 3
    assert _line_of(text, "nothing like it") == 0
