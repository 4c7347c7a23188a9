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

from oerbook.model.findings import Finding, Place
from oerbook.model.proof import Grid, Heading, Link, PageProof, Passage, Picture
from oerbook.storage.files import write_atomically
from oerbook.storage.memo import ByIdentity

# What pickle raises when it reads a file that was cut short or spoiled.
DAMAGED = (pickle.UnpicklingError, AttributeError, ImportError, ArithmeticError, LookupError, TypeError, ValueError)


def _parts(value: Any) -> tuple[type, tuple[Any, ...]]:
    return type(value), tuple(getattr(value, name) for name in value.__dataclass_fields__)


# Values are kept as what they are made from: to read back the state of frozen values one by one takes five times as long.
PLAIN: Any = copyreg.dispatch_table | dict.fromkeys(
    (Finding, Grid, Heading, Link, PageProof, Passage, Picture, Place), _parts
)

# By folder and path, values that are in memory: they go by their content, and are never out of date.
_recalled: dict[str, dict[str, Any]] = {}


class Shelf:
    """Values by kind and key below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.used: set[str] = set()
        self._listed: dict[str, set[str]] = {}  # by kind, what is there

    def _path(self, kind: str, key: str, suffix: str) -> str:
        path = f"{self.folder}/{kind}/{key}{suffix}"
        self.used.add(path)
        return path

    def has(self, kind: str, key: str, suffix: str = ".pickle") -> bool:
        """Say whether a value is kept."""
        if kind not in self._listed:
            self._listed[kind] = self._there(kind)
        return self._path(kind, key, suffix) in self._listed[kind]

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a Python value; one that is nested too deeply is worked out anew each time."""
        path, stream = self._path(kind, key, ".pickle"), io.BytesIO()
        pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = PLAIN
        with contextlib.suppress(RecursionError):
            pickler.dump(value)
            write_atomically(Path(path), stream.getvalue())
            self._listed.get(kind, set()).add(path)

    def get(self, kind: str, key: str) -> Any:
        """Return a kept value, or None; the shelf is our own work, in a folder of our own."""
        path = self._path(kind, key, ".pickle")
        known = _recalled.get(f"{self.folder}/{kind}", {})
        return known[path] if path in known else _read(path)

    def recall(self, *kinds: str) -> None:
        """Take all values of some kinds into memory, where `get` finds them in this process and in forks of it.

        Only for kinds whose keys say all that the values are made of, and whose values nobody changes.
        """
        for kind in kinds:
            there = self._there(kind)
            known = _recalled.setdefault(f"{self.folder}/{kind}", {})
            for path in known.keys() - there:
                del known[path]
            for path in there - known.keys():
                if path.endswith(".pickle") and (value := _read(path)) is not None:
                    known[path] = value

    def put_json(self, kind: str, key: str, value: Any) -> None:
        """Keep a plain value as JSON."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        write_atomically(Path(self._path(kind, key, ".json")), text.encode())

    def get_json(self, kind: str, key: str) -> Any:
        """Return a plain value, or None."""
        try:
            return json.loads(Path(self._path(kind, key, ".json")).read_bytes())
        except (OSError, ValueError):
            return None

    def sweep(self, *kinds: str) -> None:
        """Throw away what this run did not touch."""
        for kind in kinds:
            self._listed.pop(kind, None)
            for path in self._there(kind) - self.used:
                Path(path).unlink(missing_ok=True)

    def _there(self, kind: str) -> set[str]:
        """Return the files of a kind."""
        try:
            with os.scandir(f"{self.folder}/{kind}") as entries:
                return {entry.path for entry in entries}
        except FileNotFoundError:
            return set()


def _read(path: str) -> Any:
    """Return a kept value, or None when it is not there or cannot be read back."""
    try:
        return pickle.loads(Path(path).read_bytes())
    except (OSError, EOFError, MemoryError, *DAMAGED):
        return None


said_of: ByIdentity[Any, str] = ByIdentity(repr, most=20_000)  # what a frozen value is, as text


def digest(*parts: str | bytes) -> str:
    """Return a short content key.

    >>> digest("a", "b") == digest("a", "b") != digest("ab")
    True
    """
    pieces = [part.encode() if isinstance(part, str) else part for part in parts]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(piece), piece) for piece in pieces])).hexdigest()[:32]
