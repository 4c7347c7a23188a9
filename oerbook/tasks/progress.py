"""The interface through which tasks report progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """Shows the stages of a task."""

    def stage(self, name: str, total: int | None) -> AbstractContextManager[Callable[..., None]]:
        """Open a stage of `total` steps (None: unknown).

        Call the yielded function once for each finished step.
        """
        ...
