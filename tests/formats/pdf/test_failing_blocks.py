"""What Typst rejects costs only itself: a picture, else its passage, else its chapter."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT, Ran, need, oerbook, write

PAGE = """\
# One

Words before the picture.

![A noisy meadow](meadow.png)

:::{warning}
This warning is refused by the theme.
:::

Words after it, with $x$.
"""
BREAKS = """
#let oer-image(file, alt: " ", ..rest) = panic("no pictures here")
#let oer-box-before = oer-box
#let oer-box(kind, title, body) = if kind == "warning" { panic("no warnings here") } else { oer-box-before(kind, title, body) }
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """Build a book with a theme that fails at pictures and warnings."""
    pieces = (ROOT / "themes/classic/pdf/pieces.typ").read_text(encoding="utf-8")
    files = {
        "chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\ntheme: mine\n---\n\n# Soil\n\nSoil.\n",
        "chapters/01-one.md": PAGE,
        "themes/mine/theme.toml": 'base = "classic"\n',
        "themes/mine/pdf/pieces.typ": pieces + BREAKS,
    }
    folder = write(tmp_path_factory.mktemp("book"), files)
    Image.new("RGB", (200, 100), "green").save(folder / "chapters/meadow.png")
    return folder, oerbook("build", "pdf", "--format", "json", cwd=folder)


def test_each_failing_part_is_named_at_its_line(built: tuple[Path, Ran]) -> None:
    _folder, ran = built
    found = {(f["line"], f["message"].partition(" cannot")[0]) for f in ran.findings("pdf-section-failed")}
    assert found == {
        (5, "the picture “A noisy meadow”"),
        (8, "the passage “Warning This warning is refused by the theme.”"),
    }
    assert ran.code == 1


def test_the_text_of_a_failing_part_and_the_rest_of_the_book_are_printed(built: tuple[Path, Ran]) -> None:
    need("pdftotext")
    folder, _ran = built
    text = subprocess.run(
        ["pdftotext", folder / "_build/soil.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    for words in (
        "Words before the picture.",
        "[A noisy meadow]",
        "This warning is refused by the theme.",
        "Words after it",
    ):
        assert words in " ".join(text.split())
