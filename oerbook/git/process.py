"""git, run so that nothing of a repository's own is ever executed: no hooks, no prompts, no pager, no network."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from oerbook.errors import OerbookError

SAFE = (
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never",
    "-c", "core.pager=cat", "-c", "commit.gpgSign=false", "-c", "log.showSignature=false", "-c", "gc.auto=0",
    "-c", "core.autocrlf=false", "-c", "submodule.recurse=false", "-c", "core.quotePath=false",
    "-c", "log.showRoot=true", "-c", "safe.bareRepository=explicit",
)  # fmt: skip
QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",  # looking at a repository changes nothing in it
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # what is read is what is published
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_ALLOW_PROTOCOL": "none",  # stronger than protocol.NAME.allow in a repository's own settings
    "GIT_LFS_SKIP_SMUDGE": "1",
    "LC_ALL": "C.UTF-8",
}
SECONDS = 600
MOST_WORK = 30  # seconds; to list a book of three hundred thousand files takes one
TOO_MUCH = "it names more files than a book can have", "Do not take it in."
TOO_LONG = (
    "git had not ended after {} seconds of work",
    "Either very much is to be gone through, which git gc may quicken, or somebody made it so. If nothing else is wrong with "
    "it, divide it: fewer commits, and fewer files in each.",
)


def run(
    folder: Path,
    *arguments: str,
    source: bytes = b"",
    extra: Mapping[str, str] | None = None,
    fine: Sequence[int] = (0,),
) -> bytes:
    """Run git in `folder` and return what it wrote.

    Raises OerbookError with git's own words when it is not there, or ends with another code than those that are `fine`.
    """
    environment = _environment({**_opened(folder), **(extra or {})})
    try:
        done = subprocess.run(
            ["git", *SAFE, *arguments],
            cwd=folder, input=source, capture_output=True, env=environment, timeout=SECONDS, check=False,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise OerbookError("git is missing", hint="Install it from https://git-scm.com/downloads") from error
    except subprocess.TimeoutExpired as error:
        raise OerbookError(f"git did not end within {SECONDS // 60} minutes") from error
    if done.returncode not in fine:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        name = next((word for word in arguments if re.fullmatch(r"[a-z]+(?:-[a-z]+)?", word)), "")
        raise OerbookError(f"git {name} failed: {words[-1] if words else 'it does not say why'}")
    return done.stdout


class TooMuchError(OerbookError):
    """git would tell more than anybody could read, or not end: a few objects can name billions of files."""


def run_within(
    folder: Path,
    most: int,
    *arguments: str,
    source: bytes = b"",
    extra: Mapping[str, str] | None = None,
    work: int = 0,
) -> bytes:
    """Run git and return what it wrote, `most` bytes at the utmost, after no more than `work` seconds of work (MOST_WORK).

    Some commands collect all in memory before they write the first byte. Raises TooMuchError when it is more, OerbookError
    when git fails.
    """
    work = work or MOST_WORK
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(
        ["git", *SAFE, *arguments], cwd=folder, env=_environment({**_opened(folder), **(extra or {})}), **pipes
    ) as process:  # type: ignore[call-overload]
        if sys.platform == "linux":
            import resource

            with suppress(ProcessLookupError):  # it has ended already
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (work, work + 1))
        with suppress(BrokenPipeError):
            process.stdin.write(source)  # a few words, for which there is always room
            process.stdin.close()
        told: bytes = process.stdout.read(most + 1)
        if len(told) > most:
            process.kill()
            raise TooMuchError(TOO_MUCH[0], hint=TOO_MUCH[1])
    if process.returncode < 0:
        late = sys.platform == "linux" and process.returncode == -signal.SIGXCPU
        words = TOO_LONG[0].format(work) if late else "git was ended while it went through it"
        raise TooMuchError(words, hint=TOO_LONG[1])
    if process.returncode:
        raise OerbookError(f"git {arguments[0]} failed", hint="Look at the repository with git fsck.")
    return told


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the surroundings that git runs in: nothing of ours leads it elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **QUIET, **extra}


def _opened(folder: Path) -> Mapping[str, str]:
    """Name a folder to git that is a repository without a work tree, as on a server.

    Inside of a work tree nothing is one: what looks like it there came with somebody's files.
    """
    alike = (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()
    if not alike or any((place / ".git").exists() for place in (folder, *folder.absolute().parents)):
        return {}
    return {"GIT_DIR": str(folder.absolute())}


def blobs(folder: Path, names: Sequence[str], most: int) -> Iterator[bytes]:
    """Yield the contents of objects in the order asked for, from one process, one at a time.

    What is larger than `most` bytes comes as nothing. Raises OerbookError when an object is not there.
    """
    command = ["git", *SAFE, "cat-file", "--batch", "--buffer"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, env=_environment(_opened(folder)), bufsize=1 << 20, **pipes) as process:  # type: ignore[call-overload]
        asking = Thread(target=_ask, args=(process.stdin, names), daemon=True)
        asking.start()
        try:
            for name in names:
                yield _answer(process.stdout, name, most)
        finally:
            process.kill()
            asking.join()


def _ask(pipe: Any, names: Iterable[str]) -> None:
    with suppress(BrokenPipeError, ValueError):  # nobody listens any more
        pipe.write("".join(f"{name}\n" for name in names).encode())
        pipe.close()


def _answer(pipe: Any, name: str, most: int) -> bytes:
    head = pipe.readline().split()
    if len(head) != 3:
        words = f"git does not have the object {name}: this copy of the repository is not complete"
        raise OerbookError(words, hint="Fetch all of it: git fetch --refetch")
    size = int(head[2])
    data: bytes = pipe.read(size + 1)
    if len(data) != size + 1:
        raise OerbookError(f"git stopped while it read the object {name}", hint="Try git fsck.")
    return data[:-1] if size <= most else b""


class Whereabouts(NamedTuple):
    """What there is to know of the repository that a folder lies in."""

    shallow: bool  # its history was cut off when it was copied
    prefix: str  # where the folder lies in it: "" or "some/folder/"
    top: Path  # its top folder
    head: str  # the id of the current commit, "" before the first one


def whereabouts(folder: Path) -> Whereabouts | None:
    """Return what there is to know of the repository that a folder lies in, or None outside of one.

    One process tells it all.
    """
    asked = ("rev-parse", "--is-shallow-repository", "--show-prefix", "--show-toplevel")
    try:
        told = run(folder, *asked, "HEAD")
    except OerbookError:
        if not is_repository(folder):
            return None
        told = run(folder, *asked) + b"\n"
    shallow, prefix, top, head = told.decode(errors="surrogateescape").split("\n")[:4]
    return Whereabouts(shallow == "true", prefix, Path(top), head)


def is_repository(folder: Path) -> bool:
    """Say whether a folder lies in a git work tree."""
    try:
        return run(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except OerbookError:
        return False


def is_kept(folder: Path) -> bool:
    """Say whether a folder lies in a git work tree, or is a repository without one."""
    return bool(_opened(folder)) or is_repository(folder)


def is_shallow(folder: Path) -> bool:
    """Say whether the history was cut off when the repository was copied."""
    return run(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def commit_time(root: Path) -> int | None:
    """Return the moment when the book was last touched, in seconds since 1970; None outside git.

    What was merged counts from the merge: its own commits have the moments that their authors say.
    """
    try:
        answer = run(root, "log", "-1", "--first-parent", "--format=%ct", "--", "chapters", "contributors", "conf.py")
    except OerbookError:
        return None
    return int(answer) if answer.strip() else None


def tracked(root: Path) -> list[str]:
    """Return the files that git keeps, relative to `root`."""
    return [name for name in run(root, "ls-files", "-z").decode(errors="surrogateescape").split("\0") if name]


def keeps(folder: Path) -> bool:
    """Say whether git keeps a file in a folder."""
    try:
        return bool(run(folder.parent, "ls-files", "-z", "--", folder.name))
    except OerbookError:
        return False


def clone(source: Path, target: Path) -> None:
    """Copy the history of a repository's current branch, and the tags on it; no file is checked out yet.

    Only files of this machine are read, whatever the repository says of other places.
    """
    copying = ("--quiet", "--no-local", "--no-checkout", "--single-branch", "--no-recurse-submodules")
    address = ("--", str(source.resolve()), str(target.absolute()))
    here = {"GIT_ALLOW_PROTOCOL": "file"}
    run(target.absolute().parent, "clone", *copying, *address, extra=here)


def identity(root: Path) -> Mapping[str, str]:
    """Return who commits: the configured person, or oerbook itself where nobody is configured."""
    try:
        run(root, "config", "user.email")
        run(root, "config", "user.name")
        return {}
    except OerbookError:
        who = {"NAME": "oerbook", "EMAIL": "oerbook@localhost"}
        return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}


def user_name(root: Path) -> str:
    """Return the name that commits made here would carry, "" when none is configured."""
    try:
        return run(root, "config", "user.name").decode(errors="replace").strip()
    except OerbookError:
        return ""


def version() -> str:
    """Return git's version."""
    return run(Path.cwd(), "--version").decode().removeprefix("git version ").strip()


def lines(folder: Path, arguments: Sequence[str]) -> list[str]:
    """Return the lines that a git command writes."""
    return run(folder, *arguments).decode(errors="replace").splitlines()
