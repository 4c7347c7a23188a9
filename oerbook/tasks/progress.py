"""How a task tells that it goes on; whoever runs it decides how that looks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """Something that shows the stages of a task."""

    def stage(self, name: str, total: int | None) -> AbstractContextManager[Callable[..., None]]:
        """Begin a stage of `total` steps (None: nobody knows); call what it gives once for every step done."""
        ...
