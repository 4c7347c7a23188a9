"""Cache values computed from files until the stat values of a file change."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar

from oerbook.model.untyped import Pickled

MIN_FILE_AGE_NS = 2_500_000_000  # nanoseconds: some file systems store times in steps of two seconds
MAX_CACHED_FILES = 20_000  # files in one cache

FileStamp = tuple[int, ...]
CachedT = TypeVar("CachedT")
_caches: list[FileCache[Pickled]] = []
_unchanged_prefixes: tuple[str, ...] = ()


class FileCache(Generic[CachedT]):
    """Values computed from files, by path.

    A file that was modified a moment ago is not cached: it could change again without its time stamps changing.
    """

    def __init__(self) -> None:
        self._entries: dict[str, tuple[FileStamp, CachedT]] = {}
        _caches.append(self)

    def get_unchecked(self, path: str) -> CachedT | None:
        """Return the cached value of a file assumed unchanged, without checking its stat."""
        entry = self._entries.get(path) if path.startswith(_unchanged_prefixes) else None
        return entry[1] if entry else None

    def invalidate(self, path: str) -> None:
        """Drop the cached value of a file."""
        self._entries.pop(path, None)

    def get(self, path: str, status: os.stat_result) -> CachedT | None:
        """Return the cached value of a file whose `lstat` is `status`; None if stale."""
        entry = self._entries.get(path)
        return entry[1] if entry and entry[0] == make_file_stamp(status) else None

    def put(self, path: str, status: os.stat_result, value: CachedT) -> None:
        """Cache the value of a file; `status` is its `lstat` from before the file was read."""
        modified = max(status.st_ctime_ns, status.st_mtime_ns)
        settled = modified < time.time_ns() - MIN_FILE_AGE_NS or path.startswith(_unchanged_prefixes)
        if not (settled and stat.S_ISREG(status.st_mode)):
            return
        if len(self._entries) >= MAX_CACHED_FILES:
            self._entries.clear()
        self._entries[path] = (make_file_stamp(status), value)


def assume_unchanged(*folders: Path) -> None:
    """Assume that files below `folders` stay unchanged unless they are invalidated.

    Applies until the process ends.
    """
    global _unchanged_prefixes
    _unchanged_prefixes = tuple({*_unchanged_prefixes, *(f"{folder}/" for folder in folders)})


def invalidate(paths: Iterable[str]) -> None:
    """Drop the cached values of files that were written or deleted, from every cache."""
    for path in paths:
        for cache in _caches:
            cache.invalidate(path)


def list_files(folder: Path) -> set[str]:
    """Return the paths of all files below a folder, with forward slashes."""
    return {f"{parent}/{name}".replace(os.sep, "/") for parent, _folders, names in os.walk(folder) for name in names}


def make_file_stamp(status: os.stat_result) -> FileStamp:
    """Return the stat values that change when a file is written or replaced."""
    # Unlike mtime, ctime cannot be set by users.
    return status.st_mode, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


_digests: FileCache[bytes] = FileCache()


def file_digest(path: str | Path) -> bytes:
    """Return the SHA-256 digest of a file's bytes, b"-" when there is no such file."""
    name = str(path)
    if (unchecked := _digests.get_unchecked(name)) is not None:
        return unchecked
    try:
        status = os.lstat(name)
    except (OSError, ValueError):
        return b"-"
    digest = _digests.get(name, status)
    if digest is None:
        if not Path(path).is_file():
            return b"-"
        digest = hashlib.sha256(Path(path).read_bytes()).digest()
        _digests.put(name, status, digest)
    return digest
