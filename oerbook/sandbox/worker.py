"""Run a function of this program on strangers' files, in worker processes with limits.

A server process imports the module once and forks for every task, so that no task pays for the import or sees what
another left in memory. Results are passed as files; the server reports only how a task ended. Before each task the
server loads files of earlier tasks that the next one can use, so that not every fork has to read them.

Unlike `forkserver`, the server inherits nothing from the caller, and each task is confined by the kernel.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Self

import oerbook
from oerbook.model.untyped import Json
from oerbook.sandbox.fork import ForkResult, Limits, die_with_parent, exit_code_for_error, run_in_fork
from oerbook.sandbox.kernel import confine, program_folders
from oerbook.storage import signatures

GRACE_S = 60  # seconds that the server has to import the program, and to end a task that timed out
MAX_STDERR_BYTES = 4000
END_TIMEOUT_S = 2  # seconds for which the end of a server is awaited that answers no more
MAX_REASON_CHARS = 200


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
            result = self._end_of_server()
            self.stop()
            result.raise_machine_error()
            return "the process ended unexpectedly"
        result = ForkResult(int(response["code"]), bool(response["late"]))
        result.raise_machine_error()
        return _failure_reason(result, str(response["stderr"]))

    def _end_of_server(self) -> ForkResult:
        """Return how the server process ended."""
        try:
            return ForkResult(self._server.wait(END_TIMEOUT_S) if self._server is not None else 0, timed_out=False)
        except subprocess.TimeoutExpired:
            return ForkResult(0, timed_out=True)

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
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with_parent,
            )  # fmt: skip
        return self._server


def serve(module: str) -> None:
    """Run the server: fork a task for each line of standard input until it is closed."""
    try:
        _serve_tasks(module)
    except Exception as error:  # noqa: BLE001 - the caller learns from the exit code whether the machine is at fault
        os._exit(exit_code_for_error(error))


def _serve_tasks(module: str) -> None:
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
                result = ForkResult(exit_code_for_error(error), timed_out=False)
                stderr.write(f"{type(error).__name__}: {error}".encode(errors="replace"))
            else:
                gc.freeze()  # keeps the memory pages that forks share from being copied by the garbage collector
                limits = Limits(**request["limits"])
                result = run_in_fork(partial(_run_confined, task, request["argument"]), limits, stderr.fileno())
            stderr.seek(max(0, stderr.seek(0, os.SEEK_END) - MAX_STDERR_BYTES))
            response = {"code": result.code, "late": result.timed_out, "stderr": stderr.read().decode(errors="replace")}
        os.write(response_fd, json.dumps(response).encode() + b"\n")


def _run_confined(task: ModuleType, argument: str) -> None:
    """Run a task in its fork: close the server's files, and let the kernel confine it first."""
    os.closerange(3, 256)
    confine([*program_folders(), *task.readable_folders()], [Path.cwd()], task.programs())
    task.run(argument)


def _failure_reason(result: ForkResult, stderr: str) -> str:
    """Return why a task failed: what it printed last, unless a limit ended it; "" if it succeeded."""
    lines = stderr.strip().splitlines()
    if not lines or result.timed_out or result.code in (0, -signal.SIGXCPU, -signal.SIGKILL):
        return result.reason
    return "it took too much memory" if "MemoryError" in lines[-1] else lines[-1][:MAX_REASON_CHARS]
