"""Undo a merge: take its changes out of the book with a new commit; the history stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import log, merge_tree, objects, process, refs, switch_branch
from oerbook.git.merge_tree import ScratchRepository
from oerbook.tasks.submissions.branches import short_name, target_branch
from oerbook.text.characters import escape_control

PULL_NUMBER = re.compile(r"#?(\d+)|(?:refs/)?pull/(\d+)(?:/head)?")


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What was undone: the commit and its subject, the new commit ("" in a dry run), and the changed files.

    `outdated_reason` says why the work tree was not updated, "" if it was or shows another branch.
    """

    onto: str
    undone: str
    subject: str
    commit: str
    paths: tuple[str, ...]
    outdated_reason: str = ""


def undo(root: Path, name: str, onto: str, *, dry_run: bool) -> UndoResult:
    """Add a commit to the book's branch that takes the changes of a merge out again, and keeps all later changes.

    `name` is a commit, a branch that was merged, or the number of a pull request. Words that the merge replaced are
    their authors' again, since credit follows words. Raises OerbookError when there is no such merge, when later
    changes touch the same passages, or when nothing of it is left.
    """
    root = root.resolve()
    branch = target_branch(root, onto)
    with refs.merge_lock(root), merge_tree.scratch_repository(root, {}) as scratch:
        tip = objects.resolve_commit(root, branch)
        merge = find_merge(root, branch, name)
        subject = log.commit_subjects(root, [merge])[0]
        tree = _tree_without(scratch, tip, merge, subject)
        differences = objects.diff_commits(root, objects.tree_id(root, tip), tree)
        paths = tuple(sorted({path for d in differences for path in (d.entry.path, d.old_path) if path}))
        if not paths:
            raise OerbookError(
                f"nothing of “{escape_control(subject)}” is left in the book, so there is nothing to undo"
            )
        result = UndoResult(short_name(branch), merge, subject, "", paths)
        if dry_run:
            return result
        message = f'Revert "{escape_control(subject)}"\n\nThis reverts commit {merge}.\n'
        commit = refs.create_commit(root, tree, (tip,), message, process.committer_env(root))
        refs.update_ref(root, branch, commit, tip, f"oerbook undo {merge[:10]}")
        reason = switch_branch.return_to_branch(root, branch) if refs.outdated_head(root, branch) is not None else ""
        return UndoResult(short_name(branch), merge, subject, commit, paths, reason)


def find_merge(root: Path, branch: str, name: str) -> str:
    """Return the commit on the book's branch that merged a submission.

    Raises OerbookError when there is none.
    """
    rows = [
        row.split("\0")
        for row in process.output_lines(root, ["log", "--first-parent", "--format=%H%x00%P%x00%s", branch])
    ]
    for sha, parents, subject in rows:
        if parents and subject in (f"Merge {name}", f"Merge branch '{name}'"):
            return sha
    if pull := PULL_NUMBER.fullmatch(name):
        number = pull[1] or pull[2]
        pattern = re.compile(rf"Merge pull request #{number}\b|Merge pull/{number}/head$|.*\(#{number}\)$")
        if found := next((sha for sha, _parents, subject in rows if pattern.match(subject)), ""):
            return found
    return _find_commit(root, rows, name)


def _find_commit(root: Path, rows: Sequence[Sequence[str]], name: str) -> str:
    """Return the commit of the book's branch with this id, or the merge of a branch whose last commit it is."""
    hint = "Name its merge commit, its branch, or its pull request (#12). git log --first-parent --oneline lists them."
    try:
        wanted = objects.resolve_commit(root, name)
    except OerbookError as error:
        raise OerbookError(f"there is no merge “{escape_control(name)}” in the book", hint=hint) from error
    if rows and wanted == rows[-1][0]:
        raise OerbookError("this is the book's first commit, which cannot be undone", hint=hint)
    for sha, parents, _subject in rows:
        if sha == wanted or wanted in parents.split()[1:]:
            return sha
    raise OerbookError(f"“{escape_control(name)}” is not a merge on the book's branch", hint=hint)


def _tree_without(scratch: ScratchRepository, tip: str, merge: str, subject: str) -> str:
    """Return the tree of `tip` without the changes of a merge.

    Commits made for the purpose give git's three-way merge the base that `git revert` uses: the merge itself.
    """
    root = scratch.root
    author = {f"GIT_{role}_{key}": "oerbook" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    base = refs.create_commit(root, objects.tree_id(root, merge), (), "base\n", author)
    ours = refs.create_commit(root, objects.tree_id(root, tip), (base,), "ours\n", author)
    theirs = refs.create_commit(root, objects.tree_id(root, f"{merge}^1"), (base,), "theirs\n", author)
    outcome = merge_tree.merge_trees(scratch, ours, theirs)
    if outcome.conflicts or outcome.messages:
        paths = sorted({path for path, _oid in outcome.conflicts} | {p for _kind, ps in outcome.messages for p in ps})
        message = (
            f"“{escape_control(subject)}” cannot be undone: later changes touch the same passages in {', '.join(paths)}"
        )
        mainline = " -m 1" if _is_merge(root, merge) else ""
        raise OerbookError(
            message, hint=f"Undo those changes first, or resolve it by hand: git revert{mainline} {merge[:10]}"
        )
    return outcome.tree


def _is_merge(root: Path, commit: str) -> bool:
    return len(process.run_git(root, "rev-list", "--no-walk", "--parents", commit).split()) > 2
