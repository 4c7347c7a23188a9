"""Running a part of this program in a process of its own, with an end to its time, memory and files."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import oerbook


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds on the clock, seconds of work, bytes of memory, bytes of one file."""

    seconds: int = 900
    work: int = 600
    memory: int = 6_000_000_000
    file: int = 1_000_000_000


def run(module: str, argument: Path, folder: Path, limits: Limits) -> str:
    """Run `module.main(argument)` in `folder`; return "" when it ended well, else why it did not.

    The process knows nothing of who calls: no environment, no configuration of the user, no path but this program's.
    """
    package = str(Path(oerbook.__file__).parent.parent)
    code = (
        f"import sys; sys.path.insert(0, {package!r}); from importlib import import_module; "
        f"import_module({module!r}).main(sys.argv[1])"
    )
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", code, str(argument)], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=lambda: _bound(limits),
    )  # fmt: skip
    try:
        _out, said = process.communicate(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        return "it took too long"
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return _why(process.returncode, said.decode(errors="replace"))


def _why(code: int, said: str) -> str:
    if code == 0:
        return ""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "it took too much time or memory"
    last = said.strip().splitlines()[-1] if said.strip() else f"it ended with {code}"
    return "it took too much memory" if "MemoryError" in last else last[:200]


def _bound(limits: Limits) -> None:
    """Set the limits of the process that is about to begin, which ends with us; a system without them goes without."""
    import ctypes
    import resource

    if sys.platform == "linux":  # no answer may come from a run whose caller was killed
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

    for kind, most in (
        (resource.RLIMIT_CPU, limits.work),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
