"""git, run so that nothing of a repository's own is ever executed: no hooks, no prompts, no pager, no network."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.errors import OerbookError

SAFE = (
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never",
    "-c", "core.pager=cat", "-c", "commit.gpgSign=false", "-c", "log.showSignature=false", "-c", "gc.auto=0",
    "-c", "core.autocrlf=false", "-c", "submodule.recurse=false", "-c", "core.quotePath=false",
)  # fmt: skip
QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",  # looking at a repository changes nothing in it
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "LC_ALL": "C.UTF-8",
}
SECONDS = 600


def run(folder: Path, *arguments: str, source: bytes = b"", extra: Mapping[str, str] | None = None) -> bytes:
    """Run git in `folder` and return what it wrote.

    Raises OerbookError with git's own words when it fails or is not there.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {**QUIET, **(extra or {})}
    try:
        done = subprocess.run(
            ["git", *SAFE, *arguments],
            cwd=folder, input=source, capture_output=True, env=environment, timeout=SECONDS, check=False,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise OerbookError("git is missing", hint="Install it from https://git-scm.com/downloads") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        name = next(word for word in arguments if word.isalpha() or re.fullmatch(r"[a-z]+-[a-z]+", word))
        raise OerbookError(f"git {name} failed: {words[-1] if words else 'it does not say why'}")
    return done.stdout


def is_repository(folder: Path) -> bool:
    """Say whether a folder lies in a git work tree."""
    try:
        return run(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except OerbookError:
        return False


def commit_time(root: Path) -> int | None:
    """Return the moment of the last commit that touched the book, in seconds since 1970; None outside git."""
    try:
        answer = run(root, "log", "-1", "--format=%ct", "--", "chapters", "contributors", "conf.py")
    except OerbookError:
        return None
    return int(answer) if answer.strip() else None


def tracked(root: Path) -> list[str]:
    """Return the files that git keeps, relative to `root`."""
    return [name for name in run(root, "ls-files", "-z").decode(errors="surrogateescape").split("\0") if name]


def clone(source: Path, target: Path) -> None:
    """Copy the history of a repository's current branch, and the tags on it; no file is checked out yet.

    Only files of this machine are read, whatever the repository says of other places.
    """
    copying = ("--quiet", "--no-local", "--no-checkout", "--single-branch", "--no-recurse-submodules")
    address = ("--", str(source.resolve()), str(target.absolute()))
    run(target.absolute().parent, "-c", "protocol.file.allow=always", "clone", *copying, *address)


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
