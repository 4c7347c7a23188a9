"""What was made of a file is remembered only while the file is the same, and never of one that changed a moment ago."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from oerbook.source.text import load
from oerbook.storage import file_cache
from oerbook.storage.file_cache import Remembered, digest_of


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as settled at once."""
    monkeypatch.setattr(file_cache, "SETTLED", -10_000_000_000)


def test_a_file_that_changed_a_moment_ago_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    kept: Remembered[str] = Remembered()
    kept.put(str(path), path.lstat(), "made")
    assert kept.get(str(path), path.lstat()) is None


@pytest.mark.usefixtures("settled")
def test_a_file_is_remembered_until_anything_about_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    kept: Remembered[str] = Remembered()
    kept.put(str(path), path.lstat(), "made")
    assert kept.get(str(path), path.lstat()) == "made"
    time.sleep(0.02)
    path.write_text("two")
    os.utime(path, ns=(0, 0))
    assert kept.get(str(path), path.lstat()) is None


@pytest.mark.usefixtures("settled")
def test_texts_and_digests_follow_their_files(tmp_path: Path) -> None:
    path = tmp_path / "chapters" / "a.md"
    path.parent.mkdir()
    for text in ("one", "two"):
        path.unlink(missing_ok=True)
        path.write_text(text)
        for _ in range(2):
            assert load(path, tmp_path) == (text, "")
            assert digest_of(path) == hashlib.sha256(text.encode()).digest()
    path.unlink()
    assert load(path, tmp_path)[1].startswith("it cannot be opened")
    assert digest_of(path) == b"-"


@pytest.mark.usefixtures("settled")
def test_a_link_is_followed_each_time(tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    link.symlink_to(target)
    for text in ("one", "two"):
        target.write_text(text)
        assert load(link, tmp_path) == (text, "")
        assert digest_of(link) == hashlib.sha256(text.encode()).digest()
    target.unlink()
    (tmp_path.parent / "outside.md").write_text("secret")
    link.unlink()
    link.symlink_to(tmp_path.parent / "outside.md")
    assert load(link, tmp_path)[0] == ""


def test_what_is_at_rest_is_not_looked_at_until_it_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_cache, "_unchanged_prefixes", ())
    still, moving = tmp_path / "still" / "a.md", tmp_path / "moving" / "a.md"
    for path in (still, moving):
        path.parent.mkdir()
        path.write_text("one")
    file_cache.rest(tmp_path / "still")
    assert [load(path, tmp_path)[0] for path in (still, moving)] == ["one", "one"]
    for path in (still, moving):
        path.write_text("two")
    assert [load(path, tmp_path)[0] for path in (still, moving)] == ["one", "two"]
    file_cache.forget([str(still)])
    assert load(still, tmp_path)[0] == "two"
