"""Lock files that are no links: opening a lock empties the file that it leads to."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock

from oerbook.errors import OerbookError


def lock_file(path: Path) -> FileLock:
    """Return the lock at a path, not acquired yet. Raises OerbookError if the path is a link."""
    if path.is_symlink():
        message = f"{path} is a link to another file, which oerbook would overwrite"
        raise OerbookError(message, hint="Find out who made it, and delete the link.")
    return FileLock(path)
