"""List and update branches through git's objects and refs alone: no work tree, index, hook, filter or merge driver."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from filelock import Timeout

from oerbook.errors import MachineError, OerbookError
from oerbook.git import process
from oerbook.storage.files import write_atomically
from oerbook.storage.locks import lock_file

SCRATCH_PREFIX = "oerbook-merge.aside-"  # prefix of a merge's temporary folders in the git directory
DETACHED_BRANCH_FILE = (
    "oerbook-merge.left"  # file that names the branch a work tree had checked out before a merge updated it
)
MIN_GIT_VERSION = (2, 38)  # the first git with merge-tree --write-tree
UPDATE_RECORD_FILE = "oerbook-merge.moving"  # file that records the update of a branch while it is in progress
MERGE_LOCK_FILE = "oerbook-merge.lock"
BRANCH_FOLDERS = ("refs/heads", "refs/remotes", "refs/pull")
REFS_PER_CALL = 200  # the length of a command line is limited
IGNORED_REF = re.compile(r"warning: ignoring (?:broken ref|ref with broken name) (\S+)")
DAMAGED_REF, LOST_COMMIT = "its reference is damaged", "its last commit is missing or damaged"


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch: its ref, its last commit, that commit's time in seconds since 1970, and its upstream ref.

    `problem` says why its last commit cannot be read; then the other fields are "" or 0.
    """

    ref: str
    tip: str
    committed_at: int
    upstream: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """The short name, for example "main" or "origin/main"."""
        for prefix in ("refs/heads/", "refs/remotes/", "refs/"):
            if self.ref.startswith(prefix):
                return self.ref.removeprefix(prefix)
        return self.ref


def list_branches(root: Path) -> list[Branch]:
    """Return all branches of a repository, including pull requests, remote-tracking and damaged branches."""
    listing, messages = process.run_with_messages(root, "for-each-ref", "--format=%(refname)", *BRANCH_FOLDERS)
    ignored = [match[1] for message in messages if (match := IGNORED_REF.fullmatch(message))]
    damaged = [Branch(ref, "", 0, problem=DAMAGED_REF) for ref in ignored if ref.startswith(BRANCH_FOLDERS)]
    # split("\n"), since a ref name may contain other line separators
    refs = [ref for ref in listing.decode(errors="replace").split("\n") if ref]
    batches = [refs[start : start + REFS_PER_CALL] for start in range(0, len(refs), REFS_PER_CALL)]
    return [*(branch for batch in batches for branch in _describe_branches(root, batch)), *damaged]


def _describe_branches(root: Path, refs: Sequence[str]) -> list[Branch]:
    """Return the branches of some refs: git lists none if it cannot read one, which is found by halving."""
    try:
        return _readable_branches(root, refs)
    except MachineError:
        raise
    except OerbookError:
        if len(refs) == 1:
            return [Branch(refs[0], "", 0, problem=LOST_COMMIT)]
        middle = len(refs) // 2
        return [*_describe_branches(root, refs[:middle]), *_describe_branches(root, refs[middle:])]


def _readable_branches(root: Path, patterns: Sequence[str]) -> list[Branch]:
    """Return the branches that match a pattern. Raises OerbookError if one of them cannot be read."""
    row_format = "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(committerdate:unix)%00%(symref)%00%(upstream)"
    rows = process.run_git(root, "for-each-ref", row_format, *patterns).decode(errors="replace")
    fields = [row.split("\0") for row in rows.split("\n") if row]
    return [
        Branch(ref, tip, int(when or 0), upstream)
        for ref, object_type, tip, when, symref, upstream in fields
        if object_type == "commit" and not symref
    ]


def current_branch(root: Path) -> str:
    """Return the ref of the branch that is checked out, "" if none is.

    A work tree that `update_ref` detached still counts as being on its branch.
    """
    head = _head(root)
    if head:
        return head
    record_file = _work_tree_dir(root) / DETACHED_BRANCH_FILE
    ref = record_file.read_text(encoding="utf-8").strip() if record_file.is_file() else ""
    return ref if ref and outdated_head(root, ref) is not None else ""


def main_branch(root: Path) -> str:
    """Return the name of the main branch: the default branch of origin, else main or master, else the current one."""
    try:
        default = process.run_git(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        return default.decode(errors="replace").strip().removeprefix("origin/")
    except OerbookError:
        names = {branch.ref.removeprefix("refs/heads/") for branch in list_branches(root)}
        checked_out = current_branch(root).removeprefix("refs/heads/")
        return next((name for name in ("main", "master") if name in names), checked_out or "main")


def outdated_head(root: Path, ref: str) -> str | None:
    """Return the commit at which `update_ref` left the work tree when it updated the branch; None if it did not."""
    record_file = _work_tree_dir(root) / DETACHED_BRANCH_FILE
    if _head(root) or not record_file.is_file() or record_file.read_text(encoding="utf-8").strip() != ref:
        return None
    try:
        commit = process.run_git(root, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip()
        return commit if is_ancestor(root, commit, ref) else None
    except OerbookError:  # the branch was deleted
        return None


def forget_detached_branch(root: Path) -> None:
    """Remove the record of the branch that a merge detached; the work tree is on a branch again."""
    (_work_tree_dir(root) / DETACHED_BRANCH_FILE).unlink(missing_ok=True)


def _head(root: Path, env: Mapping[str, str] | None = None) -> str:
    try:
        return process.run_git(root, "symbolic-ref", "--quiet", "HEAD", extra_env=env).decode(errors="replace").strip()
    except OerbookError:
        return ""


def _work_tree_dir(root: Path) -> Path:
    """Return the git directory of this work tree."""
    path = process.run_git(root, "rev-parse", "--absolute-git-dir")
    return Path(path.decode(errors="surrogateescape").rstrip("\n"))


@lru_cache(maxsize=8)
def common_dir(root: Path) -> Path:
    """Return the git directory that all work trees of the repository share; cached per process."""
    path = process.run_git(root, "rev-parse", "--path-format=absolute", "--git-common-dir")
    return Path(path.decode(errors="surrogateescape").rstrip("\n"))


def has_merge_tree() -> bool:
    """Return whether the installed git can merge without a work tree."""
    numbers = [int(part) for part in process.git_version().split()[0].split(".")[:2] if part.isdigit()]
    return tuple(numbers) >= MIN_GIT_VERSION


def checked_out_branch(root: Path) -> str:
    """Return the ref that HEAD points to, "" if HEAD is detached."""
    return _head(root)


def is_ancestor(root: Path, commit: str, branch: str) -> bool:
    """Return whether a branch contains a commit."""
    return not process.run_git(root, "rev-list", "-1", commit, f"^{branch}").strip()


def is_readable_ancestor(root: Path, commit: str, branch: str) -> bool:
    """Return whether a branch contains a commit; False when commits between them are missing or damaged."""
    try:
        return is_ancestor(root, commit, branch)
    except MachineError:
        raise
    except OerbookError:
        return False


def create_commit(root: Path, tree: str, parents: Sequence[str], message: str, author_env: Mapping[str, str]) -> str:
    """Create a commit that no branch contains yet, and return its id; see `process.committer_env`."""
    parent_options = [option for parent in parents for option in ("-p", parent)]
    arguments = ("-c", "i18n.commitEncoding=UTF-8", "commit-tree", tree, *parent_options, "-F", "-")
    return process.run_git(root, *arguments, stdin=message.encode(), extra_env=author_env).decode().strip()


def update_ref(root: Path, ref: str, new: str, old: str, reflog_message: str) -> None:
    """Point a branch at another commit if it still points at `old`; atomic.

    Work trees that have the branch checked out are first detached at `old`, as by `git switch --detach`; their files,
    index and `git status` stay the same. (If they followed the branch, git status would report everything that came in
    as deleted, and the next commit would revert it.) A file in the git directory records the update, so that
    `remove_merge_leftovers` can clean up after a run that was killed.
    """
    moving = common_dir(root) / UPDATE_RECORD_FILE
    write_atomically(moving, f"{ref}\n{new}\n{old}\n".encode())
    for git_dir in _work_tree_dirs(root):
        env = {"GIT_DIR": str(git_dir)}
        if _head(git_dir, env) == ref:
            write_atomically(git_dir / DETACHED_BRANCH_FILE, f"{ref}\n".encode())
            # in this form, `git switch -` leads back to the branch
            message = f"checkout: moving from {ref.removeprefix('refs/heads/')} to {old}"
            process.run_git(git_dir, "update-ref", "--no-deref", "-m", message, "HEAD", old, old, extra_env=env)
    process.run_git(root, "update-ref", "--create-reflog", "-m", reflog_message, ref, new, old)
    moving.unlink(missing_ok=True)


def _work_tree_dirs(root: Path) -> list[Path]:
    """Return the git directories of all work trees."""
    folder = common_dir(root)
    linked = sorted(path for path in (folder / "worktrees").glob("*") if (path / "HEAD").is_file())
    bare = (
        process.run_git(folder, "rev-parse", "--is-bare-repository", extra_env={"GIT_DIR": str(folder)}).strip()
        == b"true"
    )
    return linked if bare else [folder, *linked]


def remove_merge_leftovers(root: Path) -> None:
    """Remove what a killed merge left behind: its temporary folders, and lock files that it can only have written."""
    folder = common_dir(root)
    for leftover in folder.glob(f"{SCRATCH_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    moving = folder / UPDATE_RECORD_FILE
    if not moving.is_file():
        return
    ref, new, old, *_ = [*moving.read_text(encoding="utf-8").split("\n"), "", "", ""]
    started = moving.stat().st_mtime
    locks = [folder / f"{ref}.lock", folder / "HEAD.lock", *(folder / "worktrees").glob("*/HEAD.lock")]
    own_contents = (b"", new.encode(), old.encode())
    for lock in locks if ref.startswith("refs/heads/") else ():
        if lock.is_file() and lock.stat().st_mtime >= started - 1 and lock.read_bytes().strip() in own_contents:
            lock.unlink(missing_ok=True)
    moving.unlink(missing_ok=True)


@contextmanager
def merge_lock(root: Path) -> Iterator[None]:
    """Hold the lock that allows one merge per repository at a time; the system releases it if the run is killed.

    Raises OerbookError if another run holds it.
    """
    lock = lock_file(common_dir(root) / MERGE_LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OerbookError("another oerbook merge is running in this repository", hint="Wait until it ends.") from error
    try:
        remove_merge_leftovers(root)
        yield
    finally:
        lock.release()


def commit_authors(root: Path, start: str, tip: str, *paths: str) -> list[tuple[str, str]]:
    """Return the distinct authors (name, e-mail address) of the commits between two, oldest first."""
    row_format = "--format=%aN%x00%aE"
    output = process.run_git(root, "log", "--reverse", "--no-merges", "-z", row_format, f"{start}..{tip}", "--", *paths)
    fields = output.decode("utf-8", errors="replace").split("\0")
    return list(dict.fromkeys(zip(fields[0::2], fields[1::2], strict=False)))
