"""Decide whether a work tree shows the newest state of the book's branch."""

from __future__ import annotations

from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import objects, process, refs
from oerbook.git import publish as git_publish

ANY_COMMIT_HINT = "or publish what the folder shows with --any-commit"


def require_newest_commit(root: Path, remote: str) -> None:
    """Raise OerbookError when the work tree does not show the newest commit of the book's branch.

    The branch in `remote` counts if the local one follows it; "" asks no remote. A checkout without local branches, as
    in continuous integration, shows what it was told to.
    """
    if not process.is_work_tree(root):
        return
    branches = {branch.ref: branch for branch in refs.list_branches(root)}
    name = refs.main_branch(root)
    branch = branches.get(f"refs/heads/{name}")
    checked_out = refs.checked_out_branch(root)
    if checked_out and checked_out != f"refs/heads/{name}":
        message = (
            f"the folder shows the branch {checked_out.removeprefix('refs/heads/')}, and the book's branch is {name}"
        )
        raise OerbookError(message, hint=f"Run git switch {name}, {ANY_COMMIT_HINT}.")
    if branch is None:
        return
    head = objects.resolve_commit(root, "HEAD")
    if head != branch.tip:
        is_older = refs.is_ancestor(root, head, branch.tip)
        state = (
            f"an older state of {name} ({head[:10]})" if is_older else f"the commit {head[:10]}, which is not on {name}"
        )
        raise OerbookError(f"the folder shows {state}", hint=f"Run git switch {name}, {ANY_COMMIT_HINT}.")
    upstream = branch.upstream.removeprefix(f"refs/remotes/{remote}/")
    if not remote or upstream == branch.upstream:
        return
    newest = git_publish.branch_tip(root, remote, upstream)
    if newest and not _contains(root, branch.tip, newest):
        message = f"{remote} has commits on {upstream} that your folder does not have"
        raise OerbookError(message, hint=f"Run git pull, {ANY_COMMIT_HINT}.")


def _contains(root: Path, tip: str, commit: str) -> bool:
    """Return whether a branch contains a commit, which may not be in this repository."""
    try:
        return refs.is_ancestor(root, commit, tip)
    except OerbookError:
        return False
