"""Atomic writes to files."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import BinaryIO


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it exists completely or not at all, even after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        remove_quietly(temporary)
        raise


def create_file(path: Path, data: bytes) -> None:
    """Create a file completely or not at all, even after a crash. Raises FileExistsError if there is one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            with path.open("xb") as file:
                _write_or_remove(file, path, data)
    finally:
        remove_quietly(temporary)


def remove_quietly(path: Path) -> None:
    """Delete a file if it can be deleted."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _write_or_remove(file: BinaryIO, path: Path, data: bytes) -> None:
    try:
        file.write(data)
        file.flush()
    except OSError:
        remove_quietly(path)
        raise
