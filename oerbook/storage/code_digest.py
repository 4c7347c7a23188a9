"""A digest of oerbook's own code, so that a cache notices a changed program."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

import oerbook
from oerbook import __version__


@cache
def code_digest(*packages: str) -> str:
    """Return a digest of all modules and catalogs below some packages of oerbook, of its version and of Python's.

    >>> code_digest("checks") == code_digest("checks") != code_digest("formats")
    True
    """
    root = Path(oerbook.__file__).parent
    files = sorted({path for package in packages for path in (root / package).rglob("*.p[yo]")})
    total = hashlib.sha256(f"{__version__}\0{sys.version}\0{sys.byteorder}\0".encode())
    for path in files:
        content = path.read_bytes()
        total.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return total.hexdigest()[:32]
