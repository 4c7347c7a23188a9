"""Running a part of this program in processes of their own, each with an end to its time, memory and files.

A process that has loaded this program waits warm; every task runs in a fork of it, so that no task pays for the loading
and none meets what another left in memory. Answers come as files; nothing is told but how it ended. What earlier tasks
have left in files and is of use to the next is taken into the waiting process, so that not every fork has to read it.
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
from typing import Any, Self

import oerbook

GRACE = 60  # seconds that the waiting process has to load the program, and to end a task that is late
PAUSE = 0.004  # seconds between looks at a task


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds on the clock, seconds of work, bytes of memory, bytes of one file."""

    seconds: int = 900
    work: int = 600
    memory: int = 6_000_000_000
    file: int = 1_000_000_000


class Bounded:
    """Runs `module.main(argument)` in `folder`, every time in a process of its own.

    In the process that waits, `module.warm()` is called once, and `module.recall(argument)` before each task.

    The processes know nothing of who calls: no environment, no configuration of the user, no path but this program's.
    They end with the caller.
    """

    def __init__(self, module: str, folder: Path) -> None:
        self.module, self.folder = module, folder
        self._waiting: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Begin; the waiting process begins with the first task."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.stop()

    def stop(self) -> None:
        """End the waiting process, and with it what it runs; the next task begins another."""
        if self._waiting is not None:
            self._waiting.kill()
            self._waiting.communicate()
        self._waiting = None

    def run(self, argument: Path, limits: Limits) -> str:
        """Run one task; return "" when it ended well, else why it did not."""
        told = json.dumps({"argument": str(argument), **asdict(limits)}).encode() + b"\n"
        try:
            answer = self._ask(told, limits.seconds + GRACE)
        except (OSError, ValueError):
            self.stop()
            return "it ended before its time"
        if answer["late"]:
            return "it took too long"
        return _why(int(answer["code"]), str(answer["said"]))

    def _ask(self, order: bytes, seconds: float) -> dict[str, Any]:
        """Hand over a task and wait for how it ended. Raises OSError or ValueError when no answer comes."""
        process = self._begun()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(order)
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], seconds)
        found: dict[str, Any] = json.loads(process.stdout.readline() if ready else b"")
        return found

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._waiting is None or self._waiting.poll() is not None:
            package = str(Path(oerbook.__file__).parent.parent)
            code = (
                f"import sys; sys.path.insert(0, {package!r}); "
                f"from oerbook.sandbox import worker; worker.serve({self.module!r})"
            )
            place = str(self.folder)
            environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": place, "TMPDIR": place}
            self._waiting = subprocess.Popen(
                [sys.executable, "-I", "-c", code], cwd=self.folder, env=environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip
        return self._waiting


def serve(module: str) -> None:
    """Be the waiting process: run a task for each line that comes, until no more can come."""
    import gc

    task = import_module(module)
    task.warm()
    answers = os.dup(1)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        limits = Limits(asked["seconds"], asked["work"], asked["memory"], asked["file"])
        with tempfile.TemporaryFile(dir=Path.cwd()) as said:
            try:
                task.recall(asked["argument"])
            except Exception as error:  # it is told, as any end of a task
                code, late = 1, False
                said.write(f"{type(error).__name__}: {error}".encode(errors="replace"))
            else:
                gc.freeze()  # what is in memory is shared by all forks
                code, late = _forked(task, asked["argument"], limits, said.fileno())
            said.seek(max(0, said.seek(0, os.SEEK_END) - 4000))
            told = {"code": code, "late": late, "said": said.read().decode(errors="replace")}
        os.write(answers, json.dumps(told).encode() + b"\n")


def _forked(task: Any, argument: str, limits: Limits, said: int) -> tuple[int, bool]:
    """Run one task in a fork; return its exit code, and whether it was ended for being late."""
    child = os.fork()
    if not child:
        _be(task, argument, limits, said)
    deadline = time.monotonic() + limits.seconds
    late = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        late = late or time.monotonic() > deadline
        if late:
            _end(child)
        time.sleep(PAUSE)
    _end(child)  # what it began, and left
    return os.waitstatus_to_exitcode(status), late


def _end(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _be(task: Any, argument: str, limits: Limits, said: int) -> None:
    """Be the fork: keep nothing of the waiting process open, take the limits, do the task, end."""
    code = 1
    try:
        os.setsid()
        _end_with_parent()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(said, 2)
        for stream in (0, 1):
            os.dup2(nothing, stream)
        os.closerange(3, 256)
        _bound(limits)
        task.main(argument)
        code = 0
    except BaseException:  # the end of the process is near: whatever it was is told
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _why(code: int, said: str) -> str:
    if code == 0:
        return ""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "it took too much time or memory"
    last = said.strip().splitlines()[-1] if said.strip() else f"it ended with {code}"
    return "it took too much memory" if "MemoryError" in last else last[:200]


def _end_with_parent() -> None:
    """Let this process end with the one that began it: no answer may come from a run whose caller was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _bound(limits: Limits) -> None:
    """Set the limits of this process; a system without them goes without."""
    for kind, most in (
        (resource.RLIMIT_CPU, limits.work),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
