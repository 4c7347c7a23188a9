"""Find the problems that a submission adds, reading git objects; nothing of it is run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from oerbook.document.resolving.page_digest import READING_PACKAGES
from oerbook.errors import OerbookError
from oerbook.git import commits as git_commits
from oerbook.git import objects, process
from oerbook.model.findings import Finding, Place, Severity, to_row
from oerbook.model.submission import FileChange
from oerbook.sandbox.worker import Limits
from oerbook.storage.cache import digest
from oerbook.storage.code_digest import code_digest
from oerbook.storage.files import write_atomically
from oerbook.tasks.check.run_checks import CHECKING_PACKAGES
from oerbook.tasks.progress import Progress
from oerbook.tasks.submissions.check_records import record_checks
from oerbook.tasks.submissions.compare_findings import split_new_and_existing
from oerbook.tasks.submissions.file_list import SOURCE_SUFFIXES, FileList
from oerbook.tasks.submissions.known_names import collect_credited, collect_signatures
from oerbook.tasks.submissions.review_job import ReviewJob, read_findings
from oerbook.tasks.submissions.submission import changes_existing_files, commit_counts
from oerbook.tasks.submissions.worker_session import ReviewWorker, open_worker

REVIEW_PAGE_TIMEOUT_S = 20.0  # seconds of work for one page
PeopleByPath = dict[str, list[tuple[str, str]]]  # names and addresses


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What to review: a commit of a submission against the book at `base`.

    `page_timeout_s` is the seconds of work that one page may take. The remaining fields spare git queries when the
    caller knows their values: `commits` are those of the submission since `merge_base`, `last_commit` is the last of
    them. Then `base` and `head` are commit ids, `head` is a trial merge of the two, and its size has been checked.
    """

    base: str
    head: str = "HEAD"
    limits: Limits = field(default_factory=Limits)
    page_timeout_s: float = REVIEW_PAGE_TIMEOUT_S
    merge_base: str = ""
    commits: tuple[git_commits.SubmittedCommit, ...] = ()
    last_commit: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """The new and the existing findings, and whether there are no commits to review."""

    new: tuple[Finding, ...]
    existing: tuple[Finding, ...]
    empty: bool = False


def review(
    root: Path, out: Path, request: ReviewRequest, progress: Progress, worker: ReviewWorker | None = None
) -> Review:
    """Review a submission to the book at `root`; caches are kept below `out`.

    Pass the worker of the same `out` to review several submissions with one process.
    Raises OerbookError when a commit, or a book at the base, does not exist.
    """
    if worker is None:
        with open_worker(out) as own_worker:
            return review(root, out, request, progress, own_worker)
    root = root.resolve()
    prefix = worker.book_prefix(root)
    tip, head = (
        (request.base, request.head)
        if request.merge_base
        else (objects.resolve_commit(root, c) for c in (request.base, request.head))
    )
    start = request.merge_base or objects.merge_base(root, tip, head)
    if not start:
        return Review((unrelated_history("the submission"),), ())
    run = ReviewRun(root, prefix, request, worker)
    run.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(run.folder / ".lock"):
        with progress.stage("checking the base", None):
            try:
                before = run.review_base(start, tip)
            except process.LimitExceededError as error:
                raise OerbookError(f"the base cannot be read: {error.message}", hint=error.hint) from error
        with progress.stage("checking the submission", None):
            try:
                if not request.merge_base:
                    objects.check_limits(root, start, head)
                after = run.review_submission(start, tip, head)
            except process.LimitExceededError as error:
                return Review((_unreadable(error.message, error.hint),), tuple(before))
    new, existing = split_new_and_existing(before, after, run.renamed_paths(start, head))
    if not request.merge_base:
        record_checks(out, tip, {head: new})
    return Review(new, existing, empty=start == head)


def unrelated_history(name: str) -> Finding:
    """Return the finding that a branch shares no history with the book."""
    message = f"{name} and the book have no common history"
    hint = "Create a branch from the book and copy the files to it."
    return Finding("branch-unrelated", message, Place("chapters"), Severity.ERROR, hint)


def _unreadable(problem: str, hint: str = "") -> Finding:
    message = f"this submission cannot be read completely: {problem}"
    hint = hint or "A file may be too large or too deeply nested: split the submission and try its files one by one."
    return Finding("submission-unreadable", message, Place("chapters"), Severity.ERROR, hint)


class ReviewRun:
    """One review: checks out the book before and after, and runs the worker on both.

    The checkouts are always in the same folders, so that cached results of earlier reviews stay valid.
    """

    def __init__(self, root: Path, prefix: str, request: ReviewRequest, worker: ReviewWorker) -> None:
        self.root, self.folder, self.prefix, self.request = root, worker.folder, prefix, request
        self.worker = worker
        self.head_checkout, self.base_checkout = worker.head_checkout, worker.base_checkout

    def renamed_paths(self, start: str, head: str) -> dict[str, str]:
        """Return the new path of each renamed file by its old one."""
        return {c.old_path: c.path for c in self.list_changes(start, head) if c.kind == "renamed"}

    def list_changes(self, start: str, head: str) -> list[FileChange]:
        """Return the changes between two commits, with paths relative to the book."""
        changes = [difference.change for difference in self.worker.differences(self.root, start, head)]
        return [replace(c, path=self._in_book(c.path), old_path=self._in_book(c.old_path)) for c in changes]

    def review_base(self, start: str, tip: str) -> list[Finding]:
        """Return the findings of the base, cached from an earlier review if there was one."""
        cache = self._base_cache(start, tip)
        if cache.is_file():
            return read_findings(cache)
        self.head_checkout.sync(self.root, self._files(start).book | self._files(tip).themes)
        if not (self.head_checkout.folder / "chapters").is_dir():
            raise OerbookError(
                f"there is no book at {self.request.base}", hint="The base must have a folder chapters/."
            )
        findings, problem = self._run_worker(self._job())
        if problem:
            raise OerbookError(f"the base cannot be read: {problem}", hint="Run oerbook check on the base itself.")
        write_atomically(cache, json.dumps([to_row(f) for f in findings]).encode())
        return findings

    def review_submission(self, start: str, tip: str, head: str) -> list[Finding]:
        """Return the findings of the book with the submission, policy rules included."""
        changes = self.list_changes(start, head)
        after, before, base = self._files(head, start), self._files(start), self._files(tip)
        changed = {c.path for c in changes if c.kind != "removed"}
        changed_before = {c.old_path or c.path for c in changes}
        # The theme, title page, settings and policy of the base apply, whatever a submission changes.
        self.head_checkout.sync(self.root, after.within_limits(changed) | base.themes)
        self.base_checkout.sync(self.root, before.select_texts(changed_before) | base.title_page())
        commits = self.request.commits or git_commits.submission_commits(self.root, start, head)
        job = self._submission_job(changes, start, self.request.last_commit or head, commits)
        job["files"] = [self._in_book(path) for path in after.files] if self.prefix else [*after.files]
        findings, problem = self._run_worker(job)
        if problem:
            return [*findings, _unreadable(problem)]
        if after.themes == base.themes:  # otherwise it was read with another theme than its own
            self._cache_as_base(head)
        self.worker.note_commits(self.root, start, head, commits)
        return findings

    def _job(self) -> ReviewJob:
        return {
            "tree": str(self.head_checkout.folder),
            "cache_folder": str(self.folder / "work"),
            "answer": str(self.folder / "answer.json"),
            "page_timeout_s": self.request.page_timeout_s,
            "touched_files": [*self.head_checkout.pop_touched(), *self.base_checkout.pop_touched()],
        }

    def _submission_job(
        self, changes: list[FileChange], start: str, last: str, commits: Sequence[git_commits.SubmittedCommit]
    ) -> ReviewJob:
        """Return the job of a submission, with what git knows of its authors."""
        by_people = [commit for commit in commits if not commit.is_plain_merge]
        mails = {commit.email for commit in by_people} - {""}  # an empty address identifies nobody
        names = self.worker.name_index(self.root, start)
        signed = collect_signatures(commits, names)
        return {
            "before": str(self.base_checkout.folder),
            "changes": [asdict(change) for change in self._with_strangers(changes, start, last, commits)],
            "authors": commit_counts(commit.name for commit in by_people),
            "signatures": signed,
            "credited": collect_credited(commits),
            "known_names": names.related(name for name, *_ in signed),
            "unsigned_commits": [commit.short_id for commit in by_people if not commit.signed_off],
            "reserved_names": names.names_without(mails) if changes_existing_files(changes) else [],
            **self._job(),  # last: it resets the list of touched files, which must not get lost when git fails
        }

    def _files(self, commit: str, start: str = "") -> FileList:
        return self.worker.file_list(self.root, commit, start)

    def _in_book(self, path: str) -> str:
        """Return a path of the repository relative to the book's folder."""
        is_inside = not path or path.startswith(self.prefix)
        return path.removeprefix(self.prefix) if is_inside else f"../{path}"

    def _base_cache(self, start: str, tip: str) -> Path:
        """Return the file that caches the findings of a base."""
        key = digest(
            "base",
            code_digest(*READING_PACKAGES, *CHECKING_PACKAGES, "policy"),
            *(self.worker.tree_id(self.root, commit) for commit in (start, tip)),
        )
        return self.folder / "bases" / f"{key}.json"

    def _cache_as_base(self, head: str) -> None:
        """Cache the findings of the merged book, which may be the next review's base."""
        answer = self.folder / "answer.base.json"
        if answer.is_file():
            cache = self._base_cache(head, head)
            cache.parent.mkdir(parents=True, exist_ok=True)
            answer.replace(cache)

    def _with_strangers(
        self, changes: list[FileChange], start: str, last: str, commits: Sequence[git_commits.SubmittedCommit]
    ) -> list[FileChange]:
        """Add to each change of a file the authors who had not added that file.

        When no commit is seen to make the change, as when a merge reverts a file, all authors of the submission count.
        """
        existing = {self.prefix + (c.old_path or c.path) for c in changes if c.kind in ("changed", "renamed")}
        if not existing:
            return changes
        adders = self._adders(start, existing)
        editors = self._editors(changes, start, last, commits)
        everybody = [(commit.name, commit.email) for commit in commits]
        old_paths = [self.prefix + (change.old_path or change.path) for change in changes]
        candidates = []
        for change, old_path in zip(changes, old_paths, strict=True):
            adder_mails = {mail for _name, mail in adders.get(old_path, ()) if mail}
            authors = [who for path in (change.path, change.old_path) for who in editors.get(self.prefix + path, ())]
            candidates.append(tuple(dict.fromkeys(w for w in authors or everybody if w[1] not in adder_mails)))
        unresolved = [path for path, people in zip(old_paths, candidates, strict=True) if people]
        first_mail = self._first_authors(start, unresolved)
        return [
            replace(change, other_authors=tuple(who for who in people if who[1] != first_mail.get(path)))
            for change, path, people in zip(changes, old_paths, candidates, strict=True)
        ]

    def _adders(self, start: str, paths: Collection[str]) -> PeopleByPath:
        """Return who added files to the book, by path.

        Merges are searched only for files that no other commit added.
        """
        adders = git_commits.authors_by_path(self.root, "", start, paths, git_commits.ADDED_FILES_OPTIONS)
        missing = set(paths) - adders.keys()
        if missing:
            adders |= git_commits.authors_by_path(self.root, "", start, missing, git_commits.ADDITIONS_BY_MERGES)
        return adders

    def _editors(
        self, changes: Sequence[FileChange], start: str, last: str, commits: Sequence[git_commits.SubmittedCommit]
    ) -> PeopleByPath:
        """Return who changed files in the submission, by path."""
        paths = {self.prefix + path for c in changes for path in (c.path, c.old_path) if path}
        editors = git_commits.authors_by_path(self.root, start, last, paths)
        for commit in commits:
            for path in commit.own_changes:
                editors.setdefault(path, []).append((commit.name, commit.email))
        return editors

    def _first_authors(self, start: str, paths: Collection[str]) -> dict[str, str]:
        """Return the first author of the content of binary files, by path.

        Unlike the log of a path, this finds the author of a file that others have moved since.
        """
        files = self._files(start).files
        oids = {path: files[path].oid for path in paths if path in files and not path.endswith(SOURCE_SUFFIXES)}
        authors = git_commits.first_authors(self.root, start, set(oids.values())) if oids else {}
        return {path: authors[oid] for path, oid in oids.items() if authors.get(oid)}

    def _run_worker(self, job: ReviewJob) -> tuple[list[Finding], str]:
        """Run a job in the worker; return the findings, and why it ended early or ""."""
        job_file, answer = self.folder / "job.json", Path(job["answer"])
        for old in (answer, answer.with_suffix(".base.json")):
            old.unlink(missing_ok=True)
        job_file.write_text(json.dumps(job), encoding="utf-8")
        problem = self.worker.run(job_file, self.request.limits)
        job_file.unlink()  # it holds e-mail addresses
        if problem:
            shutil.rmtree(job["cache_folder"], ignore_errors=True)
            return (read_findings(answer) if answer.is_file() else []), problem
        return read_findings(answer), ""
