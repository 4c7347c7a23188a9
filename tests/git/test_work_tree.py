"""Files are compared with the last commit, and no program that the repository names is started for it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from oerbook.git.work_tree import differs_from_last_commit
from tests.support.repository import begin, git

TEXT = "# Soil\n\nSoil is alive.\n"
PATHS = ("chapters",)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    begin(tmp_path / "book", {"chapters/index.md": TEXT, "chapters/01-a.md": TEXT})
    git(tmp_path / "book", "reset", "-q", "--hard")
    return tmp_path / "book"


def configure_filter(root: Path, command: str) -> None:
    git(root, "config", "filter.e.clean", command)
    git(root, "config", "filter.e.process", command)
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* filter=e\n")


def test_a_clean_book_has_no_changes(root: Path) -> None:
    assert not differs_from_last_commit(root, PATHS)


@pytest.mark.parametrize("change", ["altered", "removed", "added", "staged", "of equal length"])
def test_every_change_of_the_work_tree_is_reported(root: Path, change: str) -> None:
    page = root / "chapters/01-a.md"
    match change:
        case "altered":
            page.write_text(TEXT + "More.\n")
        case "of equal length":
            page.write_text(TEXT.replace("Soil is", "Dirt is"))
        case "removed":
            page.unlink()
        case "added":
            (root / "chapters/02-b.md").write_text(TEXT)
        case _:
            (root / "chapters/02-b.md").write_text(TEXT)
            git(root, "add", "-A")
    assert differs_from_last_commit(root, PATHS)


def test_a_filter_of_the_repository_is_not_started(root: Path, tmp_path: Path) -> None:
    mark = tmp_path / "started"
    configure_filter(root, f"touch {mark}; cat")
    (root / "chapters/01-a.md").write_text(TEXT.replace("Soil is", "Dirt is"))
    assert differs_from_last_commit(root, PATHS)
    assert not mark.exists()


def test_files_that_a_filter_has_converted_are_no_changes(root: Path) -> None:
    git(root, "config", "filter.e.clean", "sed s/alive/dead/")
    git(root, "config", "filter.e.smudge", "sed s/dead/alive/")
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("*.md filter=e\n")
    (root / "chapters/01-a.md").write_text(TEXT.replace("Soil is", "Dirt is"))
    git(root, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qam", "Filtered")
    assert "dead" in git(root, "show", "HEAD:chapters/01-a.md")
    assert not differs_from_last_commit(root, PATHS)
    (root / "chapters/01-a.md").write_text("Other words\n")
    assert differs_from_last_commit(root, PATHS)


def test_windows_line_ends_and_fetched_pictures_are_no_changes(root: Path) -> None:
    picture = b"\x89PNG the picture"
    pointer = f"oid sha256:{hashlib.sha256(picture).hexdigest()}\nsize {len(picture)}\n"
    (root / "chapters/p.png").write_text("version https://git-lfs.github.com/spec/v1\n" + pointer)
    git(root, "add", "-A")
    git(root, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "Pointer")
    (root / "chapters/p.png").write_bytes(picture)
    (root / "chapters/01-a.md").write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert not differs_from_last_commit(root, PATHS)
