"""What was made of files, remembered in this process for as long as a file is the same by all that its system says of it."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import Generic, TypeVar

SETTLED = 2_500_000_000  # nanoseconds: some file systems tell the time in steps of two seconds
MOST = 20_000  # files that are remembered

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """What was made of files by their paths. A file that changed a moment ago may change again unseen: it is not kept."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, ...], Made]] = {}

    def get(self, path: str, found: os.stat_result) -> Made | None:
        """Return what was made of a file that is as `found` (by lstat), or None."""
        known = self._known.get(path)
        return known[1] if known and known[0] == _stamp(found) else None

    def put(self, path: str, found: os.stat_result, made: Made) -> None:
        """Remember what was made of a file after it was `found` as it is."""
        settled = max(found.st_ctime_ns, found.st_mtime_ns) < time.time_ns() - SETTLED
        if not (settled and stat.S_ISREG(found.st_mode)):
            return
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[path] = (_stamp(found), made)


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    """Return what changes when a file is written, replaced or given another time; nobody can set the last one."""
    return found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


_digests: Remembered[bytes] = Remembered()


def digest_of(path: str | Path) -> bytes:
    """Return the SHA-256 digest of a file's bytes, b"-" when there is no such file."""
    name = str(path)
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
