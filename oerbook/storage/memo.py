"""Memoise a function by object identity, for values that are expensive to compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

ArgT = TypeVar("ArgT")
ResultT = TypeVar("ResultT")


class IdentityCache(Generic[ArgT, ResultT]):
    """A function of one frozen value that is called once per object.

    Results are dropped when there are too many.

    >>> length = IdentityCache(len, max_size=100)
    >>> length("soil"), length("soil")
    (4, 4)
    """

    def __init__(self, function: Callable[[ArgT], ResultT], max_size: int) -> None:
        self._function, self._max_size = function, max_size
        # The value is stored with its result: while it is alive, no other object can get its id.
        self._results: dict[int, tuple[ArgT, ResultT]] = {}

    def __call__(self, value: ArgT) -> ResultT:
        """Return the function's result for `value`."""
        cached = self._results.get(id(value))
        if cached is None:
            if len(self._results) >= self._max_size:
                self._results.clear()
            cached = self._results[id(value)] = (value, self._function(value))
        return cached[1]
