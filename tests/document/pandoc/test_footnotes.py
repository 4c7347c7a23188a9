"""Footnotes that their author gathered under a heading at the end of a page."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.conftest import need, oerbook, write

INDEX = "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n\nSoil.\n"
PAGE = "# The ground\n\nIt is alive.[^a] See [them](#notes).\n\n---\n\n(notes)=\n## Gathered notes\n\n[^a]: A remark.\n"


def words(path: Path) -> str:
    if path.suffix == ".pdf":
        return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".xhtml")))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need("pdftotext")
    root = tmp_path_factory.mktemp("notes")
    more = PAGE.replace("A remark.", "A remark.\n\nMore.")
    chapters = {
        "chapters/01-ground.md": PAGE,
        "chapters/02-more.md": more.replace("---\n\n(", "(").replace("Gathered", "Filled").replace("notes)", "more)"),
    }
    chapters["chapters/03-titles.md"] = (
        "# Titles[^t]\n\n## Sections[^s]\n\nText.\n\n[^t]: Of-a-title.\n\n[^s]: Of-a-section.\n"
    )
    ran = oerbook("build", "pdf", "epub", "docx", cwd=write(root, {"chapters/index.md": INDEX, **chapters}))
    assert ran.code == 0, ran.err
    return root / "_build"


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_where_notes_stand_at_the_foot_their_heading_is_not_left_alone(made: Path, suffix: str) -> None:
    told = words(made / f"soil.{suffix}")
    assert "A remark." in told and "Gathered" not in told and "∗" not in told
    assert "Filled" in told


def test_on_paper_a_rule_that_parts_nothing_is_not_printed(tmp_path: Path) -> None:
    need("pdftotext")
    page = "# The ground\n\nAlive.\n\n---\n\nOn.\n\n---\n\n## Below\n\nDeep.\n\n---\n\n(here)=\n## At last\n\nEnd.\n"
    ran = oerbook("build", "pdf", cwd=write(tmp_path, {"chapters/index.md": INDEX, "chapters/01-ground.md": page}))
    assert ran.code == 0, ran.err
    assert words(tmp_path / "_build/soil.pdf").count("∗") == 3


def test_where_notes_stand_at_the_end_their_heading_stays(made: Path) -> None:
    assert "Gathered" in words(made / "soil.epub")


@pytest.mark.parametrize("suffix", ["pdf", "docx", "epub"])
def test_footnotes_of_headings_are_printed_once(made: Path, suffix: str) -> None:
    text = words(made / f"soil.{suffix}")
    assert [text.count(note) for note in ("Of-a-title.", "Of-a-section.")] == [1, 1]
