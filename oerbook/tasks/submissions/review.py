"""Judging a submission: what it brings and oversteps, read from git's objects; nothing of it is ever run."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from oerbook.document.resolving.page_digest import READING
from oerbook.errors import OerbookError
from oerbook.git import objects, process
from oerbook.model.finding_rows import finding, row
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be judged: the commit of the submission against its base; within which limits; what is allowed.

    `start` is where the submission left the base, `commits` are its own and `last` is the last of them, if these are
    known already; `base` and `head`, which merges the two for trial, are ids then, and what they name was counted.
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
    """The findings that a submission brings, and those that were in the book before; whether there was one at all."""

    brought: tuple[Finding, ...]
    before: tuple[Finding, ...]
    nothing: bool = False


def judge(root: Path, out: Path, asked: Asked, progress: Progress, reading: Reader | None = None) -> Judgement:
    """Judge the submission `asked.head` to the book at `root`; what is worked out is kept below `out`.

    `reading` is the `reader` of `out`, if there is one at work already.
    Raises OerbookError when there is no such commit, or no book at the base.
    """
    if reading is None:
        with reader(out) as fresh:
            return judge(root, out, asked, progress, fresh)
    root = root.resolve()
    prefix = reading.prefix(root)
    tip, head = (
        (asked.base, asked.head) if asked.start else (objects.commit_of(root, c) for c in (asked.base, asked.head))
    )
    start = asked.start or objects.meeting(root, tip, head)
    if not start:
        return Judgement((unrelated("the submission"),), ())
    bench = Bench(root, prefix, asked, reading)
    with FileLock(_made(bench.folder) / ".lock"):
        with progress.stage("reading the base", None):
            try:
                before = bench.base(start, tip)
            except process.TooMuchError as error:
                raise OerbookError(f"the base cannot be read: {error.message}", hint=error.hint) from error
        with progress.stage("reading the submission", None):
            try:
                if not asked.start:
                    objects.countable(root, start, head)
                after = bench.submission(start, tip, head)
            except process.TooMuchError as error:
                return Judgement((_stopped(error.message, error.hint),), tuple(before))
    renamed = {c.old_path: c.path for c in bench.changes(start, head) if c.kind == "renamed"}
    brought, old = split(before, after, renamed)
    return Judgement(brought, old, nothing=start == head)


def unrelated(name: str) -> Finding:
    """Return the finding that a branch shares no history with the book."""
    words, hint = f"{name} and the book have no common history", "Begin a branch of the book, and bring the files over."
    return Finding("branch-unrelated", words, Place("chapters"), Severity.ERROR, hint)


def _stopped(problem: str, hint: str = "") -> Finding:
    words = f"this submission cannot be read to its end: {problem}"
    hint = hint or "Something in it is made too heavy or too deep: divide it, and try its files one by one."
    return Finding("submission-unreadable", words, Place("chapters"), Severity.ERROR, hint)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Bench:
    """Where books are laid out and read: always in the same place, so that what was worked out once is of use again."""

    def __init__(self, root: Path, prefix: str, asked: Asked, reading: Reader) -> None:
        self.root, self.folder, self.prefix, self.asked = root, reading.folder, prefix, asked
        self.reading = reading
        self.tree, self.old = reading.tree, reading.old

    def changes(self, start: str, head: str) -> list[Change]:
        """Return what the submission changes, with paths from the book's folder."""
        found = [one.change for one in self.reading.differences(self.root, start, head)]
        return [replace(c, path=self._inside(c.path), old_path=self._inside(c.old_path)) for c in found]

    def _listing(self, commit: str, start: str = "") -> Listing:
        return self.reading.listing(self.root, commit, start)

    def _inside(self, path: str) -> str:
        inside = not path or path.startswith(self.prefix)
        return path.removeprefix(self.prefix) if inside else f"../{path}"

    def base(self, start: str, tip: str) -> list[Finding]:
        """Return the findings of the base, from an earlier judgement if there was one."""
        kept = self._kept(start, tip)
        if kept.is_file():
            return _read_back(kept)
        self.tree.hold(self.root, self._listing(start).book | self._listing(tip).themes)
        if not (self.tree.folder / "chapters").is_dir():
            raise OerbookError(f"there is no book at {self.asked.base}", hint="The base must have a folder chapters/.")
        found, problem = self._read({"tree": str(self.tree.folder)})
        if problem:
            raise OerbookError(f"the base cannot be read: {problem}", hint="Run oerbook check on the base itself.")
        rows = [row(f) for f in found]
        write_atomically(kept, json.dumps(rows).encode())
        return found

    def _kept(self, start: str, tip: str) -> Path:
        """Return where the findings of a base are kept."""
        key = digest(
            "base",
            code_digest(*READING, *CHECKING, "policy"),
            *(self.reading.tree_of(self.root, commit) for commit in (start, tip)),
        )
        return self.folder / "bases" / f"{key}.json"

    def submission(self, start: str, tip: str, head: str) -> list[Finding]:
        """Return the findings of the book as it would be, and what the submission oversteps."""
        found = self.changes(start, head)
        now, then, base = self._listing(head, start), self._listing(start), self._listing(tip)
        brought = {c.path for c in found if c.kind != "removed"}
        touched = {c.old_path or c.path for c in found}
        # the base's design, title page, settings and policy stand, whatever a submission says
        self.tree.hold(self.root, now.bounded(brought) | base.themes)
        self.old.hold(self.root, then.only_texts(touched) | base.index())
        commits = self.asked.commits or objects.commits(self.root, start, head)
        people = [c for c in commits if not c.joins]
        mails = {commit.mail for commit in people} - {""}  # who gives no address is not known by it
        known = self.reading.met(self.root, start)
        signed = signatures(commits, known)
        job = {
            "tree": str(self.tree.folder),
            "before": str(self.old.folder),
            "changes": [asdict(c) for c in self._with_strangers(found, start, self.asked.last or head, commits)],
            "files": [self._inside(path) for path in now.files] if self.prefix else [*now.files],
            "authors": _counted(commit.name for commit in people),
            "signed": signed,
            "met": known.around(name for name, *_ in signed),
            "unsigned": [commit.short for commit in people if not commit.signed],
            "taken": known.others(mails) if _touch_others(found) else [],
        }
        looked, problem = self._read(job)
        if not problem:
            if now.themes == base.themes:  # else it was set with another design than its own
                self._is_base(head)
            self.reading.brings(self.root, start, head, commits)
            return looked
        return [*looked, _stopped(problem)]

    def _is_base(self, head: str) -> None:
        """Keep what was found in the book as it would be: it is the base of the next submission, if this one is merged."""
        bare = self.folder / "answer.base.json"
        if bare.is_file():
            kept = self._kept(head, head)
            kept.parent.mkdir(parents=True, exist_ok=True)
            bare.replace(kept)

    def _with_strangers(
        self, changes: list[Change], start: str, head: str, commits: Sequence[objects.Commit]
    ) -> list[Change]:
        """Name with every change to a file that was there those who make it and did not bring the file.

        Where no commit is seen to make a change, as when a merge goes back to an older file, all count who take part.
        """
        there = {self.prefix + (c.old_path or c.path) for c in changes if c.kind in ("changed", "renamed")}
        if not there:
            return changes
        brought = objects.writers(self.root, "", start, there, only="A")
        if there - brought.keys():
            brought |= objects.writers(self.root, "", start, there - brought.keys(), only="A", merges=True)
        news = {self.prefix + path for c in changes for path in (c.path, c.old_path) if path}
        now = objects.writers(self.root, start, head, news)
        for commit in commits:
            for path in commit.own:
                now.setdefault(path, []).append((commit.name, commit.mail))
        everybody = [(commit.name, commit.mail) for commit in commits]
        made = []
        for change in changes:
            bringers = {mail for _name, mail in brought.get(self.prefix + (change.old_path or change.path), ()) if mail}
            makers = [one for path in (change.path, change.old_path) for one in now.get(self.prefix + path, ())]
            made.append(tuple(dict.fromkeys(who for who in makers or everybody if who[1] not in bringers)))
        olds = [self.prefix + (change.old_path or change.path) for change in changes]
        first = self._first(start, [path for path, who in zip(olds, made, strict=True) if who])
        return [
            replace(change, strangers=tuple(who for who in strangers if who[1] != first.get(path)))
            for change, path, strangers in zip(changes, olds, made, strict=True)
        ]

    def _first(self, start: str, paths: Collection[str]) -> dict[str, str]:
        """Return who brought pictures and other files as they are, which others may have moved since, by path."""
        files = self._listing(start).files
        oids = {path: files[path].oid for path in paths if path in files and not path.endswith(TEXTS)}
        found = objects.first(self.root, start, set(oids.values())) if oids else {}
        return {path: found[oid] for path, oid in oids.items() if found.get(oid)}

    def _read(self, job: dict[str, Any]) -> tuple[list[Finding], str]:
        """Have the book read in a process of its own, and return its findings or why there are none."""
        order, answer = self.folder / "job.json", self.folder / "answer.json"
        for old in (answer, answer.with_suffix(".base.json")):
            old.unlink(missing_ok=True)
        work = self.folder / "work"
        more = {"work": str(work), "answer": str(answer), "patience": self.asked.patience}
        touched = [*self.tree.touched(), *self.old.touched()]
        order.write_text(json.dumps({**job, **more, "touched": touched}), encoding="utf-8")
        problem = self.reading.run(order, self.asked.limits)
        order.unlink()  # it holds addresses
        if problem:
            shutil.rmtree(work, ignore_errors=True)
            said = _read_back(answer) if answer.is_file() else []
            return said, problem
        return _read_back(answer), ""


def _touch_others(changes: Sequence[Change]) -> bool:
    """Say whether people's files, or any that were there, are touched."""
    return any("contributors/" in c.path or c.kind in ("changed", "renamed") for c in changes)


def _counted(names: Any) -> list[tuple[str, str]]:
    return [(name, f"{n} commit" + "s" * (n > 1)) for name, n in sorted(Counter(names).items())]


def _read_back(path: Path) -> list[Finding]:
    return [finding(told) for told in json.loads(path.read_bytes())]
