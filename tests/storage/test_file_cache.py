"""Values computed from a file are cached only while the file is unchanged, and not right after a change."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from oerbook.source.text import load_page_text
from oerbook.storage import file_cache
from oerbook.storage.file_cache import FileCache, file_digest


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow files to be cached right after a change."""
    monkeypatch.setattr(file_cache, "MIN_FILE_AGE_NS", -10_000_000_000)


def test_a_file_that_changed_a_moment_ago_is_not_cached(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    cache: FileCache[str] = FileCache()
    cache.put(str(path), path.lstat(), "made")
    assert cache.get(str(path), path.lstat()) is None


@pytest.mark.usefixtures("settled")
def test_a_file_is_cached_until_its_stat_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    cache: FileCache[str] = FileCache()
    cache.put(str(path), path.lstat(), "made")
    assert cache.get(str(path), path.lstat()) == "made"
    time.sleep(0.02)
    path.write_text("two")
    os.utime(path, ns=(0, 0))
    assert cache.get(str(path), path.lstat()) is None


@pytest.mark.usefixtures("settled")
def test_texts_and_digests_change_with_their_files(tmp_path: Path) -> None:
    path = tmp_path / "chapters" / "a.md"
    path.parent.mkdir()
    for text in ("one", "two"):
        path.unlink(missing_ok=True)
        path.write_text(text)
        for _ in range(2):
            assert load_page_text(path, tmp_path) == (text, "")
            assert file_digest(path) == hashlib.sha256(text.encode()).digest()
    path.unlink()
    assert load_page_text(path, tmp_path)[1].startswith("it cannot be opened")
    assert file_digest(path) == b"-"


@pytest.mark.usefixtures("settled")
def test_a_symbolic_link_is_resolved_each_time(tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    link.symlink_to(target)
    for text in ("one", "two"):
        target.write_text(text)
        assert load_page_text(link, tmp_path) == (text, "")
        assert file_digest(link) == hashlib.sha256(text.encode()).digest()
    target.unlink()
    (tmp_path.parent / "outside.md").write_text("secret")
    link.unlink()
    link.symlink_to(tmp_path.parent / "outside.md")
    assert load_page_text(link, tmp_path)[0] == ""


def test_a_file_assumed_unchanged_is_read_again_only_when_invalidated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_cache, "_unchanged_prefixes", ())
    fixed, checked = tmp_path / "fixed" / "a.md", tmp_path / "checked" / "a.md"
    for path in (fixed, checked):
        path.parent.mkdir()
        path.write_text("one")
    file_cache.assume_unchanged(tmp_path / "fixed")
    assert [load_page_text(path, tmp_path)[0] for path in (fixed, checked)] == ["one", "one"]
    for path in (fixed, checked):
        path.write_text("two")
    assert [load_page_text(path, tmp_path)[0] for path in (fixed, checked)] == ["one", "two"]
    file_cache.invalidate([str(fixed)])
    assert load_page_text(fixed, tmp_path)[0] == "two"
