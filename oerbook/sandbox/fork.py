"""Run a function in a fork with limits on time and memory, for code that may crash or never end."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

POLL_INTERVAL_S = 0.005
THREADS_FOLDER = Path("/proc/self/task")


def can_fork() -> bool:
    """Return whether this process has no other threads: a fork would not have them, and could wait for them."""
    return THREADS_FOLDER.is_dir() and len(list(THREADS_FOLDER.iterdir())) == 1


def run_in_fork(function: Callable[[], None], seconds: int, memory_bytes: int) -> str:
    """Run a function in a fork; return "" or why it did not succeed. Only its files remain."""
    child = os.fork()
    if not child:
        _run(function, seconds, memory_bytes)
    deadline = time.monotonic() + 2 * seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        time.sleep(POLL_INTERVAL_S)
    code = os.waitstatus_to_exitcode(status)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "it takes too long"
    return "" if code == 0 else "it cannot be drawn"


def _run(function: Callable[[], None], seconds: int, memory_bytes: int) -> None:
    code = 1
    try:
        for limit, value in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory_bytes)):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, value))
        null_fd = os.open(os.devnull, os.O_RDWR)
        os.dup2(null_fd, 2)
        function()
        code = 0
    finally:
        os._exit(code)
