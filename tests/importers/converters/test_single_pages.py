"""Single pages of Markdown, Quarto and reStructuredText become chapters of an existing book."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write
from tests.importers.test_importers import repository

DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
QMD = """---
title: Loam
author: Ada Lee
license: CC BY 4.0
---

Words[^n] and @fig-dot.

[^n]: A note.

![A dot](img/dot.svg){#fig-dot}

{{< include _part.qmd >}}

::: {.callout-tip}
Dig.
:::
"""
RST = """Loam
====

:Words: are **strong**, see https://creativecommons.org/licenses/by/4.0/ for the license.

.. figure:: img/dot.svg

   A dot

.. include:: _part.rst
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("loam.qmd", QMD, ["(img", ":::{tip}", "Words[^n] and @fig-dot.", "- Ada Lee"]),
        ("loam.rst", RST, [":Words: are **strong**"]),
    ],
)
def test_a_page_is_imported_with_its_parts_and_pictures(
    tmp_path: Path, name: str, text: str, expected: list[str]
) -> None:
    conf = 'extensions = ["oerbook"]\n'
    book = repository(tmp_path / "book", {"conf.py": conf, "chapters/index.md": INDEX, "chapters/01-a.md": "# A\n"})
    part = {"_part.qmd": "Part.\n", "_part.rst": "Part.\n", "img/dot.svg": DOT, name: text}
    source = write(tmp_path / "source", part) / name
    ran = oerbook("import", source, cwd=book)
    assert ran.code == 0, ran.err
    chapter = (book / "chapters/02-loam.md").read_text()
    assert "# Loam\n" in chapter
    assert "```{figure} images/dot.svg" in chapter
    assert "\nPart.\n" in chapter
    assert "license: CC-BY-4.0" in chapter
    assert (book / "chapters/images/dot.svg").is_file()
    for words in expected[1:] if name.endswith("qmd") else expected:
        assert words in chapter


def test_nothing_outside_the_folder_of_a_page_is_read(tmp_path: Path) -> None:
    conf = 'extensions = ["oerbook"]\n'
    book = repository(tmp_path / "book", {"conf.py": conf, "chapters/index.md": INDEX, "chapters/01-a.md": "# A\n"})
    write(tmp_path, {"secret.md": "hush\n", "secret.svg": DOT})
    text = "# Loam\n\n{{< include ../secret.md >}}\n\n![a](../secret.svg)\n\n![b](link.svg)\n"
    source = write(tmp_path / "source", {"loam.qmd": text}) / "loam.qmd"
    (tmp_path / "source/link.svg").symlink_to(tmp_path / "secret.svg")
    ran = oerbook("import", source, "--license", "CC-BY-4.0", cwd=book)
    assert ran.code == 0, ran.err
    assert "hush" not in (book / "chapters/02-loam.md").read_text()
    assert not (book / "chapters/images").exists()
    assert "import-picture-missing" in ran.err
