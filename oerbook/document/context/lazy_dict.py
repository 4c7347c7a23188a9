"""A dict that unpickles each value on first access."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any


class LazyDict(MutableMapping[str, Any]):
    """Values by page name; pickling it copies values never accessed as bytes."""

    def __init__(self, pickled: Mapping[str, bytes] | None = None) -> None:
        self._pickled = dict(pickled or {})
        self._loaded: dict[str, Any] = {}

    def is_pickled(self, name: str) -> bool:
        """Return whether a value has neither been read nor set since unpickling."""
        return name in self._pickled

    def __getitem__(self, name: str) -> Any:
        if name in self._pickled:
            self._loaded[name] = pickle.loads(self._pickled.pop(name))  # noqa: S301 - pickled by this program
        return self._loaded[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._pickled.pop(name, None)
        self._loaded[name] = value

    def __delitem__(self, name: str) -> None:
        if name in self._pickled:
            del self._pickled[name]
        else:
            del self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._pickled or name in self._loaded

    def __iter__(self) -> Iterator[str]:
        yield from (*self._pickled, *self._loaded)

    def __len__(self) -> int:
        return len(self._pickled) + len(self._loaded)

    def __reduce__(self) -> tuple[Any, ...]:
        pickled = {name: pickle.dumps(value, pickle.HIGHEST_PROTOCOL) for name, value in self._loaded.items()}
        return LazyDict, (self._pickled | pickled,)
