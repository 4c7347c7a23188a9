"""Run a function in a fork with limits on time, memory and file size: code that may crash, never end or fill the disk.

`worker` and `forkserver` both answer with such forks; they differ in the process that is forked.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from oerbook.storage.machine_errors import MACHINE_ERRNOS, find_machine_error, raise_machine_error

POLL_INTERVAL_S = 0.004  # seconds between checks whether a fork has ended
MACHINE_ERROR_EXIT_CODE = 100  # an exit code of 100 + n means that the machine failed with error number n
PR_SET_PDEATHSIG = 1  # of prctl(2)
THREADS_FOLDER = Path("/proc/self/task")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a fork: wall-clock seconds, CPU seconds, bytes of memory, bytes of one file."""

    wall_s: int = 900
    cpu_s: int = 600
    memory_bytes: int = 6_000_000_000
    file_bytes: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ForkResult:
    """How a fork ended: with an exit code (negative for a signal), and whether it was killed for running too long."""

    code: int
    timed_out: bool

    @property
    def reason(self) -> str:
        """Why the function did not succeed, "" if it did."""
        if self.timed_out:
            return "it took too long"
        if self.code in (-signal.SIGXCPU, -signal.SIGKILL):
            return "it took too much time or memory"
        return f"the process ended with code {self.code}" if self.code else ""

    def raise_machine_error(self) -> None:
        """Raise MachineError if the exit code says that the machine is at fault."""
        number = self.code - MACHINE_ERROR_EXIT_CODE
        if number in MACHINE_ERRNOS:
            raise_machine_error(OSError(number, os.strerror(number)))


def exit_code_for_error(error: BaseException) -> int:
    """Return 1, or for an error of the machine a code that tells which: nothing can be written to a full disk."""
    found = find_machine_error(error)
    return MACHINE_ERROR_EXIT_CODE + found.number if found and 0 < found.number < 256 - MACHINE_ERROR_EXIT_CODE else 1


def can_fork() -> bool:
    """Return whether this process has no other threads: a fork would not have them, and could wait for them."""
    return THREADS_FOLDER.is_dir() and len(list(THREADS_FOLDER.iterdir())) == 1


def run_in_fork(function: Callable[[], None], limits: Limits, stderr_fd: int | None = None) -> ForkResult:
    """Run a function in a fork, of which only the files remain; an exception is printed to `stderr_fd`."""
    child = os.fork()
    if not child:
        _run(function, limits, stderr_fd)
    deadline = time.monotonic() + limits.wall_s
    late = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        late = late or time.monotonic() > deadline
        if late:
            _kill_group(child)
        time.sleep(POLL_INTERVAL_S)
    _kill_group(child)  # processes that the function started and left running
    return ForkResult(os.waitstatus_to_exitcode(status), late)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends, so that no task outlives its caller."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _run(function: Callable[[], None], limits: Limits, stderr_fd: int | None) -> None:
    """Call the function in the forked process, and exit."""
    code = 1
    try:
        os.setsid()  # a process group of its own, which can be killed with all that it starts
        die_with_parent()
        null_fd = os.open(os.devnull, os.O_RDWR)
        for stream, fd in ((0, null_fd), (1, null_fd), (2, null_fd if stderr_fd is None else stderr_fd)):
            os.dup2(fd, stream)
        _set_limits(limits)
        function()
        code = 0
    except BaseException as error:  # noqa: BLE001 - the process exits below; the caller reports any failure
        code = exit_code_for_error(error)
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _set_limits(limits: Limits) -> None:
    """Set the resource limits of this process where the system supports them."""
    for resource_type, limit in (
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource_type, (limit, limit))
