"""Which files a chapter may reach."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from oerbook.document.context.build_context import Desk
from oerbook.document.safety.paths import reach
from oerbook.sandbox.audit_hook import wall


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


def test_behind_the_wall_is_who_reads_a_page_and_nobody_else(tmp_path: Path) -> None:
    ours, theirs, heard = tmp_path / "book/a.txt", tmp_path / "b.txt", list[str]()
    ours.parent.mkdir()
    for path in (ours, theirs):
        path.write_text("words")
    with ThreadPoolExecutor(1) as another, wall(ours.parent, lambda path: path == ours.resolve(), heard.append):
        assert ours.read_text() == "words"
        assert another.submit(theirs.read_text).result() == "words"
        with pytest.raises(PermissionError):
            theirs.read_text()
        with pytest.raises(PermissionError):
            os.system("true")
    assert theirs.read_text() == "words" and heard == ["b.txt", "another program"]


def test_the_folder_that_the_program_is_started_in_is_none_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m oerbook` has Python look for modules there, and it may be anybody's home."""
    home, private = tmp_path / "home", tmp_path / "home/private.txt"
    for folder in (home, tmp_path / "book"):
        folder.mkdir()
    private.write_text("words")
    monkeypatch.chdir(home)
    monkeypatch.syspath_prepend(home)
    with wall(tmp_path / "book", lambda path: False, lambda name: None), pytest.raises(PermissionError):
        private.read_text()
