"""Limit the time and memory for a page, so that it cannot stop the build."""

from __future__ import annotations

import contextlib
import re
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_PAGE_MEMORY_BYTES = 3_000_000_000  # growth of the process during one page
MEMORY_PAGE_BYTES = 4096  # the unit of statm
MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
MAX_REASON_CHARS = 300
STATM_FILE = Path("/proc/self/statm")  # https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html


class PageTimeoutError(Exception):
    """The time limit for a page was exceeded."""


@contextmanager
def time_limit(seconds: float, memory: int = MAX_PAGE_MEMORY_BYTES) -> Iterator[None]:
    """Stop the block after a CPU time in seconds (0: never) or `memory` new bytes.

    The timer repeats, because the code in the block may catch the first exception. There is no limit outside the main
    thread and on systems without timers, and no memory limit except on Linux. Raises the timeout error above, or
    `MemoryError` if the process has grown too much since the start of the block.
    """
    has_timer = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not seconds or not has_timer:
        yield
        return

    def raise_timeout(*_: object) -> None:
        raise PageTimeoutError(f"more than {seconds:g} seconds")

    outer_handler = signal.signal(signal.SIGVTALRM, raise_timeout)
    outer_delay, outer_interval = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)
    try:
        with _limit_memory(memory):
            yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, outer_delay, outer_interval)  # resume an enclosing limit
        signal.signal(signal.SIGVTALRM, outer_handler)


def failure_reason(error: Exception) -> str:
    """Return a message for authors: why a page cannot be read. It is the same in every run."""
    while isinstance(cause := getattr(error, "orig_exc", None), Exception):  # Sphinx names the handler, not the cause
        error = cause
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, PageTimeoutError):
        return "it takes too long"
    if isinstance(error, MemoryError):
        return "it takes too much memory"
    message = MEMORY_ADDRESS.sub("", str(error).splitlines()[0])[:MAX_REASON_CHARS] if str(error) else "no details"
    return f"{type(error).__name__}: {message}"


@contextmanager
def _limit_memory(memory: int) -> Iterator[None]:
    """Limit the process to `memory` bytes more than now, or its own lower limit."""
    if not STATM_FILE.is_file():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = int(STATM_FILE.read_text().split()[0]) * MEMORY_PAGE_BYTES + memory
    limit = limit if soft == resource.RLIM_INFINITY else min(soft, limit)
    try:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
