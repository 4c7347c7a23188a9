"""Cache results on disk by content.

Files are written under a temporary name and then renamed. Each is signed with a key of this user: a file that somebody
else wrote or changed, or that cannot be read back, counts as missing. As a second defence, a pickle of ours can only
name classes that hold plain data; docutils trees, which can name more, have a kind of their own.
"""

from __future__ import annotations

import contextlib
import copyreg
import hashlib
import io
import os
import pickle
from dataclasses import dataclass, is_dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from oerbook.model.check_input import CheckedPage, Heading, Link, PageImage, Passage, TableInfo
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Json, Pickled
from oerbook.storage import signatures
from oerbook.storage.fast_json import decode_json, encode_json
from oerbook.storage.files import write_atomically
from oerbook.storage.memo import IdentityCache

Value = TypeVar("Value")
TREE_KINDS = frozenset({"resolved"})  # kinds whose values are docutils trees, with classes of any package
# Classes besides our own that cached values consist of.
CLASSES_ALLOWED_IN_PICKLES = frozenset(
    (module, name) for module in ("pathlib", "pathlib._local") for name in ("PosixPath", "WindowsPath")
)

# Exceptions that pickle raises for truncated or damaged files.
UNREADABLE_ERRORS = (
    pickle.UnpicklingError,
    AttributeError,
    ImportError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
)


def _reduce(value: Pickled) -> tuple[type, tuple[Pickled, ...]]:
    """Reduce a dataclass to its class and the arguments of its constructor."""
    return type(value), tuple(getattr(value, name) for name in value.__dataclass_fields__)


# Loading frozen dataclasses through their constructor is five times as fast as setting their fields one by one.
PICKLE_DISPATCH: Pickled = copyreg.dispatch_table | dict.fromkeys(
    (Finding, TableInfo, Heading, Link, CheckedPage, Passage, PageImage, Place), _reduce
)

# Values in memory, by folder and path; keys depend on content, so the values are never out of date.
_preloaded: dict[str, dict[str, Pickled]] = {}


@dataclass(slots=True)
class LookupCounts:
    """How often a value was looked up in any cache of this process, and how often there was one."""

    lookups: int = 0
    hits: int = 0


counts = LookupCounts()


class Cache:
    """A cache of values by kind and key in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.used_paths: set[str] = set()
        self._existing: dict[str, set[str]] = {}  # file paths by kind

    def _path(self, kind: str, key: str, suffix: str) -> str:
        path = f"{self.folder}/{kind}/{key}{suffix}"
        self.used_paths.add(path)
        return path

    def has(self, kind: str, key: str, suffix: str = ".pickle") -> bool:
        """Return whether there is a value."""
        if kind not in self._existing:
            self._existing[kind] = self._files(kind)
        return self._path(kind, key, suffix) in self._existing[kind]

    def put(self, kind: str, key: str, value: Pickled) -> None:
        """Store a Python value, unless it is nested too deeply for pickle."""
        path, stream = self._path(kind, key, ".pickle"), io.BytesIO()
        pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = PICKLE_DISPATCH
        with contextlib.suppress(RecursionError):
            pickler.dump(value)
            write_atomically(Path(path), signatures.sign(f"{kind}/{key}", stream.getvalue()))
            self._existing.get(kind, set()).add(path)

    def get(self, kind: str, key: str, value_type: type[Value]) -> Value | None:
        """Return a value, or None if there is none of this type."""
        path = self._path(kind, key, ".pickle")
        preloaded = _preloaded.get(f"{self.folder}/{kind}", {})
        value = preloaded[path] if path in preloaded else _unpickle(kind, key, path)
        return value if isinstance(value, value_type) else None

    def preload(self, *kinds: str) -> None:
        """Load all values of some kinds into memory, also for forks of this process.

        Use it only for kinds whose keys depend on all inputs and whose values are never modified.
        """
        for kind in kinds:
            paths = self._files(kind)
            preloaded = _preloaded.setdefault(f"{self.folder}/{kind}", {})
            for path in preloaded.keys() - paths:
                del preloaded[path]
            for path in paths - preloaded.keys():
                key = Path(path).stem
                if path.endswith(".pickle") and (value := _unpickle(kind, key, path)) is not None:
                    preloaded[path] = value

    def put_json(self, kind: str, key: str, value: Json) -> None:
        """Store a value as JSON."""
        self.put_bytes(kind, key, encode_json(value), ".json")

    def get_json(self, kind: str, key: str) -> Json:
        """Return a value stored as JSON, or None."""
        try:
            return decode_json(self.get_bytes(kind, key, ".json") or b"null")
        except ValueError:
            return None

    def put_bytes(self, kind: str, key: str, data: bytes, suffix: str = ".bin") -> None:
        """Store bytes."""
        write_atomically(Path(self._path(kind, key, suffix)), signatures.sign(f"{kind}/{key}", data))

    def get_bytes(self, kind: str, key: str, suffix: str = ".bin") -> bytes | None:
        """Return stored bytes, or None."""
        return _read(kind, key, self._path(kind, key, suffix))

    def delete_unused(self, *kinds: str) -> None:
        """Delete the values of some kinds that were not used in this run."""
        for kind in kinds:
            self._existing.pop(kind, None)
            for path in self._files(kind) - self.used_paths:
                Path(path).unlink(missing_ok=True)

    def _files(self, kind: str) -> set[str]:
        """Return the paths of all files of a kind."""
        try:
            with os.scandir(f"{self.folder}/{kind}") as entries:
                return {entry.path for entry in entries}
        except FileNotFoundError:
            return set()


def _read(kind: str, key: str, path: str) -> bytes | None:
    """Return the content of a cached file without its signature; None if it is missing or not ours."""
    counts.lookups += 1
    try:
        content = signatures.verify(f"{kind}/{key}", Path(path).read_bytes())
    except OSError:
        return None
    counts.hits += content is not None
    return content


def _unpickle(kind: str, key: str, path: str) -> Pickled:
    """Return a pickled value, or None if the file is missing, damaged or not ours."""
    data = _read(kind, key, path)
    if data is None:
        return None
    try:
        if kind in TREE_KINDS:
            return pickle.loads(data)  # noqa: S301 - signed
        return _DataUnpickler(io.BytesIO(data)).load()
    except (OSError, EOFError, MemoryError, *UNREADABLE_ERRORS):
        return None


class _DataUnpickler(pickle.Unpickler):
    """Reads pickles that name nothing but classes of data: no function can be called."""

    def find_class(self, module_name: str, global_name: str) -> Pickled:
        """Return a class of data. Raises UnpicklingError for anything else."""
        return _data_class(module_name, global_name)


@cache
def _data_class(module_name: str, global_name: str) -> type:
    if (module_name, global_name) in CLASSES_ALLOWED_IN_PICKLES or module_name.startswith("oerbook."):
        found: Pickled = getattr(import_module(module_name), global_name)
        is_ours = isinstance(found, type) and (is_dataclass(found) or issubclass(found, (tuple, Enum)))
        if is_ours or (module_name, global_name) in CLASSES_ALLOWED_IN_PICKLES:
            return found  # type: ignore[no-any-return]
    raise pickle.UnpicklingError(f"{module_name}.{global_name} is no class of data")


memoized_repr: IdentityCache[Pickled, str] = IdentityCache(repr, max_size=20_000)  # `repr`, memoised by identity


def make_cache_key(*parts: str | bytes) -> str:
    """Return a cache key of 32 hexadecimal digits for the given parts.

    >>> make_cache_key("a", "b") == make_cache_key("a", "b") != make_cache_key("ab")
    True
    """
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(part), part) for part in encoded])).hexdigest()[:32]
