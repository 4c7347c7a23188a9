"""Inventories of other books (objects.inv of Sphinx): checked before they are read, because they are compressed."""

from __future__ import annotations

import zlib
from pathlib import Path

MAX_INVENTORY_BYTES = 50_000_000  # unpacked; that of Python's documentation has 2 MB
INVENTORY_HEADER = b"# Sphinx inventory version "


def why_inventory_is_unreadable(path: Path) -> str:
    """Return why an inventory cannot be read, "" if it can."""
    try:
        with path.open("rb") as file:
            header = [file.readline(200) for _ in range(4)]
            packed = file.read(MAX_INVENTORY_BYTES)
    except OSError:
        return "it cannot be read"
    if not header[0].startswith(INVENTORY_HEADER):
        return "it is not a Sphinx inventory"
    if header[0].strip().endswith(b"1"):
        return ""  # plain text, as long as the file
    return _unpacking_problem(packed)


def _unpacking_problem(packed: bytes) -> str:
    unpacker = zlib.decompressobj()
    size = 0
    try:
        while packed and not unpacker.eof:
            size += len(unpacker.decompress(packed, 1_000_000))
            packed = unpacker.unconsumed_tail
            if size > MAX_INVENTORY_BYTES:
                return f"it holds more than {MAX_INVENTORY_BYTES // 1_000_000} MB"
    except zlib.error:
        return "it is damaged"
    return "" if unpacker.eof else "it is damaged"
