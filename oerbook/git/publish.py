"""Putting a site where it is served from: a branch or a folder, in one step, so that nobody ever sees half of it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.git.refs import record

AT_FDCWD, EXCHANGE = -100, 2  # of renameat2(2)
SECONDS = 1800
BOOK = ("chapters", "contributors", "themes", "conf.py")
OVER_THE_NET = {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"}


def remotes(root: Path) -> list[str]:
    """Return the names of the repositories that this one knows."""
    return process.run(root, "remote").decode(errors="replace").split()


def tip_of(root: Path, remote: str, branch: str) -> str:
    """Return the commit that a branch ends in, here (without `remote`) or there; "" when there is no such branch.

    Raises OerbookError when the other repository does not answer.
    """
    ref = f"refs/heads/{branch}"
    if not remote:
        return process.run(root, "for-each-ref", "--format=%(objectname)", ref).decode().strip()
    told = _talk(root, f"{remote} does not answer", "ls-remote", "--", remote, ref)
    return next((row.split("\t")[0] for row in told.splitlines() if row.endswith(f"\t{ref}")), "")


def fetch(root: Path, remote: str, branch: str) -> None:
    """Bring the objects of a branch over; no branch of ours changes."""
    ref = f"refs/heads/{branch}"
    _talk(root, f"{branch} cannot be fetched from {remote}", "fetch", "-q", "--no-tags", "--no-write-fetch-head", "--", remote, ref)  # fmt: skip


def listing(root: Path, commit: str) -> dict[str, str]:
    """Return the files of a commit: path -> object."""
    rows = process.run(root, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0") if commit else []
    cells = [row.partition(b"\t") for row in rows if row]
    return {path.decode(errors="surrogateescape"): head.decode().split()[2] for head, _tab, path in cells}


def keep(root: Path, paths: Sequence[Path]) -> list[str]:
    """Write files into git's objects as they are, and return their ids."""
    if not paths:
        return []
    source = "".join(f"{path.resolve()}\n" for path in paths).encode(errors="surrogateescape")
    return process.run(root, "hash-object", "-w", "--no-filters", "--stdin-paths", source=source).decode().split()


def keep_text(root: Path, data: bytes) -> str:
    """Write bytes into git's objects, and return their id."""
    return process.run(root, "hash-object", "-w", "--no-filters", "--stdin", source=data).decode().strip()


def text_of(root: Path, oid: str) -> bytes:
    """Return the bytes of an object."""
    return process.run(root, "cat-file", "blob", oid)


def tags_here(root: Path) -> list[str]:
    """Return the tags of the commit that is checked out; none where there is no repository."""
    return (
        process.run(root, "tag", "--points-at", "HEAD").decode(errors="replace").split()
        if process.is_kept(root)
        else []
    )


def short_name(root: Path) -> str:
    """Return the short id of the commit that is checked out."""
    return process.run(root, "rev-parse", "--short", "HEAD").decode().strip()


def is_altered(root: Path) -> bool:
    """Say whether the book's files differ from the commit that is checked out, new ones included."""
    rooms = [name for name in BOOK if (root / name).exists()]
    return process.is_kept(root) and bool(process.run(root, "status", "--porcelain", "--", *rooms))


def commit(root: Path, files: Mapping[str, str], parents: Sequence[str], message: str) -> str:
    """Write a commit that holds just these files (path -> object); no branch holds it yet."""
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        index = {"GIT_INDEX_FILE": str(Path(name) / "index")}
        rows = "".join(f"100644 {oid}\t{path}\0" for path, oid in sorted(files.items()))
        process.run(
            root, "update-index", "-z", "--index-info", source=rows.encode(errors="surrogateescape"), extra=index
        )
        tree = process.run(root, "write-tree", extra=index).decode().strip()
    return record(root, tree, parents, message, process.identity(root))


def move(root: Path, remote: str, branch: str, new: str, old: str) -> None:
    """Let a branch end in a commit, here or there, if it still ends in `old` ("": if there is none).

    Raises OerbookError when somebody else moved it meanwhile, or when this user may not.
    """
    ref = f"refs/heads/{branch}"
    if not remote:
        process.run(root, "update-ref", "--create-reflog", "-m", "oerbook publish", ref, new, old or "0" * len(new))
        return
    lease = f"--force-with-lease={ref}:{old}"
    _talk(root, f"{remote} did not take the site", "push", "-q", "--no-verify", lease, "--", remote, f"{new}:{ref}")


def _talk(root: Path, problem: str, *arguments: str) -> str:
    """Run git over the network; it may ask for a password where somebody sits at a terminal."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith("GIT_SSH")
    }
    around = {**clean, **OVER_THE_NET, "LC_ALL": "C.UTF-8"}
    if not sys.stdin.isatty():
        around["GIT_TERMINAL_PROMPT"] = "0"
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, cwd=root, env=around, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise OerbookError(f"{problem}: no answer in {SECONDS // 60} minutes", hint="Is the network there?") from error
    if done.returncode == 0:
        return done.stdout.decode(errors="replace")
    said = done.stderr.decode(errors="replace").strip()
    raise OerbookError(f"{problem}: {_last(said)}", hint=_hint(said))


def _last(said: str) -> str:
    telling = [row for row in said.splitlines() if row.strip() and not row.startswith(("hint:", "To "))]
    return telling[-1].strip() if telling else "git does not say why"


def _hint(said: str) -> str:
    lower = said.lower()
    if "stale info" in lower or "fetch first" in lower or "non-fast-forward" in lower:
        return "Somebody else published meanwhile. Look at the site, and give the command again."
    if "permission" in lower or "denied" in lower or "authentication" in lower or "could not read" in lower:
        return "Sign in to the host of the repository (an SSH key or a token), or ask for the right to write there."
    if "does not appear to be a git repository" in lower or "not found" in lower:
        return "Check the address with git remote -v."
    return "Check the network and the address with git remote -v."


def put(new: Path, place: Path) -> None:
    """Put a folder in the place of another, which is then gone; whoever looks sees the one or the other."""
    if not place.exists():
        new.rename(place)
        return
    if not _exchange(new, place):
        aside = place.with_name(f".{place.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
        new.rename(place)
        new = aside
    shutil.rmtree(new, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step, where the system can."""
    if sys.platform != "linux":
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), EXCHANGE) == 0)
