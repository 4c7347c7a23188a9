"""A checkout holds the files of each commit, even if its files were modified in between."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.git import objects
from oerbook.tasks.submissions.checkout import Checkout
from tests.support.repository import begin


def files_in(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def committed(root: Path) -> dict[str, objects.TreeEntry]:
    return objects.list_files(root, "HEAD")


def test_only_changed_files_are_written(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "tree"
    folder.mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_text("one\n")
    (folder / "left.md").write_text("left by another run")
    (folder / "empty").mkdir()
    begin(root, {"a.md": "one\n", "b/c.md": "two\n", "d.md": "three\n"})
    checkout = Checkout(folder)
    checkout.sync(root, committed(root))
    assert files_in(folder) == {"a.md": b"one\n", "b/c.md": b"two\n", "d.md": b"three\n"}
    assert not (folder / "empty").exists()
    same = (folder / "a.md").stat().st_ino
    clock = (folder / "d.md").stat()
    (folder / "d.md").write_text("THREE\n")  # as long, and with the same clock
    os.utime(folder / "d.md", ns=(clock.st_atime_ns, clock.st_mtime_ns))
    (folder / "b/c.md").unlink()
    (folder / "b/c.md").symlink_to(outside / "a.md")
    (folder / "more").mkdir()
    (folder / "more/e.md").write_text("brought in")
    (folder / "way").symlink_to(outside, target_is_directory=True)
    checkout.sync(root, committed(root))
    assert files_in(folder) == {"a.md": b"one\n", "b/c.md": b"two\n", "d.md": b"three\n"}
    assert not (folder / "b/c.md").is_symlink()
    assert sorted(p.name for p in folder.iterdir()) == ["a.md", "b", "d.md"]
    assert (folder / "a.md").stat().st_ino == same
    assert (outside / "a.md").read_bytes() == b"one\n"
    swapped = committed(root)
    checkout.sync(root, {"a.md/x.md": swapped["a.md"], "b": swapped["d.md"], "d.md": swapped["d.md"]})
    assert files_in(folder) == {"a.md/x.md": b"one\n", "b": b"three\n", "d.md": b"three\n"}
    checkout.remove()
    assert not folder.exists()
    checkout.sync(root, swapped)
    assert files_in(folder) == {"a.md": b"one\n", "b/c.md": b"two\n", "d.md": b"three\n"}


def test_a_checkout_lists_the_files_it_touched(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "tree"
    begin(root, {"a.md": "one\n", "b/c.md": "two\n", "d.md": "three\n"})
    checkout, files = Checkout(folder), committed(root)
    checkout.sync(root, files)
    assert sorted(checkout.pop_touched()) == [str(folder / name) for name in ("a.md", "b/c.md", "d.md")]
    checkout.sync(root, files)
    assert checkout.pop_touched() == []
    (folder / "a.md").write_text("spoiled\n")
    checkout.sync(root, {name: file for name, file in files.items() if name != "d.md"})
    assert sorted(checkout.pop_touched()) == [str(folder / name) for name in ("a.md", "d.md")]


def test_removing_files_removes_empty_folders(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "tree"
    texts = {"a.md": "one\n", "b/c/d.md": "two\n", "b/e.md": "three\n", "f/g/h.md": "four\n"}
    begin(root, texts)
    checkout, files = Checkout(folder), committed(root)
    checkout.sync(root, files)
    first = (folder / "a.md").stat().st_ino
    checkout.sync(root, {name: file for name, file in files.items() if name in ("a.md", "b/e.md")})
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")) == ["a.md", "b", "b/e.md"]
    checkout.sync(root, files)
    assert files_in(folder) == {name: text.encode() for name, text in texts.items()}
    assert (folder / "a.md").stat().st_ino == first
    (folder / "b/c/more.md").write_text("brought in\n")
    checkout.sync(root, {"a.md": files["a.md"]})
    assert files_in(folder) == {"a.md": b"one\n"}
    assert [p.name for p in folder.iterdir()] == ["a.md"]


def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, folder = tmp_path / "book", tmp_path / "tree"
    begin(root, {"a.md": "one\n", f"{'x' * 251}.md.md": "too long a name\n"})
    Checkout(folder).sync(root, committed(root))
    assert files_in(folder) == {"a.md": b"one\n"}

    def full(_path: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OerbookError, match="the disk is full"):
        Checkout(tmp_path / "other").sync(root, committed(root))
