"""A cache that came with a repository is never read: what Python unpickles can run a program."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.tasks.trust import trusted
from tests.conftest import oerbook
from tests.journeys.repository import begin, git

CHAPTER = "# Soil\n\nSoil is alive.\n"


class Attack:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.mark),)


@pytest.fixture
def poisoned(tmp_path: Path) -> tuple[Path, Path]:
    root, mark = tmp_path / "book", tmp_path / "ran"
    spoiled = pickle.dumps(Attack(mark))
    begin(
        root,
        {"chapters/index.md": "# Book\n", "chapters/01-a.md": CHAPTER, "_build/.cache/state/credits.pickle": spoiled},
    )
    git(root, "checkout", "-q", "-f", "main")
    return root, mark


def test_the_attack_works_on_whoever_reads_the_file(poisoned: tuple[Path, Path]) -> None:
    root, mark = poisoned
    pickle.loads((root / "_build/.cache/state/credits.pickle").read_bytes())
    assert mark.is_dir()


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("credits",), ("build", "html"), ("check",), ("check", "--base", "HEAD")], ids=" ".join
)
def test_a_cache_that_git_keeps_is_refused(poisoned: tuple[Path, Path], command: tuple[str, ...]) -> None:
    root, mark = poisoned
    ran = oerbook(*command, "-C", root)
    assert ran.code == 1 and "kept in git" in ran.err and "git rm -r --cached _build/.cache" in ran.err
    assert not mark.exists()


def test_a_cache_of_our_own_is_read(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/01-a.md": CHAPTER})
    (root / "_build/.cache").mkdir(parents=True)
    trusted(root / "_build/.cache")


def test_whoever_commits_everything_does_not_commit_the_cache(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/01-a.md": CHAPTER})
    git(root, "checkout", "-q", "-f", "main")
    trusted(root / "_build/.cache")
    (root / "_build/.cache/state").write_text("kept")
    git(root, "add", "-A")
    assert git(root, "ls-files") == "chapters/01-a.md"
    trusted(root / "_build/.cache")


def test_a_folder_without_git_is_read(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    trusted(tmp_path / ".cache")


def test_a_cache_that_git_keeps_is_an_error(poisoned: tuple[Path, Path]) -> None:
    with pytest.raises(OerbookError, match="kept in git"):
        trusted(poisoned[0] / "_build/.cache")
