"""Update the files of a work tree to its branch without running hooks or filters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process, refs

NO_FILTER_VALUES = ("unspecified", "unset", "")  # values of the attribute `filter` that convert nothing


def return_to_branch(root: Path, ref: str) -> str:
    """Check out the newest commit of a branch in a detached work tree, as `git switch` does.

    Returns "" when done, else why the work tree was left as it is: uncommitted changes, files that only a filter of
    the repository's configuration can write (such as Git LFS), or git's own message.
    """
    env = _disabled_filters(root)
    if process.run_git(root, "status", "--porcelain", "-uno", extra_env=env).strip():
        return "it has uncommitted changes"
    filtered = _filtered_path(root, ref)
    if filtered:
        return f"{filtered} needs a git filter, and oerbook runs none"
    try:
        process.run_git(root, "switch", "-q", "--no-guess", ref.removeprefix("refs/heads/"), extra_env=env)
    except OerbookError as error:
        return _untracked_in_the_way(root, ref) or error.message
    refs.forget_detached_branch(root)
    return ""


def _disabled_filters(root: Path) -> Mapping[str, str]:
    """Return environment variables that turn off every configured filter."""
    pattern = r"^filter\..*\.(clean|smudge|process|required)$"
    rows = process.run_git(root, "config", "-z", "--name-only", "--get-regexp", pattern, ok_codes=(0, 1))
    names = [name for name in dict.fromkeys(rows.decode(errors="surrogateescape").split("\0")) if name]
    values = {f"GIT_CONFIG_KEY_{n}": name for n, name in enumerate(names)}
    values |= {f"GIT_CONFIG_VALUE_{n}": "false" * name.endswith(".required") for n, name in enumerate(names)}
    return {"GIT_CONFIG_COUNT": str(len(names)), **values}


def _filtered_path(root: Path, ref: str) -> str:
    """Return a changed file that has a filter, or ""."""
    top = Path(process.run_git(root, "rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n"))
    changed = process.run_git(top, "diff-tree", "-r", "-z", "--name-only", "--no-renames", "HEAD", ref)
    rows = process.run_git(top, "check-attr", "-z", "--stdin", "filter", stdin=changed)
    fields = rows.decode(errors="surrogateescape").split("\0")
    triples = zip(fields[0::3], fields[2::3], strict=False)
    return next((path for path, value in triples if value not in NO_FILTER_VALUES), "")


def _untracked_in_the_way(root: Path, ref: str) -> str:
    """Return a reason that names an untracked file which the branch has too, or ""."""
    changed = process.run_git(root, "diff-tree", "-r", "-z", "--name-only", "--diff-filter=A", "HEAD", ref)
    untracked = process.run_git(root, "ls-files", "-z", "--others", "--full-name", ":/")
    both = sorted(set(changed.split(b"\0")) & set(untracked.split(b"\0")) - {b""})
    return f"its untracked file {both[0].decode(errors='replace')} is also in the branch" if both else ""
