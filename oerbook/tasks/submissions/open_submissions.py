"""List the open submissions: their age, authors, reviewers, last check and conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.attribution.identity import display_name
from oerbook.attribution.trailers import parse_trailers
from oerbook.errors import MachineError, OerbookError
from oerbook.git import commits as git_commits
from oerbook.git import merge_tree, objects, refs
from oerbook.git.commits import SubmittedCommit
from oerbook.git.merge_tree import ScratchRepository
from oerbook.git.refs import Branch
from oerbook.tasks.submissions.branches import (
    find_newer_copies,
    select_branches,
    submission_authors,
    target_branch,
)
from oerbook.tasks.submissions.check_records import CheckRecord, read_records
from oerbook.tasks.submissions.conflicts import merge_bibliographies


@dataclass(frozen=True, slots=True)
class OpenSubmission:
    """A branch that is not in the book yet.

    `updated_at` is the time of its last commit in seconds since 1970; `problem` says why it cannot be merged at all;
    `outdated` means that the book has changed since the last check.
    """

    branch: str
    updated_at: int
    commits: int = 0
    people: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    check: CheckRecord | None = None
    outdated: bool = False
    problem: str = ""


def list_submissions(root: Path, out: Path, onto: str) -> tuple[str, tuple[OpenSubmission, ...]]:
    """Return the book's branch and the open submissions, oldest first; pull requests count if they were fetched.

    Conflicts are found by a trial merge in git's objects; nothing changes. Raises OerbookError as `merge` does.
    """
    root = root.resolve()
    branch = target_branch(root, onto)
    candidates = refs.list_branches(root)
    selected = {b.ref: b for b in select_branches(candidates, (), branch)}
    if any(b.ref.startswith("refs/pull/") and b.ref.endswith("/head") for b in candidates):
        tips = {b.tip for b in selected.values()}
        pulls = select_branches(candidates, ("refs/pull/*/head",), branch)
        selected |= {b.ref: b for b in pulls if b.tip not in tips}
    newer = find_newer_copies(root, list(selected.values()))
    tip = objects.resolve_commit(root, branch)
    records = read_records(out)
    with merge_tree.scratch_repository(root, {}) as scratch:
        found = [_describe(scratch, tip, b, records) for b in selected.values() if not newer[b.ref]]
    rows = sorted((row for row in found if row), key=lambda row: (row.updated_at, row.branch))
    return branch.removeprefix("refs/heads/"), tuple(rows)


def _describe(
    scratch: ScratchRepository, tip: str, branch: Branch, records: Mapping[str, CheckRecord]
) -> OpenSubmission | None:
    """Return the state of a branch, None if the book has everything in it."""
    if branch.problem:
        return OpenSubmission(branch.name, 0, problem=branch.problem)
    try:
        objects.check_submission_limits(scratch.root, tip, branch.tip)
        commits = git_commits.submission_commits(scratch.root, tip, branch.tip)
        if not commits:
            return None
        outcome = merge_bibliographies(scratch, merge_tree.merge_trees(scratch, tip, branch.tip))
    except MachineError:
        raise
    except OerbookError as error:
        return OpenSubmission(branch.name, branch.committed_at, problem=error.message)
    if outcome.tree == objects.tree_id(scratch.root, tip):
        return None
    paths = {path for path, _oid in outcome.conflicts} | {p for _kind, named in outcome.messages for p in named}
    record = records.get(branch.tip)
    people = tuple(dict.fromkeys(display_name(name) for name, _mail in submission_authors(commits)))
    return OpenSubmission(
        branch.name, branch.committed_at, len(commits), people, _reviewers(commits), tuple(sorted(paths)), record,
        outdated=record is not None and record.book != tip,
    )  # fmt: skip


def _reviewers(commits: Sequence[SubmittedCommit]) -> tuple[str, ...]:
    named = [who for commit in reversed(commits) for role, who in parse_trailers(commit.message) if role == "reviewer"]
    return tuple(dict.fromkeys(display_name(who.name) for who in named))
