"""Judging a submission: what it brings and oversteps, read from git's objects; nothing of it is ever run."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock

from oerbook.adapters import git, trees
from oerbook.adapters.bounded import Bounded, Limits
from oerbook.document.extension import program
from oerbook.document.shelf import digest, write_atomically
from oerbook.errors import OerbookError
from oerbook.evidence import Change
from oerbook.model import Finding, Place, Severity
from oerbook.tasks.judged import split
from oerbook.tasks.progress import Progress
from oerbook.tasks.trust import trusted

MOST_OF_A_FILE = 60_000_000  # bytes; a larger file is reported and not read
TEXTS = (".md", ".ipynb", ".bib")
PATIENCE = 20.0  # seconds of work for one page
LONG_AGO = 315532800  # 1980, the first year of many file systems


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be judged: the commit of the submission against its base; within which limits; what is allowed."""

    base: str
    head: str = "HEAD"
    limits: Limits = field(default_factory=Limits)
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings that a submission brings, and those that were in the book before."""

    brought: tuple[Finding, ...]
    before: tuple[Finding, ...]


def reader(out: Path) -> Bounded:
    """Return what reads submissions; one serves for many that are judged with the same `out`."""
    trusted(out.resolve() / ".cache")
    return Bounded("oerbook.tasks.judged", _made(out.resolve() / ".cache" / "judging"))


def judge(root: Path, out: Path, asked: Asked, progress: Progress, reading: Bounded | None = None) -> Judgement:
    """Judge the submission `asked.head` to the book at `root`; what is worked out is kept below `out`.

    `reading` is the `reader` of `out`, if there is one at work already.
    Raises OerbookError when there is no such commit, or no book at the base.
    """
    if reading is None:
        with reader(out) as fresh:
            return judge(root, out, asked, progress, fresh)
    root = root.resolve()
    if not git.is_kept(root):
        raise OerbookError(f"{root.name} is not kept in git", hint="--base compares two commits of a book.")
    tip, head = trees.commit_of(root, asked.base), trees.commit_of(root, asked.head)
    start = trees.meeting(root, tip, head)
    bench = Bench(root, trees.prefix(root), asked, reading)
    with FileLock(_made(bench.folder) / ".lock"):
        with progress.stage("reading the base", None):
            before = bench.base(start, tip)
        with progress.stage("reading the submission", None):
            try:
                after = bench.submission(start, tip, head)
            except git.TooMuchError as error:
                return Judgement((_stopped(error.message),), tuple(before))
    renamed = {c.old_path: c.path for c in bench.changes(start, head) if c.kind == "renamed"}
    brought, old = split(before, after, renamed)
    return Judgement(brought, old)


def _stopped(problem: str) -> Finding:
    words = f"this submission cannot be read to its end: {problem}"
    hint = "Something in it is made too heavy or too deep: divide it, and try its files one by one."
    return Finding("submission-unreadable", words, Place("chapters"), Severity.ERROR, hint)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Bench:
    """Where books are laid out and read: always in the same place, so that what was worked out once is of use again."""

    def __init__(self, root: Path, prefix: str, asked: Asked, reading: Bounded) -> None:
        self.root, self.folder, self.prefix, self.asked = root, reading.folder, prefix, asked
        self.reading = reading
        self.listed: dict[str, list[trees.Kept]] = {}
        folder = self.folder
        self.tree, self.old = folder / "tree", folder / "before"

    def changes(self, start: str, head: str) -> list[Change]:
        """Return what the submission changes, with paths from the book's folder."""
        sizes = {kept.path: kept.size for kept in self._listing(head)}
        found = trees.changes(self.root, start, head, sizes)
        return [replace(c, path=self._inside(c.path), old_path=self._inside(c.old_path)) for c in found]

    def _listing(self, commit: str) -> list[trees.Kept]:
        if commit not in self.listed:
            self.listed[commit] = trees.listing(self.root, commit)
        return self.listed[commit]

    def _inside(self, path: str) -> str:
        inside = not path or path.startswith(self.prefix)
        return path.removeprefix(self.prefix) if inside else f"../{path}"

    def base(self, start: str, tip: str) -> list[Finding]:
        """Return the findings of the base, from an earlier judgement if there was one."""
        kept = self._kept(start, tip)
        if kept.is_file():
            return _findings(json.loads(kept.read_bytes()))
        self._lay_out(self.tree, start)
        self._themes_of(tip)
        if not (self.tree / "chapters").is_dir():
            raise OerbookError(f"there is no book at {self.asked.base}", hint="The base must have a folder chapters/.")
        found, problem = self._read({"tree": str(self.tree)})
        if problem:
            raise OerbookError(f"the base cannot be read: {problem}", hint="Run oerbook check on the base itself.")
        rows = [_row(f) for f in found]
        write_atomically(kept, json.dumps(rows).encode())
        return found

    def _kept(self, start: str, tip: str) -> Path:
        """Return where the findings of a base are kept."""
        key = digest("base", program(), trees.tree_of(self.root, start), trees.tree_of(self.root, tip))
        return self.folder / "bases" / f"{key}.json"

    def submission(self, start: str, tip: str, head: str) -> list[Finding]:
        """Return the findings of the book as it would be, and what the submission oversteps."""
        found = self.changes(start, head)
        self._lay_out(self.tree, head)
        self._lay_out(self.old, start, texts_only=True)
        self._policy_of(tip)
        self._themes_of(tip)
        known = [self._own(c, start, head) for c in found]
        people = trees.commits(self.root, start, head)
        job = {
            "tree": str(self.tree),
            "before": str(self.old),
            "changes": [asdict(c) for c in known],
            "files": [self._inside(k.path) for k in self._listing(head)],
            "authors": _counted(name for _short, name, _mail, _signed in people),
            "unsigned": [short for short, _name, _mail, signed in people if not signed],
        }
        looked, problem = self._read(job)
        if not problem:
            self._is_base(head)
            return looked
        return [*looked, _stopped(problem)]

    def _is_base(self, head: str) -> None:
        """Keep what was found in the book as it would be: it is the base of the next submission, if this one is merged."""
        bare = self.folder / "answer.base.json"
        if bare.is_file():
            kept = self._kept(head, head)
            kept.parent.mkdir(parents=True, exist_ok=True)
            bare.replace(kept)

    def _own(self, change: Change, start: str, head: str) -> Change:
        """Mark a change to a person's file by those who wrote it before."""
        path = change.old_path or change.path
        if change.kind != "changed" or not path.startswith("contributors/"):
            return change
        wrote = {mail for _s, _n, mail, _g in trees.commits(self.root, "", start, self.prefix + path)}
        now = {mail for _s, _n, mail, _g in trees.commits(self.root, start, head, self.prefix + path)}
        return replace(change, own=bool(now) and now <= wrote)

    def _lay_out(self, folder: Path, commit: str, *, texts_only: bool = False) -> None:
        """Write a commit's plain files of the book into a folder that holds nothing else."""
        shutil.rmtree(folder, ignore_errors=True)
        wanted = {}
        for kept in self._listing(commit):
            path = kept.path.removeprefix(self.prefix)
            parts = PurePosixPath(path).parts
            plain = kept.path.startswith(self.prefix) and kept.mode in ("100644", "100755")
            inside = len(parts) > 1 and parts[0] in ("chapters", "contributors")
            safe = not {"..", ".git"} & {p.lower().rstrip(". ") for p in parts} and "\\" not in path
            small = kept.size <= MOST_OF_A_FILE and len(path.encode()) < 1000
            if plain and inside and safe and small and (not texts_only or path.endswith(TEXTS)):
                wanted[path] = kept.oid
        self._write(folder, wanted)

    def _write(self, folder: Path, wanted: dict[str, str]) -> None:
        by_object: dict[str, list[str]] = {}
        for path, oid in wanted.items():
            by_object.setdefault(oid, []).append(path)
        _made(folder)
        for oid, data in trees.blobs(self.root, by_object):
            when = LONG_AGO + int(oid[:7], 16)  # the clock tells what its content tells, and nothing is read twice
            for path in by_object[oid]:
                place = folder / path
                try:
                    _made(place.parent)
                    place.write_bytes(data)
                    os.utime(place, (when, when))
                except (OSError, ValueError):  # a name that this system cannot keep is a finding by itself
                    continue

    def _policy_of(self, tip: str) -> None:
        """Let the title page of the base's tip stand: its settings and its policy apply."""
        found = {kept.path: kept.oid for kept in self._listing(tip) if kept.mode == "100644"}
        if oid := found.get(f"{self.prefix}chapters/index.md"):
            self._write(self.old, {"chapters/index.md": oid})

    def _themes_of(self, tip: str) -> None:
        """Lay out the themes of the base's tip: pages are set with the book's own design, never with a submission's."""
        start = f"{self.prefix}themes/"
        found = [kept for kept in self._listing(tip) if kept.path.startswith(start) and kept.mode == "100644"]
        wanted = {kept.path.removeprefix(self.prefix): kept.oid for kept in found if kept.size <= MOST_OF_A_FILE}
        if wanted:
            self._write(self.tree, {path: oid for path, oid in wanted.items() if ".." not in PurePosixPath(path).parts})

    def _read(self, job: dict[str, Any]) -> tuple[list[Finding], str]:
        """Have the book read in a process of its own, and return its findings or why there are none."""
        order, answer = self.folder / "job.json", self.folder / "answer.json"
        for old in (answer, answer.with_suffix(".base.json")):
            old.unlink(missing_ok=True)
        work = self.folder / "work"
        more = {"work": str(work), "answer": str(answer), "patience": self.asked.patience}
        order.write_text(json.dumps({**job, **more}), encoding="utf-8")
        problem = self.reading.run(order, self.asked.limits)
        for folder in (self.tree, self.old):
            shutil.rmtree(folder, ignore_errors=True)
        if problem:
            shutil.rmtree(work, ignore_errors=True)
            said = _findings(json.loads(answer.read_bytes())) if answer.is_file() else []
            return said, problem
        return _findings(json.loads(answer.read_bytes())), ""


def _counted(names: Any) -> list[tuple[str, str]]:
    return [(name, f"{n} commit" + "s" * (n > 1)) for name, n in sorted(Counter(names).items())]


def _row(finding: Finding) -> list[Any]:
    place = finding.place
    return [finding.code, finding.message, place.path, place.line, finding.severity.value, finding.hint]


def _findings(rows: Sequence[Any]) -> list[Finding]:
    return [Finding(str(c), str(m), Place(str(p), int(n)), Severity(s), str(h)) for c, m, p, n, s, h in rows]
