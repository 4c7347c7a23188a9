"""Review a submission, read from git objects: find the problems that it adds.

Nothing of the submission is run.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from oerbook.document.resolving.page_digest import READING
from oerbook.errors import OerbookError
from oerbook.git import objects, process
from oerbook.model.finding_rows import ReviewJob, finding, row
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Change
from oerbook.sandbox.worker import Limits
from oerbook.storage.cache import digest
from oerbook.storage.code_digest import code_digest
from oerbook.storage.files import write_atomically
from oerbook.tasks.check.run_checks import CHECKING
from oerbook.tasks.progress import Progress
from oerbook.tasks.submissions.compare_findings import split
from oerbook.tasks.submissions.file_list import TEXTS, Listing
from oerbook.tasks.submissions.known_names import signatures
from oerbook.tasks.submissions.worker_session import Reader, reader

PATIENCE = 20.0  # seconds of work for one page
PeopleByPath = dict[str, list[tuple[str, str]]]  # names and addresses


@dataclass(frozen=True, slots=True)
class Asked:
    """What to review: a commit of a submission against the book at `base`.

    `patience` is the seconds of work that one page may take. The remaining fields spare git queries when the caller
    knows their values: `start` is the merge base, `commits` are those of the submission, `last` is the last of them.
    Then `base` and `head` are commit ids, `head` is a trial merge of the two, and its size has been checked.
    """

    base: str
    head: str = "HEAD"
    limits: Limits = field(default_factory=Limits)
    patience: float = PATIENCE
    start: str = ""
    commits: tuple[objects.Commit, ...] = ()
    last: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The new and the existing findings, and whether there are no commits to review."""

    brought: tuple[Finding, ...]
    before: tuple[Finding, ...]
    nothing: bool = False


def judge(root: Path, out: Path, asked: Asked, progress: Progress, reading: Reader | None = None) -> Judgement:
    """Review a submission to the book at `root`; caches are kept below `out`.

    Pass the worker of the same `out` to review several submissions with one process.
    Raises OerbookError when a commit does not exist, or when there is no book at the base.
    """
    if reading is None:
        with reader(out) as own_worker:
            return judge(root, out, asked, progress, own_worker)
    root = root.resolve()
    prefix = reading.prefix(root)
    tip, head = (
        (asked.base, asked.head) if asked.start else (objects.commit_of(root, c) for c in (asked.base, asked.head))
    )
    start = asked.start or objects.meeting(root, tip, head)
    if not start:
        return Judgement((unrelated("the submission"),), ())
    bench = Bench(root, prefix, asked, reading)
    bench.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(bench.folder / ".lock"):
        with progress.stage("checking the base", None):
            try:
                before = bench.base(start, tip)
            except process.TooMuchError as error:
                raise OerbookError(f"the base cannot be read: {error.message}", hint=error.hint) from error
        with progress.stage("checking the submission", None):
            try:
                if not asked.start:
                    objects.countable(root, start, head)
                after = bench.submission(start, tip, head)
            except process.TooMuchError as error:
                return Judgement((_unreadable(error.message, error.hint),), tuple(before))
    renamed = {c.old_path: c.path for c in bench.changes(start, head) if c.kind == "renamed"}
    new, existing = split(before, after, renamed)
    return Judgement(new, existing, nothing=start == head)


def unrelated(name: str) -> Finding:
    """Return the finding that a branch shares no history with the book."""
    message = f"{name} and the book have no common history"
    hint = "Create a branch from the book and copy the files to it."
    return Finding("branch-unrelated", message, Place("chapters"), Severity.ERROR, hint)


def _unreadable(problem: str, hint: str = "") -> Finding:
    message = f"this submission cannot be read completely: {problem}"
    hint = hint or "A file may be too large or too deeply nested: split the submission and try its files one by one."
    return Finding("submission-unreadable", message, Place("chapters"), Severity.ERROR, hint)


class Bench:
    """One review: checks out the book before and after, and runs the worker on both.

    The checkouts are always in the same folders, so that cached results of earlier reviews stay valid.
    """

    def __init__(self, root: Path, prefix: str, asked: Asked, reading: Reader) -> None:
        self.root, self.folder, self.prefix, self.asked = root, reading.folder, prefix, asked
        self.reading = reading
        self.tree, self.old = reading.tree, reading.old

    def changes(self, start: str, head: str) -> list[Change]:
        """Return the changes between two commits, with paths relative to the book."""
        changes = [difference.change for difference in self.reading.differences(self.root, start, head)]
        return [replace(c, path=self._in_book(c.path), old_path=self._in_book(c.old_path)) for c in changes]

    def base(self, start: str, tip: str) -> list[Finding]:
        """Return the findings of the base, cached from an earlier review if there was one."""
        cache = self._base_cache(start, tip)
        if cache.is_file():
            return _read_findings(cache)
        self.tree.hold(self.root, self._files(start).book | self._files(tip).themes)
        if not (self.tree.folder / "chapters").is_dir():
            raise OerbookError(f"there is no book at {self.asked.base}", hint="The base must have a folder chapters/.")
        findings, problem = self._run_worker(self._job())
        if problem:
            raise OerbookError(f"the base cannot be read: {problem}", hint="Run oerbook check on the base itself.")
        write_atomically(cache, json.dumps([row(f) for f in findings]).encode())
        return findings

    def submission(self, start: str, tip: str, head: str) -> list[Finding]:
        """Return the findings of the book with the submission, policy rules included."""
        changes = self.changes(start, head)
        after, before, base = self._files(head, start), self._files(start), self._files(tip)
        changed = {c.path for c in changes if c.kind != "removed"}
        changed_before = {c.old_path or c.path for c in changes}
        # The theme, title page, settings and policy of the base apply, whatever a submission changes.
        self.tree.hold(self.root, after.bounded(changed) | base.themes)
        self.old.hold(self.root, before.only_texts(changed_before) | base.index())
        commits = self.asked.commits or objects.commits(self.root, start, head)
        job = self._submission_job(changes, start, self.asked.last or head, commits)
        job["files"] = [self._in_book(path) for path in after.files] if self.prefix else [*after.files]
        findings, problem = self._run_worker(job)
        if problem:
            return [*findings, _unreadable(problem)]
        if after.themes == base.themes:  # otherwise it was read with another theme than its own
            self._cache_as_base(head)
        self.reading.brings(self.root, start, head, commits)
        return findings

    def _job(self) -> ReviewJob:
        return {
            "tree": str(self.tree.folder),
            "cache_folder": str(self.folder / "work"),
            "answer": str(self.folder / "answer.json"),
            "page_timeout_s": self.asked.patience,
            "touched_files": [*self.tree.touched(), *self.old.touched()],
        }

    def _submission_job(
        self, changes: list[Change], start: str, last: str, commits: Sequence[objects.Commit]
    ) -> ReviewJob:
        """Return the job of a submission, with what git knows of its authors."""
        by_people = [commit for commit in commits if not commit.joins]
        mails = {commit.mail for commit in by_people} - {""}  # an empty address identifies nobody
        names = self.reading.met(self.root, start)
        signed = signatures(commits, names)
        return {
            "before": str(self.old.folder),
            "changes": [asdict(change) for change in self._with_strangers(changes, start, last, commits)],
            "authors": _commit_counts(commit.name for commit in by_people),
            "signatures": signed,
            "known_names": names.around(name for name, *_ in signed),
            "unsigned_commits": [commit.short for commit in by_people if not commit.signed],
            "reserved_names": names.others(mails) if _changes_existing_files(changes) else [],
            **self._job(),  # last: it resets the list of touched files, which must not get lost when git fails
        }

    def _files(self, commit: str, start: str = "") -> Listing:
        return self.reading.listing(self.root, commit, start)

    def _in_book(self, path: str) -> str:
        """Return a path of the repository relative to the book's folder."""
        is_inside = not path or path.startswith(self.prefix)
        return path.removeprefix(self.prefix) if is_inside else f"../{path}"

    def _base_cache(self, start: str, tip: str) -> Path:
        """Return the file that caches the findings of a base."""
        key = digest(
            "base",
            code_digest(*READING, *CHECKING, "policy"),
            *(self.reading.tree_of(self.root, commit) for commit in (start, tip)),
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
        self, changes: list[Change], start: str, last: str, commits: Sequence[objects.Commit]
    ) -> list[Change]:
        """Add to each change of a file the authors who had not added that file.

        When no commit is seen to make the change, as when a merge reverts a file, all authors of the submission count.
        """
        existing = {self.prefix + (c.old_path or c.path) for c in changes if c.kind in ("changed", "renamed")}
        if not existing:
            return changes
        adders = self._adders(start, existing)
        editors = self._editors(changes, start, last, commits)
        everybody = [(commit.name, commit.mail) for commit in commits]
        old_paths = [self.prefix + (change.old_path or change.path) for change in changes]
        candidates = []
        for change, old_path in zip(changes, old_paths, strict=True):
            adder_mails = {mail for _name, mail in adders.get(old_path, ()) if mail}
            authors = [who for path in (change.path, change.old_path) for who in editors.get(self.prefix + path, ())]
            candidates.append(tuple(dict.fromkeys(w for w in authors or everybody if w[1] not in adder_mails)))
        unresolved = [path for path, people in zip(old_paths, candidates, strict=True) if people]
        first_mail = self._first_authors(start, unresolved)
        return [
            replace(change, strangers=tuple(who for who in people if who[1] != first_mail.get(path)))
            for change, path, people in zip(changes, old_paths, candidates, strict=True)
        ]

    def _adders(self, start: str, paths: Collection[str]) -> PeopleByPath:
        """Return who added files to the book, by path.

        Merges are searched only for files that no other commit added.
        """
        adders = objects.writers(self.root, "", start, paths, only="A")
        missing = set(paths) - adders.keys()
        if missing:
            adders |= objects.writers(self.root, "", start, missing, only="A", merges=True)
        return adders

    def _editors(
        self, changes: Sequence[Change], start: str, last: str, commits: Sequence[objects.Commit]
    ) -> PeopleByPath:
        """Return who changed files in the submission, by path."""
        paths = {self.prefix + path for c in changes for path in (c.path, c.old_path) if path}
        editors = objects.writers(self.root, start, last, paths)
        for commit in commits:
            for path in commit.own:
                editors.setdefault(path, []).append((commit.name, commit.mail))
        return editors

    def _first_authors(self, start: str, paths: Collection[str]) -> dict[str, str]:
        """Return the first author of the content of binary files, by path.

        Unlike the log of a path, this finds the author of a file that others have moved since.
        """
        files = self._files(start).files
        oids = {path: files[path].oid for path in paths if path in files and not path.endswith(TEXTS)}
        authors = objects.first(self.root, start, set(oids.values())) if oids else {}
        return {path: authors[oid] for path, oid in oids.items() if authors.get(oid)}

    def _run_worker(self, job: ReviewJob) -> tuple[list[Finding], str]:
        """Run a job in the worker; return the findings, and why it ended early or ""."""
        job_file, answer = self.folder / "job.json", Path(job["answer"])
        for old in (answer, answer.with_suffix(".base.json")):
            old.unlink(missing_ok=True)
        job_file.write_text(json.dumps(job), encoding="utf-8")
        problem = self.reading.run(job_file, self.asked.limits)
        job_file.unlink()  # it holds e-mail addresses
        if problem:
            shutil.rmtree(job["cache_folder"], ignore_errors=True)
            return (_read_findings(answer) if answer.is_file() else []), problem
        return _read_findings(answer), ""


def _changes_existing_files(changes: Sequence[Change]) -> bool:
    """Say whether files of people, or any existing files, are changed."""
    return any("contributors/" in c.path or c.kind in ("changed", "renamed") for c in changes)


def _commit_counts(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, f"{n} commit" + "s" * (n > 1)) for name, n in sorted(Counter(names).items())]


def _read_findings(path: Path) -> list[Finding]:
    return [finding(fields) for fields in json.loads(path.read_bytes())]
