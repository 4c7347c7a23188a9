"""Memoise a function by object identity, for values that are expensive to compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")
Made = TypeVar("Made")


class ByIdentity(Generic[Value, Made]):
    """A function of one frozen value that is called once per object.

    Results are dropped when there are too many.

    >>> length = ByIdentity(len, most=100)
    >>> length("soil"), length("soil")
    (4, 4)
    """

    def __init__(self, function: Callable[[Value], Made], most: int) -> None:
        self._function, self._max_size = function, most
        # The value is stored with its result: while it is alive, no other object can get its id.
        self._results: dict[int, tuple[Value, Made]] = {}

    def __call__(self, value: Value) -> Made:
        """Return the function's result for `value`."""
        cached = self._results.get(id(value))
        if cached is None:
            if len(self._results) >= self._max_size:
                self._results.clear()
            cached = self._results[id(value)] = (value, self._function(value))
        return cached[1]
