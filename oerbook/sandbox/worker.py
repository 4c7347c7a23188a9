"""Run a function of this program in worker processes with limits on time, memory and file size.

A server process imports the module once and forks for every task, so that no task pays for the import or sees what
another left in memory. Results are passed as files; the server reports only how a task ended. Before each task the
server loads files of earlier tasks that the next one can use, so that not every fork has to read them.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Self

import oerbook
from oerbook.model.untyped import Json
from oerbook.sandbox.kernel import confine, program_folders
from oerbook.storage import signatures

GRACE_S = 60  # seconds that the server has to import the program, and to end a task that timed out
POLL_INTERVAL_S = 0.004  # seconds between checks whether a task has ended
PR_SET_PDEATHSIG = 1  # of prctl(2)
MAX_STDERR_BYTES = 4000
MAX_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a task: wall-clock seconds, CPU seconds, bytes of memory, bytes of one file."""

    wall_s: int = 900
    cpu_s: int = 600
    memory_bytes: int = 6_000_000_000
    file_bytes: int = 1_000_000_000


class WorkerProcess:
    """Runs `module.run(argument)` in `folder`, each time in a new process.

    The server process calls `module.preload()` once, and `module.prepare(argument)` before each task.

    The task itself is confined by the kernel where that is possible (`sandbox.kernel`): it reads the program and
    `module.readable_folders()`, writes below `folder`, starts only `module.programs()` and reaches no network.

    The processes do not inherit the caller's environment, user configuration or import path, and end with the caller.
    """

    def __init__(self, module: str, folder: Path) -> None:
        self.module, self.folder = module, folder
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Return self; the server process starts with the first task."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server process."""
        self.stop()

    def stop(self) -> None:
        """Kill the server process and its task; the next task starts another one."""
        if self._server is not None:
            self._server.kill()
            self._server.communicate()
        self._server = None

    def run(self, argument: Path, limits: Limits) -> str:
        """Run one task; return "" if it succeeded, else the reason why it failed."""
        request = json.dumps({"argument": str(argument), "limits": asdict(limits)}).encode() + b"\n"
        try:
            response = self._send(request, limits.wall_s + GRACE_S)
        except (OSError, ValueError):
            self.stop()
            return "the process ended unexpectedly"
        if response["late"]:
            return "it took too long"
        return _failure_reason(int(response["code"]), str(response["stderr"]))

    def _send(self, request: bytes, timeout_s: float) -> dict[str, Json]:
        """Send a task to the server and return how it ended. Raises OSError or ValueError if no response comes."""
        process = self._started_server()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(request)
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], timeout_s)
        response: dict[str, Json] = json.loads(process.stdout.readline() if ready else b"")
        return response

    def _started_server(self) -> subprocess.Popen[bytes]:
        if self._server is None or self._server.poll() is not None:
            package_parent = str(Path(oerbook.__file__).parent.parent)
            code = (
                f"import sys; sys.path.insert(0, {package_parent!r}); "
                f"from {__name__} import serve; serve({self.module!r})"
            )
            folder = str(self.folder)
            environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
                           signatures.KEY_VARIABLE: signatures.worker_key()}  # fmt: skip
            self._server = subprocess.Popen(
                [sys.executable, "-I", "-c", code], cwd=self.folder, env=environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip
        return self._server


def serve(module: str) -> None:
    """Run the server: fork a task for each line of standard input until it is closed."""
    import gc

    task = import_module(module)
    task.preload()
    response_fd = os.dup(1)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        with tempfile.TemporaryFile(dir=Path.cwd()) as stderr:
            try:
                task.prepare(request["argument"])
            except Exception as error:  # noqa: BLE001 - reported like the failure of a task
                code, late = 1, False
                stderr.write(f"{type(error).__name__}: {error}".encode(errors="replace"))
            else:
                gc.freeze()  # keeps the memory pages that forks share from being copied by the garbage collector
                code, late = _run_in_fork(task, request["argument"], Limits(**request["limits"]), stderr.fileno())
            stderr.seek(max(0, stderr.seek(0, os.SEEK_END) - MAX_STDERR_BYTES))
            response = {"code": code, "late": late, "stderr": stderr.read().decode(errors="replace")}
        os.write(response_fd, json.dumps(response).encode() + b"\n")


def _run_in_fork(task: ModuleType, argument: str, limits: Limits, stderr_fd: int) -> tuple[int, bool]:
    """Run one task in a fork; return its exit code and whether it was killed for running too long."""
    child = os.fork()
    if not child:
        _run_task(task, argument, limits, stderr_fd)
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
    _kill_group(child)  # processes that the task started and left running
    return os.waitstatus_to_exitcode(status), late


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _run_task(task: ModuleType, argument: str, limits: Limits, stderr_fd: int) -> None:
    """Run the task in the forked process and exit: close the server's files, set the limits, call `main`."""
    code = 1
    try:
        os.setsid()
        _end_with_parent()
        null_fd = os.open(os.devnull, os.O_RDWR)
        os.dup2(stderr_fd, 2)
        for stream in (0, 1):
            os.dup2(null_fd, stream)
        os.closerange(3, 256)
        _set_limits(limits)
        confine([*program_folders(), *task.readable_folders()], [Path.cwd()], task.programs())
        task.run(argument)
        code = 0
    except BaseException:  # noqa: BLE001 - the process exits below; the server reports any failure
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _failure_reason(code: int, stderr: str) -> str:
    if code == 0:
        return ""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "it took too much time or memory"
    last_line = stderr.strip().splitlines()[-1] if stderr.strip() else f"the process ended with code {code}"
    return "it took too much memory" if "MemoryError" in last_line else last_line[:MAX_REASON_CHARS]


def _end_with_parent() -> None:
    """Let the kernel kill this process when its parent ends, so that no task outlives its caller."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


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
