"""Run git so that nothing in a repository's configuration is executed: no hooks, prompts, pager or network.

GitPython starts every process (`git.Git.execute`). Only its process handle is used: `execute` itself has no limits on
CPU time and output, and its time limit does not work on Windows.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import IO, NamedTuple

from oerbook.errors import OerbookError
from oerbook.git.access import UnreadableRepositoryError, raise_if_unreadable

SAFE_CONFIG = (
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never",
    "-c", "core.pager=cat", "-c", "commit.gpgSign=false", "-c", "log.showSignature=false", "-c", "gc.auto=0",
    "-c", "core.autocrlf=false", "-c", "submodule.recurse=false", "-c", "core.quotePath=false",
    "-c", "log.showRoot=true", "-c", "safe.bareRepository=explicit",
)  # fmt: skip
SAFE_ENV = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",  # read-only commands must not write to the repository
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # replacements are local, but the result is published
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_ALLOW_PROTOCOL": "none",  # overrides protocol.NAME.allow in a repository's configuration
    "GIT_LFS_SKIP_SMUDGE": "1",
    "LC_ALL": "C.UTF-8",
}
GIT_TIMEOUT_S = 600
GIT_CPU_LIMIT_S = 30  # CPU seconds; listing a book of 300,000 files takes one
TOO_MANY_FILES_MESSAGE = "it contains more files than a book can have", "Do not merge it."
TOO_SLOW_MESSAGE = (
    "git needed more than {} seconds of CPU time",
    "The history is very large (git gc may help) or was made to be slow to read. Split the submission into several "
    "with fewer commits and files.",
)


def run_git(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    extra_env: Mapping[str, str] | None = None,
    ok_codes: Sequence[int] = (0,),
) -> bytes:
    """Run git in `folder` and return its output.

    Raises OerbookError with git's message if git is not installed, takes too long, or exits with a code that is not
    in `ok_codes`; MachineError if the disk is full.
    """
    return run_with_messages(folder, *arguments, stdin=stdin, extra_env=extra_env, ok_codes=ok_codes)[0]


def run_with_messages(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    extra_env: Mapping[str, str] | None = None,
    ok_codes: Sequence[int] = (0,),
) -> tuple[bytes, list[str]]:
    """Run git as `run_git` does; return its output and the lines of its messages."""
    with start_git(
        folder, [*SAFE_CONFIG, *arguments], {**SAFE_ENV, **git_dir_env(folder), **(extra_env or {})}
    ) as process:
        try:
            output, errors = process.communicate(stdin, timeout=GIT_TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            raise OerbookError(f"git took longer than {GIT_TIMEOUT_S // 60} minutes") from error
    text = errors.decode(errors="replace").strip()
    messages = text.splitlines()
    if process.returncode not in ok_codes:
        raise_if_unreadable(text)
        command = next((argument for argument in arguments if re.fullmatch(r"[a-z]+(?:-[a-z]+)?", argument)), "")
        raise OerbookError(f"git {command} failed: {messages[-1] if messages else 'no message'}")
    return output, messages


@contextmanager
def start_git(folder: Path, arguments: Sequence[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start git with pipes for input, output and errors; it is killed when the block ends.

    Raises OerbookError if git is not installed.
    """
    git = _gitpython()
    for name in [name for name in os.environ if name.startswith("GIT_") and not name.startswith("GIT_SSH")]:
        del os.environ[name]  # GitPython passes ours on, and those of a hook would change the repository
    try:
        handle = git.Git(folder).execute(["git", *arguments], istream=subprocess.PIPE, as_process=True, env=dict(env))
    except git.GitCommandNotFound as error:
        raise OerbookError("git is not installed", hint="Install it from https://git-scm.com/downloads") from error
    process = handle.proc
    assert process
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(BrokenPipeError):
                pipe.close()


@cache
def _gitpython() -> ModuleType:
    """Import GitPython, which takes 0.1 seconds and calls `git version`."""
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"  # otherwise it raises ImportError if git is not installed
    return import_module("git")


class LimitExceededError(OerbookError):
    """git's output or CPU time exceeds the limit: a few objects can describe billions of files."""


def run_git_limited(
    folder: Path,
    max_bytes: int,
    *arguments: str,
    stdin: bytes = b"",
    extra_env: Mapping[str, str] | None = None,
    cpu_s: int = 0,
) -> bytes:
    """Run git and return its output, at most `max_bytes`, using at most `cpu_s` CPU seconds.

    `cpu_s` is GIT_CPU_LIMIT_S if it is 0.

    The CPU limit is needed because some commands collect everything in memory before they write the first byte.
    Raises LimitExceededError if a limit is exceeded, OerbookError if git fails.
    """
    cpu_limit = cpu_s or GIT_CPU_LIMIT_S
    env = {**SAFE_ENV, **git_dir_env(folder), **(extra_env or {})}
    with start_git(folder, [*SAFE_CONFIG, *arguments], env) as process:
        if sys.platform == "linux":
            import resource

            with suppress(ProcessLookupError):  # it has ended already
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (cpu_limit, cpu_limit + 1))
        stdin_pipe, stdout_pipe = connect_pipes(process)
        with suppress(BrokenPipeError):
            stdin_pipe.write(stdin)  # short enough for the pipe's buffer, so this cannot block
            stdin_pipe.close()
        output = stdout_pipe.read(max_bytes + 1)
        if len(output) > max_bytes:
            raise LimitExceededError(TOO_MANY_FILES_MESSAGE[0], hint=TOO_MANY_FILES_MESSAGE[1])
        process.wait()
    if process.returncode < 0:
        timed_out = sys.platform == "linux" and process.returncode == -signal.SIGXCPU
        message = TOO_SLOW_MESSAGE[0].format(cpu_limit) if timed_out else "git was killed while it read the history"
        raise LimitExceededError(message, hint=TOO_SLOW_MESSAGE[1])
    if process.returncode:
        hint = "Objects may be missing or damaged: fetch the branch again. git fsck names them."
        raise OerbookError(f"git {arguments[0]} failed", hint=hint)
    return output


def connect_pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipes for input and output, and discard errors: a full pipe would stop git."""

    def discard() -> None:
        with suppress(ValueError):  # the pipe was closed
            while process.stderr and process.stderr.read(1 << 16):
                pass

    assert process.stdin and process.stdout
    Thread(target=discard, daemon=True).start()
    return process.stdin, process.stdout


def git_dir_env(folder: Path) -> Mapping[str, str]:
    """Return GIT_DIR if the folder is a bare repository (`safe.bareRepository` requires it).

    A folder inside a work tree is never treated as one: it may be part of somebody's submission.
    """
    looks_bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()
    if not looks_bare or any((parent / ".git").exists() for parent in (folder, *folder.absolute().parents)):
        return {}
    return {"GIT_DIR": str(folder.absolute())}


class RepositoryInfo(NamedTuple):
    """Facts about the repository that contains a folder."""

    shallow: bool  # it is a shallow clone
    prefix: str  # the folder's path in it: "" or "some/folder/"
    top: Path  # its top folder
    head: str  # id of the current commit, "" before the first one


def repository_info(folder: Path) -> RepositoryInfo | None:
    """Return facts about the repository that contains a folder, None if there is none; runs one process.

    Raises UnreadableRepositoryError if git refuses to read it.
    """
    arguments = ("rev-parse", "--is-shallow-repository", "--show-prefix", "--show-toplevel")
    try:
        output = run_git(folder, *arguments, "HEAD")
    except OerbookError:
        if not is_work_tree(folder):
            return None
        output = run_git(folder, *arguments) + b"\n"
    shallow, prefix, top, head = output.decode(errors="surrogateescape").split("\n")[:4]
    return RepositoryInfo(shallow == "true", prefix, Path(top), head)


def is_work_tree(folder: Path) -> bool:
    """Return whether a folder is in a git work tree.

    Raises UnreadableRepositoryError if git refuses to read it.
    """
    try:
        return run_git(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except UnreadableRepositoryError:
        raise
    except OerbookError:
        return False


def in_repository(folder: Path) -> bool:
    """Return whether a folder is in a git work tree, or is a bare repository."""
    return bool(git_dir_env(folder)) or is_work_tree(folder)


def is_shallow(folder: Path) -> bool:
    """Return whether the repository is a shallow clone."""
    return run_git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def last_commit_time(root: Path) -> int | None:
    """Return the time of the last commit to the book in seconds since 1970; None outside git.

    Merged work has the time of the merge commit: the times of its own commits are set by their authors.
    """
    try:
        output = run_git(
            root, "log", "-1", "--first-parent", "--format=%ct", "--", "chapters", "contributors", "conf.py"
        )
    except OerbookError:
        return None
    return int(output) if output.strip() else None


def has_tracked_files(folder: Path) -> bool:
    """Return whether a folder contains tracked files."""
    try:
        return bool(run_git(folder.parent, "ls-files", "-z", "--", folder.name))
    except OerbookError:
        return False


def clone_history(source: Path, target: Path) -> None:
    """Clone the current branch of a local repository and the tags on it, without checking out files.

    Only local files are read, whatever the repository's configuration refers to.
    """
    options = ("--quiet", "--no-local", "--no-checkout", "--single-branch", "--no-recurse-submodules")
    paths = ("--", str(source.resolve()), str(target.absolute()))
    run_git(target.absolute().parent, "clone", *options, *paths, extra_env={"GIT_ALLOW_PROTOCOL": "file"})


def committer_env(root: Path) -> Mapping[str, str]:
    """Return environment variables that set author and committer to oerbook if no user is configured, else {}."""
    try:
        run_git(root, "config", "user.email")
        run_git(root, "config", "user.name")
        return {}
    except OerbookError:
        values = {"NAME": "oerbook", "EMAIL": "oerbook@localhost"}
        return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in values.items()}


def user_name(root: Path) -> str:
    """Return the configured `user.name`, "" if there is none."""
    try:
        return run_git(root, "config", "user.name").decode(errors="replace").strip()
    except OerbookError:
        return ""


def git_version() -> str:
    """Return git's version."""
    return run_git(Path.cwd(), "--version").decode().removeprefix("git version ").strip()


def output_lines(folder: Path, arguments: Sequence[str]) -> list[str]:
    """Return the lines of a git command's output."""
    return run_git(folder, *arguments).decode(errors="replace").splitlines()
