"""A cache that came with a repository is never read: what Python unpickles can run a program."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.tasks.build.cache_owner import trusted
from tests.conftest import oerbook, write
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


@pytest.mark.slow
@pytest.mark.parametrize("command", [("build", "html"), ("check",)], ids=" ".join)
def test_a_cache_that_came_in_an_archive_is_begun_anew(tmp_path: Path, command: tuple[str, ...]) -> None:
    mark = tmp_path / "ran"
    root = write(tmp_path / "book", {"chapters/index.md": "# Book\n", "chapters/01-a.md": CHAPTER})
    assert oerbook("check", "-C", root).code == 0
    work = root / "_build/.cache"
    for kept in work.rglob("*.pickle"):
        kept.write_bytes(pickle.dumps(Attack(mark)))
    assert oerbook(*command, "-C", root).code in (0, 1, 3) and mark.is_dir(), "a cache of our own is read"
    mark.rmdir()
    (work / "owner").write_text("0" * 64)
    assert oerbook(*command, "-C", root).code == 0
    assert not mark.exists()


def test_a_cache_of_our_own_that_went_through_other_hands_is_begun_anew(tmp_path: Path) -> None:
    work = tmp_path / "book/_build/.cache"
    trusted(work)
    (work / "kept.pickle").write_bytes(b"mine")
    trusted(work)
    assert (work / "kept.pickle").exists()
    shutil.make_archive(str(tmp_path / "sent"), "zip", tmp_path / "book")
    shutil.unpack_archive(tmp_path / "sent.zip", tmp_path / "back")
    assert (tmp_path / "back/_build/.cache/owner").exists()
    trusted(tmp_path / "back/_build/.cache")
    assert not (tmp_path / "back/_build/.cache/kept.pickle").exists()


def test_what_is_no_cache_of_ours_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {".cache/holiday.jpg": "dear"})
    with pytest.raises(OerbookError, match="is in the way"):
        trusted(tmp_path / ".cache")
    assert (tmp_path / ".cache/holiday.jpg").read_text() == "dear"


def test_a_link_in_place_of_the_cache_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/holiday.jpg": "dear"})
    (tmp_path / ".cache").symlink_to(tmp_path / "elsewhere")
    trusted(tmp_path / ".cache")
    assert not (tmp_path / ".cache").is_symlink() and (tmp_path / "elsewhere/holiday.jpg").read_text() == "dear"


def test_a_cache_that_git_keeps_is_an_error(poisoned: tuple[Path, Path]) -> None:
    with pytest.raises(OerbookError, match="kept in git"):
        trusted(poisoned[0] / "_build/.cache")
