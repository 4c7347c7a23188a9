"""Chapters come in from files of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.tools.pandoc import run_pandoc
from tests.conftest import Files, Ran, oerbook
from tests.support.repository import begin, git

BOOK: Files = {
    "chapters/index.md": "---\ntitle: Soils\nlicense: CC-BY-4.0\nauthors: [Ada Lee]\n---\n\n# Soils\n",
    "chapters/01-start.md": "# Start\n\nWords.\n",
}
DOCUMENT = """\
---
title: Lecture notes
---

# Peat

Peat is *old*^[Some say.]; see [below](#layers).

## Layers

| Depth | Age |
|-------|----:|
| 1 m   | 900 |

# Clay

Clay has $n$ layers.
"""


def begin_book(root: Path) -> Path:
    """Make the repository of a small book."""
    begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    return root


def write_docx(path: Path, markdown: str = DOCUMENT) -> Path:
    """Write a Word document."""
    path.write_bytes(run_pandoc(["-f", "markdown", "-t", "docx"], markdown.encode()).output)
    return path


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    root = begin_book(tmp_path_factory.mktemp("book"))
    source = write_docx(tmp_path_factory.mktemp("source") / "lecture.docx")
    return root, oerbook("import", "--license", "CC-BY-SA-4.0", source, cwd=root)


def test_each_first_heading_becomes_a_chapter_behind_the_others(imported: tuple[Path, Ran]) -> None:
    root, ran = imported
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in (root / "chapters").glob("*.md")) == [
        "01-start.md",
        "02-peat.md",
        "03-clay.md",
        "index.md",
    ]


def test_an_imported_chapter_is_plain_myst_with_its_license_and_source(imported: tuple[Path, Ran]) -> None:
    root, _ran = imported
    text = (root / "chapters/02-peat.md").read_text()
    assert "license: CC-BY-SA-4.0\nsources:\n- title: Lecture notes\n" in text
    assert text.endswith(
        """
# Peat

Peat is *old*[^1]; see [below](#layers).

[^1]: Some say.

(layers)=
## Layers

| Depth | Age |
| --- | ---: |
| 1 m | 900 |
"""
    )


def test_the_import_is_one_commit_that_gives_nobody_credit(imported: tuple[Path, Ran]) -> None:
    root, _ran = imported
    assert git(root, "log", "-1", "--format=%an %s") == "oerbook[bot] Import “Lecture notes”"
    assert git(root, "status", "--porcelain") == ""


def test_a_source_without_a_license_or_with_one_that_forbids_changes_is_refused(
    tmp_path: Path,
) -> None:
    root = begin_book(tmp_path / "book")
    source = write_docx(tmp_path / "lecture.docx")
    ran = oerbook("import", source, cwd=root)
    assert ran.code == 1
    assert "states no license" in ran.err
    ran = oerbook("import", source, "--license", "CC-BY-ND-4.0", cwd=root)
    assert ran.code == 1
    assert "does not let anyone share an adaptation" in ran.err
    assert git(root, "log", "--format=%s").count("\n") == 0


def test_a_whole_document_becomes_a_new_book(tmp_path: Path) -> None:
    source = write_docx(tmp_path / "lecture.docx")
    ran = oerbook("adopt", source, tmp_path / "new", "--license", "CC-BY-4.0")
    assert ran.code == 0, ran.err
    assert "Came over: 2 chapters with 18 words, 1 formula, 1 note, 1 table and 1 reference." in ran.err
    root = tmp_path / "new"
    assert (
        (root / "chapters/index.md").read_text().startswith("---\ntitle: Lecture notes\nlanguage: en\nlicense: CC-BY")
    )
    assert "license:" not in (root / "chapters/01-peat.md").read_text()
    assert git(root, "log", "--format=%an") == "oerbook[bot]\noerbook[bot]"
    assert git(root, "status", "--porcelain") == ""
