"""Choose the branches that are submissions, and the book's branch that takes them in."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from oerbook.attribution.trailers import parse_trailers
from oerbook.errors import OerbookError
from oerbook.git import process, refs
from oerbook.git.commits import SubmittedCommit
from oerbook.git.refs import Branch

SITE_BRANCHES = ("gh-pages", "pages")  # branches that hold a published site
FETCH_PULLS_HINT = "Fetch the pull requests first: git fetch origin '+refs/pull/*/head:refs/pull/*/head'"


def target_branch(root: Path, name: str) -> str:
    """Return the full name of the book's branch."""
    if not process.in_repository(root):
        raise OerbookError(f"{root.name} is not in a git repository", hint="Merging needs the book's repository.")
    if process.is_shallow(root):
        message = "the history is incomplete (shallow clone), so credit would be wrong"
        raise OerbookError(message, hint="Fetch all of it: git fetch --unshallow")
    if not refs.has_merge_tree():
        raise OerbookError("this git is too old to merge without a work tree", hint="Install git 2.38 or later.")
    if not name:
        current = refs.current_branch(root)
        if not current:
            raise OerbookError("no branch is checked out", hint="Name the book's branch: --onto main")
        return current
    full = name if name.startswith("refs/heads/") else f"refs/heads/{name}"
    if full not in {branch.ref for branch in refs.list_branches(root)}:
        raise OerbookError(f"there is no branch {name}", hint="List the branches with git branch.")
    return full


def has_fetched_pull_requests(root: Path) -> bool:
    """Return whether pull requests were fetched from GitHub, as `FETCH_PULLS_HINT` says."""
    return any(b.ref.startswith("refs/pull/") and b.ref.endswith("/head") for b in refs.list_branches(root))


def short_name(ref: str) -> str:
    """Return a branch's name from its full ref."""
    return ref.removeprefix("refs/heads/")


def select_branches(candidates: Sequence[Branch], names: Sequence[str], onto: str) -> list[Branch]:
    """Return the named branches, oldest first; all submissions without names.

    The book's branch and published sites are no submissions.
    Raises OerbookError when a name or pattern matches no branch.
    """
    book = short_name(onto)
    # GitHub's trial merges (refs/pull/*/merge) are no submissions, and neither are remote copies of the book's branch.
    others = [
        b for b in candidates if b.ref != onto and not (b.ref.startswith("refs/pull/") and b.ref.endswith("/merge"))
    ]
    if not names:
        excluded = (book, *SITE_BRANCHES)
        selected = [b for b in others if not b.ref.startswith("refs/pull/") and _local_name(b) not in excluded]
    else:
        if {book, onto} & set(names):
            hint = "Name the branches to merge into it, or none for all; choose another target with --onto."
            raise OerbookError(f"{book} is the branch to merge into", hint=hint)
        selected = [branch for name in names for branch in _matching(others, name)]
    by_tip = {branch.tip or branch.ref: branch for branch in reversed(selected)}
    return sorted(by_tip.values(), key=lambda b: (b.committed_at, b.name))


def _local_name(branch: Branch) -> str:
    """Return a branch's name without the name of the remote."""
    return branch.name.partition("/")[2] if branch.ref.startswith("refs/remotes/") else branch.name


def _matching(candidates: Sequence[Branch], name: str) -> list[Branch]:
    """Return the branches that match a name or pattern, preferring local ones."""
    exact = [b for b in candidates if name in (b.ref, b.name)]
    matching = exact or [b for b in candidates if fnmatchcase(b.ref, name) or fnmatchcase(b.name, name)]
    matching = matching or [b for b in candidates if fnmatchcase(_local_name(b), name)]
    if not matching:
        is_pull = name.removeprefix("refs/").startswith("pull/")
        hint = FETCH_PULLS_HINT if is_pull else "List the branches with git branch --all."
        raise OerbookError(f"there is no branch {name or '“”'}", hint=hint)
    return matching


def find_newer_copies(root: Path, selected: Sequence[Branch]) -> dict[str, str]:
    """Return the name of a newer local or remote copy of each branch, or "", by ref."""
    copies: dict[str, list[Branch]] = {}
    for branch in selected:
        if not branch.problem:
            copies.setdefault(_local_name(branch), []).append(branch)
    newer = {}
    for branch in selected:
        same_name = [] if branch.problem else copies[_local_name(branch)]
        newer[branch.ref] = _superset_copy(root, branch, same_name) or _rewritten_copy(root, branch, same_name)
    return newer


def _superset_copy(root: Path, branch: Branch, copies: Sequence[Branch]) -> str:
    """Return the name of the copy that has all commits of a branch and more, or ""."""
    others = [b for b in copies if b.tip != branch.tip]
    return next((other.name for other in others if refs.is_readable_ancestor(root, branch.tip, other.tip)), "")


def _rewritten_copy(root: Path, branch: Branch, copies: Sequence[Branch]) -> str:
    """Return the name of the copy whose commits were rewritten later, or "".

    After git commit --amend or git rebase, neither copy has all commits of the other.
    """
    others = [b for b in copies if (b.upstream == branch.ref or branch.upstream == b.ref) and b.tip != branch.tip]
    later = [
        b for b in others if (b.committed_at, b.ref) > (branch.committed_at, branch.ref)
    ]  # at the same time, the remote one
    return next((b.name for b in later if not refs.is_readable_ancestor(root, b.tip, branch.tip)), "")


def submission_authors(commits: Sequence[SubmittedCommit]) -> tuple[tuple[str, str], ...]:
    """Return names and addresses of authors, oldest first, then of co-authors."""
    authors = [commit.mailmapped for commit in reversed(commits) if not commit.is_plain_merge]
    coauthors = [
        who for commit in reversed(commits) for role, who in parse_trailers(commit.message) if role == "author"
    ]
    return tuple(dict.fromkeys([*authors, *((who.name, who.email) for who in coauthors)]))
