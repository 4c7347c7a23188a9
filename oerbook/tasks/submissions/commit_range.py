"""The commits of a submission, and the files that they change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from oerbook.git import commits as git_commits
from oerbook.git import objects
from oerbook.git.commits import SubmittedCommit
from oerbook.model.submission import FileChange
from oerbook.tasks.submissions.worker_session import ReviewWorker


@dataclass(frozen=True, slots=True)
class CommitRange:
    """The commits of a submission to the book in the folder `root`.

    `base` is the book's commit, `start` the last commit that both have in common, `last` the submission's last one.
    `commits` are those from `start` to `last`, newest first. The files to review are those of `head`: `last`, or a
    trial merge of it into the base, which is then the start too. All are ids of commits.
    """

    root: Path
    base: str
    start: str
    head: str
    last: str
    commits: tuple[SubmittedCommit, ...]


def find_commits(root: Path, base: str, head: str) -> CommitRange | None:
    """Return the commits of the submission that ends in `head`, or None if it shares no history with the base.

    Raises LimitExceededError when it is too large to be read.
    """
    start = objects.merge_base(root, base, head)
    if not start:
        return None
    objects.check_submission_limits(root, start, head)
    return CommitRange(root, base, start, head, head, tuple(git_commits.submission_commits(root, start, head)))


def list_changes(submission: CommitRange, worker: ReviewWorker) -> tuple[FileChange, ...]:
    """Return the changes of a submission, with paths relative to the book."""
    prefix = worker.book_prefix(submission.root)
    differences = worker.differences(submission.root, submission.start, submission.head)
    changes = (difference.change for difference in differences)
    return tuple(
        replace(c, path=path_in_book(c.path, prefix), old_path=path_in_book(c.old_path, prefix)) for c in changes
    )


def path_in_book(path: str, prefix: str) -> str:
    """Return a path of the repository relative to the book's folder, whose path is `prefix`."""
    is_inside = not path or path.startswith(prefix)
    return path.removeprefix(prefix) if is_inside else f"../{path}"
