"""Review a submission: find the problems that it adds, reading git objects; nothing of it is run.

A submission takes one way. `find_commits` names its commits (`CommitRange`); the book is checked out without it and
with it, and a confined process reads and checks both (`ReviewJob`); the findings of the two are compared (`Review`).
`merge` takes that result and merges, or refuses, the branch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from oerbook.document.resolving.page_digest import READING_PACKAGES
from oerbook.errors import OerbookError
from oerbook.git import objects, process
from oerbook.model.findings import Finding, Place, Severity, to_row
from oerbook.model.submission import FileChange
from oerbook.sandbox.fork import Limits
from oerbook.storage.cache import make_cache_key
from oerbook.storage.code_digest import code_digest
from oerbook.storage.files import write_atomically
from oerbook.storage.locks import lock_file
from oerbook.tasks.check.run_checks import CHECKING_PACKAGES
from oerbook.tasks.progress import Progress
from oerbook.tasks.submissions.check_records import record_checks
from oerbook.tasks.submissions.commit_range import CommitRange, find_commits, list_changes
from oerbook.tasks.submissions.compare_findings import split_new_from_existing
from oerbook.tasks.submissions.facts import collect_submission_facts
from oerbook.tasks.submissions.review_job import ReviewJob, SubmissionFacts, read_findings, write_job
from oerbook.tasks.submissions.worker_session import ReviewWorker, open_worker

REVIEW_PAGE_TIMEOUT_S = 20.0  # seconds of work for one page


class BaseUnreadableError(OerbookError):
    """The book without the submission cannot be read, so that no submission can be reviewed."""


@dataclass(frozen=True, slots=True)
class ReviewLimits:
    """Limits of a review: those of each process, and the seconds of work that one page may take."""

    process: Limits = field(default_factory=Limits)
    page_timeout_s: float = REVIEW_PAGE_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What to review: the commits of `head` that the book at `base` does not have; both are names of commits."""

    base: str
    head: str = "HEAD"
    limits: ReviewLimits = field(default_factory=ReviewLimits)


@dataclass(frozen=True, slots=True)
class Review:
    """The new and the existing findings, and whether there are no commits to review."""

    new: tuple[Finding, ...]
    existing: tuple[Finding, ...]
    empty: bool = False


def review(
    root: Path, out: Path, request: ReviewRequest, progress: Progress, worker: ReviewWorker | None = None
) -> Review:
    """Review a submission to the book at `root`, and record the result; caches are kept below `out`.

    Pass the worker of the same `out` to review several submissions with one process.
    Raises OerbookError when a commit, or a book at the base, does not exist.
    """
    if worker is None:
        with open_worker(out) as own_worker:
            return review(root, out, request, progress, own_worker)
    root = root.resolve()
    worker.book_prefix(root)  # raises OerbookError outside a repository
    base, head = (objects.resolve_commit(root, name) for name in (request.base, request.head))
    try:
        submission = find_commits(root, base, head)
    except process.LimitExceededError as error:
        return Review((_unreadable(error.message, error.hint),), ())
    if submission is None:
        return Review((unrelated_history("the submission"),), ())
    reviewed = review_commits(submission, progress, worker, request.limits)
    record_checks(out, base, {head: reviewed.new})
    return reviewed


def review_commits(
    submission: CommitRange, progress: Progress, worker: ReviewWorker, limits: ReviewLimits | None = None
) -> Review:
    """Review the commits of a submission, whose size was checked.

    Raises OerbookError when there is no book at the base, or it cannot be read.
    """
    limits = limits or ReviewLimits()
    worker.folder.mkdir(parents=True, exist_ok=True)
    with lock_file(worker.folder / ".lock"):
        with progress.stage("checking the base", None):
            before = _check_base(submission, worker, limits)
        with progress.stage("checking the submission", None):
            try:
                changes = list_changes(submission, worker)
                after = _check_submission(submission, changes, worker, limits)
            except process.LimitExceededError as error:
                return Review((_unreadable(error.message, error.hint),), tuple(before))
    renamed = {change.old_path: change.path for change in changes if change.kind == "renamed"}
    new, existing = split_new_from_existing(before, after, renamed)
    return Review(new, existing, empty=submission.start == submission.head)


def unrelated_history(name: str) -> Finding:
    """Return the finding that a branch shares no history with the book."""
    message = f"{name} and the book have no common history"
    hint = "Create a branch from the book and copy the files to it."
    return Finding("branch-unrelated", message, Place("chapters"), Severity.ERROR, hint)


def _unreadable(problem: str, hint: str = "") -> Finding:
    message = f"this submission cannot be read completely: {problem}"
    hint = hint or "A file may be too large or too deeply nested: split the submission and try its files one by one."
    return Finding("submission-unreadable", message, Place("chapters"), Severity.ERROR, hint)


def _check_base(submission: CommitRange, worker: ReviewWorker, limits: ReviewLimits) -> list[Finding]:
    """Return the findings of the book without the submission, cached from an earlier review if there was one."""
    root, start, base = submission.root, submission.start, submission.base
    try:
        cache = _base_cache(root, start, base, worker)
        if cache.is_file():
            return read_findings(cache)
        files = worker.file_list(root, start).book | worker.file_list(root, base).themes
        worker.head_checkout.sync(root, files)
    except process.LimitExceededError as error:
        raise BaseUnreadableError(f"the base cannot be read: {error.message}", hint=error.hint) from error
    if not (worker.head_checkout.folder / "chapters").is_dir():
        raise BaseUnreadableError("there is no book at the base", hint="The base must have a folder chapters/.")
    findings, problem = _run_worker(None, worker, limits)
    if problem:
        hint = "Run oerbook check on the base itself."
        raise BaseUnreadableError(f"the base cannot be read: {problem}", hint=hint)
    write_atomically(cache, json.dumps([to_row(f) for f in findings]).encode())
    return findings


def _check_submission(
    submission: CommitRange, changes: Sequence[FileChange], worker: ReviewWorker, limits: ReviewLimits
) -> list[Finding]:
    """Return the findings of the book with the submission, policy rules included."""
    root, start, head = submission.root, submission.start, submission.head
    after, before = worker.file_list(root, head, start), worker.file_list(root, start)
    base = worker.file_list(root, submission.base)
    changed = {change.path for change in changes if change.kind != "removed"}
    changed_before = {change.old_path or change.path for change in changes}
    # The theme, title page, settings and policy of the base apply, whatever a submission changes.
    worker.head_checkout.sync(root, after.without_oversized(changed) | base.themes)
    worker.base_checkout.sync(root, before.select_texts(changed_before) | base.title_page())
    findings, problem = _run_worker(collect_submission_facts(submission, changes, worker), worker, limits)
    if problem:
        return [*findings, _unreadable(problem)]
    if after.themes == base.themes:  # otherwise it was read with another theme than its own
        _cache_as_base(root, head, worker)
    worker.note_commits(root, start, head, submission.commits)
    return findings


def _base_cache(root: Path, start: str, base: str, worker: ReviewWorker) -> Path:
    """Return the file that caches the findings of a base: the book at `start` with the themes of `base`."""
    code = code_digest(*READING_PACKAGES, *CHECKING_PACKAGES, "policy")
    key = make_cache_key("base", code, worker.tree_id(root, start), worker.tree_id(root, base))
    return worker.folder / "bases" / f"{key}.json"


def _cache_as_base(root: Path, head: str, worker: ReviewWorker) -> None:
    """Cache the findings of the merged book, which may be the next review's base."""
    answer = worker.folder / "answer.base.json"
    if answer.is_file():
        cache = _base_cache(root, head, head, worker)
        cache.parent.mkdir(parents=True, exist_ok=True)
        answer.replace(cache)


def _run_worker(facts: SubmissionFacts | None, worker: ReviewWorker, limits: ReviewLimits) -> tuple[list[Finding], str]:
    """Check what is checked out, in the worker; return the findings, and why it ended early or ""."""
    job_file, answer = worker.folder / "job.json", worker.folder / "answer.json"
    cache_folder = worker.folder / "work"
    touched = (*worker.head_checkout.pop_touched(), *worker.base_checkout.pop_touched())
    tree = worker.head_checkout.folder
    for old in (answer, answer.with_suffix(".base.json")):
        old.unlink(missing_ok=True)
    write_job(job_file, ReviewJob(str(tree), str(cache_folder), str(answer), limits.page_timeout_s, touched, facts))
    problem = worker.run(job_file, limits.process)
    job_file.unlink()  # it holds e-mail addresses
    if problem:
        shutil.rmtree(cache_folder, ignore_errors=True)
        return (read_findings(answer) if answer.is_file() else []), problem
    return read_findings(answer), ""
