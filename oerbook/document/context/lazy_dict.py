"""A table of values by page in which each stays packed until it is asked for: what nobody asks for costs nothing."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any


class Packed(MutableMapping[str, Any]):
    """Values by the names of pages; pickled, those that nobody asked for since are passed on as they are."""

    def __init__(self, packed: Mapping[str, bytes] | None = None) -> None:
        self._packed = dict(packed or {})
        self._open: dict[str, Any] = {}

    def untouched(self, name: str) -> bool:
        """Say whether a value is there that nobody has asked for or put in since the table was unpickled."""
        return name in self._packed

    def __getitem__(self, name: str) -> Any:
        if name in self._packed:
            self._open[name] = pickle.loads(self._packed.pop(name))
        return self._open[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._packed.pop(name, None)
        self._open[name] = value

    def __delitem__(self, name: str) -> None:
        if name in self._packed:
            del self._packed[name]
        else:
            del self._open[name]

    def __contains__(self, name: object) -> bool:
        return name in self._packed or name in self._open

    def __iter__(self) -> Iterator[str]:
        yield from (*self._packed, *self._open)

    def __len__(self) -> int:
        return len(self._packed) + len(self._open)

    def __reduce__(self) -> tuple[Any, ...]:
        opened = {name: pickle.dumps(value, pickle.HIGHEST_PROTOCOL) for name, value in self._open.items()}
        return Packed, (self._packed | opened,)
