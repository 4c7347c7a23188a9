"""Publish a site to a branch or a folder in one step, so that no reader sees half of an update."""

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
from oerbook.git import process, work_tree
from oerbook.git.refs import create_commit

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # constants of renameat2(2)
NETWORK_TIMEOUT_S = 1800  # time limit of git commands that use the network
PATHS_CHECKED_FOR_CHANGES = ("chapters", "contributors", "themes", "conf.py")
# Programs that a repository's configuration names, apart from those that its owner needs to sign in.
NO_PROGRAMS_CONFIG = (
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.alternateRefsCommand=true",
    "-c", "push.gpgSign=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "submodule.recurse=false",
)  # fmt: skip
UPLOAD_PACK_OPTION, RECEIVE_PACK = "--upload-pack=git-upload-pack", "--receive-pack=git-receive-pack"
STALE_MESSAGES = (
    "stale info",
    "fetch first",
    "non-fast-forward",
    "cannot lock ref",
    "remote ref updated since checkout",
)
NETWORK_ENV = {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"}


class StaleBranchError(OerbookError):
    """Somebody else changed a branch after it was read."""


def list_remotes(root: Path) -> list[str]:
    """Return the names of the repository's remotes."""
    return process.run_git(root, "remote").decode(errors="replace").split()


def branch_tip(root: Path, remote: str, branch: str) -> str:
    """Return the last commit of a branch in a remote, or in this repository if `remote` is ""; "" if there is none.

    Raises OerbookError if the remote does not answer.
    """
    ref = f"refs/heads/{branch}"
    if not remote:
        return process.run_git(root, "for-each-ref", "--format=%(objectname)", ref).decode().strip()
    output = _run_over_network(
        root, f"{remote} does not answer", "ls-remote", "--upload-pack=git-upload-pack", "--", remote, ref
    )
    return next((row.split("\t")[0] for row in output.splitlines() if row.endswith(f"\t{ref}")), "")


def fetch_branch(root: Path, remote: str, branch: str) -> None:
    """Fetch the objects of a branch; no local ref changes."""
    options = ("-q", "--no-tags", "--no-write-fetch-head", UPLOAD_PACK_OPTION)
    problem = f"{branch} cannot be fetched from {remote}"
    _run_over_network(root, problem, "fetch", *options, "--", remote, f"refs/heads/{branch}")


def clone_remote(address: str, folder: Path) -> None:
    """Clone the default branch of a remote repository into a new bare one.

    Raises OerbookError if the address does not answer.
    """
    options = ("-q", "--bare", "--single-branch", "--no-tags", "--template=", UPLOAD_PACK_OPTION)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run_over_network(folder.parent, f"{address} cannot be copied", "clone", *options, "--", address, str(folder))


def first_parent(root: Path, commit: str) -> str:
    """Return the first parent of a commit, "" if it has none."""
    _commit, *parents = process.run_git(root, "rev-list", "--parents", "--max-count=1", commit).decode().split()
    return parents[0] if parents else ""


def list_blobs(root: Path, commit: str) -> dict[str, str]:
    """Return the files of a commit: path -> object id."""
    rows = process.run_git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0") if commit else []
    entries = [row.partition(b"\t") for row in rows if row]
    return {path.decode(errors="surrogateescape"): fields.decode().split()[2] for fields, _tab, path in entries}


def write_blobs(root: Path, paths: Sequence[Path]) -> list[str]:
    """Write files into git's object store without conversion, and return the object ids."""
    if not paths:
        return []
    source = "".join(f"{path.resolve()}\n" for path in paths).encode(errors="surrogateescape")
    return process.run_git(root, "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=source).decode().split()


def write_blob(root: Path, data: bytes) -> str:
    """Write bytes into git's object store, and return the object id."""
    return process.run_git(root, "hash-object", "-w", "--no-filters", "--stdin", stdin=data).decode().strip()


def read_blob(root: Path, oid: str) -> bytes:
    """Return the content of an object."""
    return process.run_git(root, "cat-file", "blob", oid)


def tags_at_head(root: Path) -> list[str]:
    """Return the tags of the commit that is checked out; none outside git."""
    return (
        process.run_git(root, "tag", "--points-at", "HEAD").decode(errors="replace").split()
        if process.in_repository(root)
        else []
    )


def short_head(root: Path) -> str:
    """Return the short id of the commit that is checked out."""
    return process.run_git(root, "rev-parse", "--short", "HEAD").decode().strip()


def book_has_uncommitted_changes(root: Path) -> bool:
    """Return whether the book has uncommitted changes, including untracked files."""
    return work_tree.differs_from_last_commit(
        root, [name for name in PATHS_CHECKED_FOR_CHANGES if (root / name).exists()]
    )


def create_commit_of_files(root: Path, files: Mapping[str, str], parents: Sequence[str], message: str) -> str:
    """Create a commit of exactly these files (path -> object id), which no branch contains yet; return its id."""
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        index = {"GIT_INDEX_FILE": str(Path(name) / "index")}
        rows = "".join(f"100644 {oid}\t{path}\0" for path, oid in sorted(files.items()))
        process.run_git(
            root, "update-index", "-z", "--index-info", stdin=rows.encode(errors="surrogateescape"), extra_env=index
        )
        tree = process.run_git(root, "write-tree", extra_env=index).decode().strip()
    return create_commit(root, tree, parents, message, process.committer_env(root))


def update_branch(root: Path, remote: str, branch: str, new: str, old: str) -> None:
    """Point a branch at a commit, in a remote or (`remote` "") here, if it still points at `old` ("": does not exist).

    Raises StaleBranchError if somebody else changed it in the meantime, and OerbookError if the user may not change it.
    """
    ref = f"refs/heads/{branch}"
    if not remote:
        process.run_git(root, "update-ref", "--create-reflog", "-m", "oerbook publish", ref, new, old or "0" * len(new))
        return
    lease = f"--force-with-lease={ref}:{old}"
    problem = f"{remote} did not accept the site"
    _run_over_network(
        root,
        problem,
        "push",
        "-q",
        "--no-verify",
        RECEIVE_PACK,
        lease,
        "--",
        remote,
        f"{new}:{ref}",
    )


def _run_over_network(root: Path, problem: str, *arguments: str) -> str:
    """Run git with network access and return its output; on a terminal, it may ask for a password."""
    env = {**NETWORK_ENV, "LC_ALL": "C.UTF-8"}
    if not sys.stdin.isatty():
        env["GIT_TERMINAL_PROMPT"] = "0"
    command = [*NO_PROGRAMS_CONFIG, *arguments]
    with process.start_git(root, command, env) as git:
        try:
            output, errors = git.communicate(timeout=NETWORK_TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            message = f"{problem}: no answer in {NETWORK_TIMEOUT_S // 60} minutes"
            raise OerbookError(message, hint="Check the network connection.") from error
    if git.returncode == 0:
        return output.decode(errors="replace")
    stderr = errors.decode(errors="replace").strip()
    is_stale = any(message in stderr.lower() for message in STALE_MESSAGES)
    kind = StaleBranchError if is_stale else OerbookError
    raise kind(f"{problem}: {_last_message(stderr)}", hint=_hint(stderr))


def _last_message(stderr: str) -> str:
    messages = [row for row in stderr.splitlines() if row.strip() and not row.startswith(("hint:", "To "))]
    return messages[-1].strip() if messages else "git does not say why"


def _hint(stderr: str) -> str:
    lower = stderr.lower()
    if any(message in lower for message in STALE_MESSAGES):
        return "Somebody else has published in the meantime. Look at the site, then run the command again."
    if "permission" in lower or "denied" in lower or "authentication" in lower or "could not read" in lower:
        return "Sign in to the repository's host (SSH key or token), or ask for write access."
    if "does not appear to be a git repository" in lower or "not found" in lower:
        return "Check the address with git remote -v."
    return "Check the network connection, and the address with git remote -v."


def swap_directories(new: Path, target: Path) -> None:
    """Replace the folder `target` by `new` and delete the old one; readers see either, atomically on Linux."""
    if not target.exists():
        new.rename(target)
        return
    if not _exchange(new, target):
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        new.rename(target)
        new = old
    shutil.rmtree(new, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two folders atomically; return False if the system cannot."""
    if sys.platform != "linux":
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(renameat2(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE) == 0)
