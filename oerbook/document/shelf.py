"""The shelf: what was worked out of each page, kept by content, so that work is done once.

Everything is written beside and then renamed; a file that cannot be read back counts as not there.
"""

from __future__ import annotations

import contextlib
import copyreg
import hashlib
import io
import json
import os
import pickle
from pathlib import Path
from typing import Any

from oerbook.evidence import Grid, Heading, Link, PageProof, Passage, Picture
from oerbook.model import Finding, Place

# What pickle raises when it reads a file that was cut short or spoiled.
DAMAGED = (pickle.UnpicklingError, AttributeError, ImportError, ArithmeticError, LookupError, TypeError, ValueError)


def _parts(value: Any) -> tuple[type, tuple[Any, ...]]:
    return type(value), tuple(getattr(value, name) for name in value.__dataclass_fields__)


# Values are kept as what they are made from: to read back the state of frozen values one by one takes five times as long.
PLAIN: Any = copyreg.dispatch_table | dict.fromkeys(
    (Finding, Grid, Heading, Link, PageProof, Passage, Picture, Place), _parts
)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    beside.write_bytes(data)
    beside.replace(path)


class Shelf:
    """Values by kind and key below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[Path] = set()

    def _path(self, kind: str, key: str, suffix: str) -> Path:
        path = self.folder / kind / f"{key}{suffix}"
        self.used.add(path)
        return path

    def has(self, kind: str, key: str, suffix: str = ".pickle") -> bool:
        """Say whether a value is kept."""
        return self._path(kind, key, suffix).is_file()

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a Python value; one that is nested too deeply is worked out anew each time."""
        with contextlib.suppress(RecursionError):
            stream = io.BytesIO()
        pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = PLAIN
        pickler.dump(value)
        write_atomically(self._path(kind, key, ".pickle"), stream.getvalue())

    def get(self, kind: str, key: str) -> Any:
        """Return a kept value, or None; the shelf is our own work, in a folder of our own."""
        path = self._path(kind, key, ".pickle")
        try:
            return pickle.loads(path.read_bytes())
        except (OSError, EOFError, MemoryError, *DAMAGED):
            return None

    def put_json(self, kind: str, key: str, value: Any) -> None:
        """Keep a plain value as JSON."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        write_atomically(self._path(kind, key, ".json"), text.encode())

    def get_json(self, kind: str, key: str) -> Any:
        """Return a plain value, or None."""
        try:
            return json.loads(self._path(kind, key, ".json").read_bytes())
        except (OSError, ValueError):
            return None

    def sweep(self, *kinds: str) -> None:
        """Throw away what this run did not touch."""
        for kind in kinds:
            for path in (self.folder / kind).glob("*"):
                if path not in self.used:
                    path.unlink(missing_ok=True)


def digest(*parts: str | bytes) -> str:
    """Return a short content key.

    >>> digest("a", "b") == digest("a", "b") != digest("ab")
    True
    """
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()[:32]
