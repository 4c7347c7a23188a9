"""What was made of files, remembered in this process for as long as a file is the same by all that its system says of it."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

SETTLED = 2_500_000_000  # nanoseconds: some file systems tell the time in steps of two seconds
MOST = 20_000  # files that are remembered

Stamp = tuple[int, ...]
Made = TypeVar("Made")
_all: list[Remembered[Any]] = []
_resting: tuple[str, ...] = ()


class Remembered(Generic[Made]):
    """What was made of files by their paths. A file that changed a moment ago may change again unseen: it is not kept."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Stamp, Made]] = {}
        _all.append(self)

    def at_rest(self, path: str) -> Made | None:
        """Return what was made of a file in a folder that is at rest, without a look at the file."""
        known = self._known.get(path) if path.startswith(_resting) else None
        return known[1] if known else None

    def forget(self, path: str) -> None:
        """Forget what was made of a file."""
        self._known.pop(path, None)

    def get(self, path: str, found: os.stat_result) -> Made | None:
        """Return what was made of a file that is as `found` (by lstat), or None."""
        known = self._known.get(path)
        return known[1] if known and known[0] == stamp_of(found) else None

    def put(self, path: str, found: os.stat_result, made: Made) -> None:
        """Remember what was made of a file after it was `found` as it is."""
        moment = max(found.st_ctime_ns, found.st_mtime_ns)
        settled = moment < time.time_ns() - SETTLED or path.startswith(_resting)
        if not (settled and stat.S_ISREG(found.st_mode)):
            return
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[path] = (stamp_of(found), made)


def rest(*folders: Path) -> None:
    """Take it that nothing below some folders changes but what `forget` is told of, for as long as this process lives."""
    global _resting
    _resting = tuple({*_resting, *(f"{folder}/" for folder in folders)})


def forget(paths: Iterable[str]) -> None:
    """Forget what was made of some files, which were written or taken away."""
    for path in paths:
        for remembered in _all:
            remembered.forget(path)


def below(folder: Path) -> set[str]:
    """Return all files below a folder, as text with slashes."""
    return {f"{place}/{name}".replace(os.sep, "/") for place, _folders, names in os.walk(folder) for name in names}


def stamp_of(found: os.stat_result) -> Stamp:
    """Return what changes when a file is written, replaced or given another time; nobody can set the last one."""
    return found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


_digests: Remembered[bytes] = Remembered()


def digest_of(path: str | Path) -> bytes:
    """Return the SHA-256 digest of a file's bytes, b"-" when there is no such file."""
    name = str(path)
    if (resting := _digests.at_rest(name)) is not None:
        return resting
    try:
        found = os.lstat(name)
    except (OSError, ValueError):
        return b"-"
    known = _digests.get(name, found)
    if known is None:
        if not Path(path).is_file():
            return b"-"
        known = hashlib.sha256(Path(path).read_bytes()).digest()
        _digests.put(name, found, known)
    return known
