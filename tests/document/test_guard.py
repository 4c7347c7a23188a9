"""Which files a chapter may reach."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from oerbook.document.desk import Desk
from oerbook.document.guard import reach


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("data.csv", "chapters/a/data.csv"),
        ("/b/data.csv", "chapters/b/data.csv"),
        ("../example/.github/workflows/release.yml", "chapters/example/.github/workflows/release.yml"),
        ("../example/.pre-commit-config.yaml", "chapters/example/.pre-commit-config.yaml"),
        ("../../README.md", "README.md"),
        ("../../.github/workflows/publish.yml", None),
        ("../.env", None),
        ("../example/.git/config", None),
        ("../../.git/config", None),
        ("../../../secret.txt", None),
        ("a\0b", None),
    ],
)
def test_a_chapter_reaches_files_of_the_book_alone(uri: str, found: str | None, tmp_path: Path) -> None:
    page = tmp_path / "chapters" / "a" / "page.md"
    here = cast(Desk, SimpleNamespace(book=SimpleNamespace(root=tmp_path), file=lambda docname: page, asked={}))
    assert reach(here, "a/page", uri) == (None if found is None else (tmp_path / found).resolve())
