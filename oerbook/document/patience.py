"""Patience with a page: reading that takes too long is broken off, so that one page cannot hold up the book."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class ImpatienceError(Exception):
    """The page takes longer than it may."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Break off what stands in the block after so many seconds of work; 0 waits for ever.

    The alarm repeats, for what is broken off may catch the first one. Only a main thread on a system with timers
    can be impatient.
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not seconds or not able:
        yield
        return

    def late(*_: Any) -> None:
        raise ImpatienceError(f"more than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
