"""Small disks that fill up, and disks that cannot be written to."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Remount = Callable[[str], None]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Remount]:
    """Mount an empty disk of a size such as 300k; the value mounts it again with other options."""
    folder.mkdir()

    def mount(options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    if not mount(f"size={size}"):
        pytest.skip("this user may not mount disks")
    try:
        yield lambda options: subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True) and None
    finally:
        subprocess.run(["umount", str(folder)], check=True)
