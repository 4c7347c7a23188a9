"""Let one build at a time use an output folder. Light to import, so that a second build is refused at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from oerbook.errors import OerbookError
from oerbook.storage.locks import lock_file
from oerbook.tasks.build.cache_owner import claim_cache_folder

LOCK_NAME = ".lock"


def raise_if_output_locked(out: Path) -> None:
    """Raise OerbookError if another build is using the output folder now. Nothing is locked afterwards."""
    if (out / LOCK_NAME).exists():
        _locked(out).release()


@contextmanager
def writable_folder(out: Path) -> Iterator[Path]:
    """Yield a folder for a cache: `out` or, if nothing can be written there, a temporary one.

    So a book on a read-only disk can be checked, and nothing is written into it.
    """
    existing = [folder for folder in (out / ".cache", out) if folder.exists()]
    nearest = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if all(os.access(folder, os.W_OK | os.X_OK) for folder in (*existing, nearest)):
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        yield Path(name)


@contextmanager
def lock_output_folder(out: Path) -> Iterator[None]:
    """Lock the output folder and claim its cache.

    Raises OerbookError when another build holds the lock.
    """
    out.mkdir(parents=True, exist_ok=True)
    lock = _locked(out)
    try:
        # While locked: two builds that start together would discard each other's cache.
        claim_cache_folder(out / ".cache")
        yield
    finally:
        lock.release()


def _locked(out: Path) -> FileLock:
    lock = lock_file(out / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        hint = "Wait until it has finished, or choose another folder with --out."
        raise OerbookError(f"another build is using {out}", hint=hint) from error
    return lock
