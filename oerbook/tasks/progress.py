"""The interface through which tasks report progress; the caller decides how to show it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """Shows the stages of a task."""

    def stage(self, name: str, total: int | None) -> AbstractContextManager[Callable[..., None]]:
        """Open a stage of `total` steps (None: unknown); call the yielded function once per finished step."""
        ...
