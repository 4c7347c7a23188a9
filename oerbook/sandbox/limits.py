"""Patience with a page: reading that takes too much time or memory is broken off, so that one page cannot hold up the book."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MOST_MEMORY = 3_000_000_000  # bytes more than there were before the page
PAGE = 4096
ABOUT_MEMORY = Path("/proc/self/statm")  # https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html


class ImpatienceError(Exception):
    """The page takes longer than it may."""


@contextmanager
def patience(seconds: float, memory: int = MOST_MEMORY) -> Iterator[None]:
    """Break off what stands in the block after so many seconds of work or bytes of memory; 0 waits for ever.

    The alarm repeats, for what is broken off may catch the first one. Only a main thread on a system with timers
    can be impatient, and only Linux tells a process how much memory it has. Raises ImpatienceError or MemoryError.
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not seconds or not able:
        yield
        return

    def late(*_: Any) -> None:
        raise ImpatienceError(f"more than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, late)
    left, again = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)
    try:
        with _frugal(memory):
            yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, left, again)  # whoever was impatient before is so again
        signal.signal(signal.SIGVTALRM, before)


def reason_of(error: Exception) -> str:
    """Return why a page is given up, in words for whoever wrote it."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, ImpatienceError):
        return "it takes too long"
    if isinstance(error, MemoryError):
        return "it takes too much memory"
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no more is known'}"


@contextmanager
def _frugal(memory: int) -> Iterator[None]:
    """Let the process grow by so many bytes and no more, whatever its own limit is."""
    if not ABOUT_MEMORY.is_file():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = int(ABOUT_MEMORY.read_text().split()[0]) * PAGE + memory
    known = [limit for limit in (soft, most) if limit != resource.RLIM_INFINITY]
    try:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
