"""A page can read files of the book only."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oerbook.document.context.build_context import BuildContext
from oerbook.document.safety.file_access import resolve_path
from oerbook.model.book import Book, Chapter, Part
from oerbook.sandbox.audit_hook import restrict_file_access


@pytest.mark.parametrize(
    ("uri", "expected"),
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
def test_only_public_files_of_the_book_are_resolved(uri: str, expected: str | None, tmp_path: Path) -> None:
    page = Chapter("a/page", "chapters/a/page.md", "Page")
    part = Part("", None, (page,))
    book = Book(tmp_path, "Book", Chapter("index", "chapters/index.md", "Book"), parts=(part,))
    context = BuildContext(book, tmp_path / "cache")
    assert resolve_path(context, "a/page", uri) == (None if expected is None else (tmp_path / expected).resolve())


def test_access_is_restricted_in_the_reading_thread_only(tmp_path: Path) -> None:
    inside, outside, refused = tmp_path / "book/a.txt", tmp_path / "b.txt", list[str]()
    inside.parent.mkdir()
    for path in (inside, outside):
        path.write_text("words")
    with (
        ThreadPoolExecutor(1) as pool,
        restrict_file_access(inside.parent, lambda path: path == inside.resolve(), refused.append),
    ):
        assert inside.read_text() == "words"
        assert pool.submit(outside.read_text).result() == "words"
        with pytest.raises(PermissionError):
            outside.read_text()
        with pytest.raises(PermissionError):
            os.system("true")
    assert outside.read_text() == "words" and refused == ["b.txt", "another program"]


def test_the_working_directory_is_not_a_folder_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m oerbook` adds it to sys.path, and it may be a home directory."""
    home, private = tmp_path / "home", tmp_path / "home/private.txt"
    for folder in (home, tmp_path / "book"):
        folder.mkdir()
    private.write_text("words")
    monkeypatch.chdir(home)
    monkeypatch.syspath_prepend(home)
    with restrict_file_access(tmp_path / "book", lambda path: False, lambda name: None), pytest.raises(PermissionError):
        private.read_text()
