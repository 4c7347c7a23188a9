"""What was made of frozen values, remembered by which object they are: to compare them would cost more than to make it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")
Made = TypeVar("Made")


class ByIdentity(Generic[Value, Made]):
    """A function of one frozen value that is worked out once for an object, of no more than `most` objects.

    >>> length = ByIdentity(len, most=100)
    >>> length("soil"), length("soil")
    (4, 4)
    """

    def __init__(self, make: Callable[[Value], Made], most: int) -> None:
        self._make, self._most = make, most
        self._known: dict[int, tuple[Value, Made]] = {}  # who is in here is not gone, so that nobody else has its id

    def __call__(self, value: Value) -> Made:
        """Return what is made of a value."""
        known = self._known.get(id(value))
        if known is None:
            if len(self._known) >= self._most:
                self._known.clear()
            known = self._known[id(value)] = (value, self._make(value))
        return known[1]
