"""A cache that came with a repository or an archive is never read, because a pickle can run any program."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.storage.cache import Cache
from oerbook.tasks.build.cache_owner import claim_cache_folder
from tests.conftest import oerbook, write
from tests.support.repository import begin, git

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


def values_after_another_claim(work: Path) -> list[object]:
    """Write a value to a claimed cache, claim the cache once more, and return what a new reader finds."""
    claim_cache_folder(work)
    Cache(work).put("state", "kept", [1, 2])
    claim_cache_folder(work)
    return [Cache(work).get("state", "kept", object)]


def test_reading_the_attackers_file_runs_its_program(poisoned: tuple[Path, Path]) -> None:
    root, mark = poisoned
    pickle.loads((root / "_build/.cache/state/credits.pickle").read_bytes())
    assert mark.is_dir()


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("credits",), ("build", "html"), ("check",), ("check", "--base", "HEAD")], ids=" ".join
)
def test_commands_refuse_a_cache_that_git_tracks(poisoned: tuple[Path, Path], command: tuple[str, ...]) -> None:
    root, mark = poisoned
    ran = oerbook(*command, "-C", root)
    assert ran.code == 1 and "tracked by git" in ran.err and "git rm -r --cached _build/.cache" in ran.err
    assert not mark.exists()


def test_a_cache_of_this_user_in_a_repository_is_read_again(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/01-a.md": CHAPTER})
    (root / "_build/.cache").mkdir(parents=True)
    assert values_after_another_claim(root / "_build/.cache") == [[1, 2]]


def test_git_add_all_does_not_add_the_cache(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/01-a.md": CHAPTER})
    git(root, "checkout", "-q", "-f", "main")
    claim_cache_folder(root / "_build/.cache")
    (root / "_build/.cache/state").write_text("kept")
    git(root, "add", "-A")
    assert git(root, "ls-files") == "chapters/01-a.md"
    claim_cache_folder(root / "_build/.cache")


def test_a_cache_of_this_user_outside_a_repository_is_read_again(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    assert values_after_another_claim(tmp_path / ".cache") == [[1, 2]]


def test_a_cache_with_the_signature_of_another_user_is_deleted(tmp_path: Path) -> None:
    work = tmp_path / ".cache"
    claim_cache_folder(work)
    Cache(work).put("state", "kept", [1, 2])
    (work / "owner").write_text("0" * 64)
    claim_cache_folder(work)
    assert Cache(work).get("state", "kept", object) is None


@pytest.mark.slow
@pytest.mark.parametrize("command", [("build", "html"), ("check",)], ids=" ".join)
def test_commands_discard_a_cache_from_an_archive(tmp_path: Path, command: tuple[str, ...]) -> None:
    mark = tmp_path / "ran"
    root = write(tmp_path / "book", {"chapters/index.md": "# Book\n", "chapters/01-a.md": CHAPTER})
    assert oerbook("check", "-C", root).code == 0
    work = root / "_build/.cache"
    for kept in work.rglob("*.pickle"):
        kept.write_bytes(pickle.dumps(Attack(mark)))
    (work / "owner").write_text("0" * 64)
    assert oerbook(*command, "-C", root).code == 0
    assert not mark.exists()


def test_a_copy_of_a_cache_of_this_user_is_deleted(tmp_path: Path) -> None:
    work = tmp_path / "book/_build/.cache"
    claim_cache_folder(work)
    (work / "kept.pickle").write_bytes(b"mine")
    claim_cache_folder(work)
    assert (work / "kept.pickle").exists()
    shutil.make_archive(str(tmp_path / "sent"), "zip", tmp_path / "book")
    shutil.unpack_archive(tmp_path / "sent.zip", tmp_path / "back")
    assert (tmp_path / "back/_build/.cache/owner").exists()
    claim_cache_folder(tmp_path / "back/_build/.cache")
    assert not (tmp_path / "back/_build/.cache/kept.pickle").exists()


def test_other_files_in_place_of_the_cache_are_kept(tmp_path: Path) -> None:
    write(tmp_path, {".cache/holiday.jpg": "dear"})
    with pytest.raises(OerbookError, match="not a cache of oerbook"):
        claim_cache_folder(tmp_path / ".cache")
    assert (tmp_path / ".cache/holiday.jpg").read_text() == "dear"


def test_a_link_in_place_of_the_cache_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/holiday.jpg": "dear"})
    (tmp_path / ".cache").symlink_to(tmp_path / "elsewhere")
    claim_cache_folder(tmp_path / ".cache")
    assert not (tmp_path / ".cache").is_symlink() and (tmp_path / "elsewhere/holiday.jpg").read_text() == "dear"


def test_a_cache_that_git_tracks_is_an_error(poisoned: tuple[Path, Path]) -> None:
    with pytest.raises(OerbookError, match="tracked by git"):
        claim_cache_folder(poisoned[0] / "_build/.cache")
