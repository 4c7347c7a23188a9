"""Run many commands of oerbook quickly: each in a fork of a process that has imported the program.

The fork records what Python opens, removes, starts and connects to, for tests of what a hostile book reaches.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.conftest import ROOT, Ran

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Events of Python that change a file (https://docs.python.org/3/library/audit_events.html), with the arguments that name it.
CHANGES = {"os.remove": (0,), "os.rename": (0, 1), "os.rmdir": (0,), "os.mkdir": (0,), "os.symlink": (1,), "os.link": (1,),
           "os.truncate": (0,), "os.chmod": (0,), "shutil.rmtree": (0,)}  # fmt: skip
STARTS = frozenset({"os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.Popen"})
CONNECTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"})
PROGRAMS = frozenset({"git", "pandoc", "pandoc.exe"})  # the wheel of pandoc has one name on every system
SYSTEM = ("/etc/", "/usr/", "/lib", "/proc/", "/dev/", "/sys/", "/bin/")
TIMEOUT_S = 300


@dataclass(frozen=True)
class Traced(Ran):
    """How a command ended, and what it reached that is neither the book's nor the program's."""

    reached: tuple[str, ...] = ()


class Commands:
    """A process that runs commands in forks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, *arguments: str | Path, cwd: Path) -> Traced:
        """Run a command; fail when it does not end."""
        pipe, answer = self._process.stdin, self._process.stdout
        assert pipe
        assert answer
        pipe.write(json.dumps([list(map(str, arguments)), str(cwd)]) + "\n")
        pipe.flush()
        code, reached = json.loads(answer.readline())
        texts = [(cwd.parent / name).read_text(encoding="utf-8", errors="replace") for name in ("out.txt", "err.txt")]
        return Traced(code, *texts, tuple(reached))


@contextmanager
def commands() -> Iterator[Commands]:
    """Start the process that forks."""
    folder = tempfile.mkdtemp()
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": folder}
    command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as process:
        try:
            yield Commands(process)
        finally:
            process.kill()
            shutil.rmtree(folder)


def serve() -> None:
    """Answer each line of standard input, a command, with its exit code and what it reached."""
    from importlib import import_module

    from oerbook.document import session

    session.preload_modules()
    for name in ("oerbook.tasks.build.build", "oerbook.tasks.check.check"):
        import_module(name)
    for line in sys.stdin:
        arguments, folder = json.loads(line)
        with tempfile.TemporaryFile("w+") as trace:
            child = os.fork()
            if not child:
                _run(arguments, Path(folder), trace)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            trace.seek(0)
            reached = sorted(set(trace.read().splitlines()))
        print(json.dumps([code, reached]), flush=True)


def _run(arguments: list[str], folder: Path, trace: IO[str]) -> None:
    """Run a command in this fork and exit."""
    import signal

    from oerbook.cli import run

    signal.alarm(TIMEOUT_S)
    os.chdir(folder)
    for number, name in ((1, "out.txt"), (2, "err.txt")):
        opened = os.open(folder.parent / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, number)
    code = 70
    try:
        _trace(folder, trace.fileno())
        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _trace(folder: Path, trace_fd: int) -> None:
    """Write to a file what this process reaches that it should not."""
    programs = {
        sys.prefix,
        sys.base_prefix,
        *sysconfig.get_paths().values(),
        str(ROOT / "oerbook"),
        str(ROOT / "themes"),
    }
    caches = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")) + "/oerbook"
    writable = tuple(f"{os.path.realpath(name)}/" for name in (folder, caches, os.environ["XDG_STATE_HOME"]))
    temporary = f"{os.path.realpath(tempfile.gettempdir())}/"
    own = f"{os.path.realpath(folder.parent)}/"
    readable = (*writable, *(f"{os.path.realpath(name)}/" for name in programs if name), *SYSTEM)

    def is_allowed(name: object, *, write: bool) -> bool:
        if not isinstance(name, str | bytes | os.PathLike):
            return True
        path = os.path.realpath(os.fsdecode(name)) + "/"
        if path.startswith(temporary) and not path.startswith(own):
            return True  # a folder of the program's own, made by tempfile
        return path.startswith(writable if write else readable) or (write and path == "/dev/null/")

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        problem = ""
        if event == "open":
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            if not is_allowed(arguments[0], write=bool(flags & WRITING)):
                problem = f"open {arguments[0]!r}"
        elif event in CHANGES:
            names = [arguments[n] for n in CHANGES[event]]
            problem = "" if all(is_allowed(name, write=True) for name in names) else f"{event} {names}"
        elif event in STARTS:
            program = os.fsdecode(arguments[0])  # type: ignore[arg-type]
            is_ours = Path(program).name in PROGRAMS or (program == sys.executable and "-I" in arguments[1])  # type: ignore[operator]
            problem = "" if is_ours else f"{event} {arguments[:2]}"
        elif event in CONNECTS:
            problem = f"{event} {arguments[1:]}"
        if problem:
            os.write(trace_fd, f"{problem}\n".encode(errors="replace"))

    sys.addaudithook(hook)
