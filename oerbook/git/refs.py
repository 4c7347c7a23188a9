"""Branches and their merging in git's objects alone: no work tree, no index, no hook, filter or driver takes part."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from oerbook.errors import OerbookError
from oerbook.git import process

ASIDE = "oerbook-merge.aside-"  # what a merge puts into the store for a while begins so
LEFT = "oerbook-merge.left"  # names the branch that a work tree showed before a merge moved it
NEEDED = (2, 38)  # git merge-tree --write-tree came with it


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch: its full name, the commit it ends in, that commit's moment in seconds, and the remote copy it follows."""

    ref: str
    tip: str
    when: int
    upstream: str = ""

    @property
    def name(self) -> str:
        """Return the name that people use."""
        for head in ("refs/heads/", "refs/remotes/", "refs/"):
            if self.ref.startswith(head):
                return self.ref.removeprefix(head)
        return self.ref


def branches(root: Path) -> list[Branch]:
    """Return all branches of a repository, those of pull requests and of remote copies too."""
    form = "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(committerdate:unix)%00%(symref)%00%(upstream)"
    rows = process.run(root, "for-each-ref", form, "refs/heads", "refs/remotes", "refs/pull").decode(errors="replace")
    cells = [row.split("\0") for row in rows.split("\n") if row]  # a name may hold what other systems end lines with
    return [Branch(c[0], c[2], int(c[3] or 0), c[5]) for c in cells if c[1] == "commit" and not c[4]]


def current(root: Path) -> str:
    """Return the full name of the branch that is checked out, "" when none is.

    A folder that a merge has left at the commit it showed (see `move`) counts as showing its branch still.
    """
    head = _head(root)
    if head:
        return head
    note = _private(root) / LEFT
    ref = note.read_text(encoding="utf-8").strip() if note.is_file() else ""
    return ref if ref and behind(root, ref) is not None else ""


def main(root: Path) -> str:
    """Return the name of a repository's main branch: as its host names it, else main or master, else what is checked out."""
    try:
        told = process.run(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD").decode(
            errors="replace"
        )
        return told.strip().removeprefix("origin/")
    except OerbookError:
        known = {branch.ref.removeprefix("refs/heads/") for branch in branches(root)}
        here = current(root).removeprefix("refs/heads/")
        return next((name for name in ("main", "master") if name in known), here or "main")


def behind(root: Path, ref: str) -> str | None:
    """Return the commit at which a merge has left the folder when the branch moved on; None when it has not."""
    note = _private(root) / LEFT
    if _head(root) or not note.is_file() or note.read_text(encoding="utf-8").strip() != ref:
        return None
    try:
        shown = process.run(root, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip()
        return shown if is_in(root, shown, ref) else None
    except OerbookError:  # the branch is no longer there
        return None


def _head(root: Path, extra: Mapping[str, str] | None = None) -> str:
    try:
        return process.run(root, "symbolic-ref", "--quiet", "HEAD", extra=extra).decode(errors="replace").strip()
    except OerbookError:
        return ""


def _private(root: Path) -> Path:
    """Return the folder in which git keeps what belongs to one work tree alone."""
    answer = process.run(root, "rev-parse", "--absolute-git-dir")
    return Path(answer.decode(errors="surrogateescape").rstrip("\n"))


@lru_cache(maxsize=8)
def store(root: Path) -> Path:
    """Return the folder in which git keeps the repository, the same for all its work trees; a process asks once."""
    answer = process.run(root, "rev-parse", "--path-format=absolute", "--git-common-dir")
    return Path(answer.decode(errors="surrogateescape").rstrip("\n"))


def able() -> bool:
    """Say whether this git can merge without a work tree."""
    numbers = [int(part) for part in process.version().split()[0].split(".")[:2] if part.isdigit()]
    return tuple(numbers) >= NEEDED


def is_in(root: Path, commit: str, branch: str) -> bool:
    """Say whether a branch holds a commit already."""
    return not process.run(root, "rev-list", "-1", commit, f"^{branch}").strip()


def record(root: Path, tree: str, parents: Sequence[str], message: str, who: Mapping[str, str]) -> str:
    """Write a commit, which no branch holds yet, and return its id."""
    above = [word for parent in parents for word in ("-p", parent)]
    plain = ("-c", "i18n.commitEncoding=UTF-8")
    done = process.run(root, *plain, "commit-tree", tree, *above, "-F", "-", source=message.encode(), extra=who)
    return done.decode().strip()


def move(root: Path, ref: str, new: str, old: str, why: str) -> None:
    """Let a branch end in another commit, if it still ends in `old`: before or after, and nothing between.

    Work trees that show the branch are left at `old` first, as `git switch --detach` would leave them: their files, their
    index and what git status says of them stay as they were. (Were they to follow the branch, git status would call all
    that came in a deletion, and the next commit would take it back.) A note beside the branches says what is being done,
    so that a run that was killed in it can be cleared away.
    """
    note = store(root) / "oerbook-merge.moving"
    note.write_text(f"{ref}\n{new}\n{old}\n", encoding="utf-8")
    for place in _work_trees(root):
        around = {"GIT_DIR": str(place)}
        if _head(place, around) == ref:
            (place / LEFT).write_text(f"{ref}\n", encoding="utf-8")
            told = f"checkout: moving from {ref.removeprefix('refs/heads/')} to {old}"  # git switch - leads back
            process.run(place, "update-ref", "--no-deref", "-m", told, "HEAD", old, old, extra=around)
    process.run(root, "update-ref", "--create-reflog", "-m", why, ref, new, old)
    note.unlink(missing_ok=True)


def _work_trees(root: Path) -> list[Path]:
    """Return the folders in which git keeps what belongs to each work tree."""
    folder = store(root)
    others = sorted(place for place in (folder / "worktrees").glob("*") if (place / "HEAD").is_file())
    bare = process.run(folder, "rev-parse", "--is-bare-repository", extra={"GIT_DIR": str(folder)}).strip() == b"true"
    return others if bare else [folder, *others]


def clear(root: Path) -> None:
    """Take away what a killed run of ours left: its work folders and the locks on its branch, and nobody else's."""
    folder = store(root)
    for left in folder.glob(f"{ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)
    note = folder / "oerbook-merge.moving"
    if not note.is_file():
        return
    ref, new, old, *_ = [*note.read_text(encoding="utf-8").split("\n"), "", "", ""]
    begun = note.stat().st_mtime
    locks = [folder / f"{ref}.lock", folder / "HEAD.lock", *(folder / "worktrees").glob("*/HEAD.lock")]
    for lock in locks if ref.startswith("refs/heads/") else ():
        known = (b"", new.encode(), old.encode())
        if lock.is_file() and lock.stat().st_mtime >= begun - 1 and lock.read_bytes().strip() in known:
            lock.unlink(missing_ok=True)
    note.unlink(missing_ok=True)


@contextmanager
def queue(root: Path) -> Iterator[None]:
    """Hold the queue of a repository: one merge at a time. The system lets go of it when a run is killed."""
    lock = FileLock(store(root) / "oerbook-merge.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OerbookError("another oerbook merge is at work here", hint="Wait until it has ended.") from error
    try:
        clear(root)
        yield
    finally:
        lock.release()


def writers(root: Path, start: str, tip: str, *paths: str) -> list[tuple[str, str]]:
    """Return the names and addresses of those who wrote the commits between two, oldest first, each once."""
    form = "--format=%aN%x00%aE"
    told = process.run(root, "log", "--reverse", "--no-merges", "-z", form, f"{start}..{tip}", "--", *paths)
    cells = told.decode("utf-8", errors="replace").split("\0")
    return list(dict.fromkeys(zip(cells[0::2], cells[1::2], strict=False)))
