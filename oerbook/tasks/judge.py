"""Judging a submission: what it brings and oversteps, read from git's objects; nothing of it is ever run."""

from __future__ import annotations

import functools
import json
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock

from oerbook.adapters import git, trees
from oerbook.adapters.bounded import Bounded, Limits
from oerbook.document.fingerprint import program
from oerbook.document.shelf import digest, write_atomically
from oerbook.errors import OerbookError
from oerbook.evidence import Change
from oerbook.model import Finding, Place, Severity
from oerbook.tasks.judged import split
from oerbook.tasks.laid_out import LaidOut
from oerbook.tasks.progress import Progress
from oerbook.tasks.rows import finding, row
from oerbook.tasks.trust import trusted

MOST_OF_A_FILE = 60_000_000  # bytes; a larger file is reported and not read
MOST_BROUGHT = 300_000_000  # bytes of a submission that are read at all; so much is reported long before
MOST_FILES_BROUGHT = 5000
TEXTS = (".md", ".ipynb", ".bib")
FEW = 4  # commits whose files are kept in mind
PATIENCE = 20.0  # seconds of work for one page


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be judged: the commit of the submission against its base; within which limits; what is allowed.

    `start` is where the submission left the base, and `commits` are its own, if these are known already.
    """

    base: str
    head: str = "HEAD"
    limits: Limits = field(default_factory=Limits)
    patience: float = PATIENCE
    start: str = ""
    commits: tuple[trees.Commit, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings that a submission brings, and those that were in the book before."""

    brought: tuple[Finding, ...]
    before: tuple[Finding, ...]


class Reader(Bounded):
    """Reads submissions in a process of its own; the files of one, and what git said of it, are of use to the next."""

    def __init__(self, folder: Path) -> None:
        super().__init__("oerbook.tasks.judged", folder)
        self.tree, self.old = LaidOut(folder / "tree"), LaidOut(folder / "before")
        self._listed: dict[tuple[Path, str], list[trees.Kept]] = {}
        self._known: tuple[Path, str, dict[str, set[str]]] = (folder, "", {})
        self._brought: tuple[Path, str, str, tuple[trees.Commit, ...]] = (folder, "", "", ())

    def listing(self, root: Path, commit: str) -> list[trees.Kept]:
        """Return every file of a commit; the listings of a few commits are kept."""
        if (root, commit) not in self._listed:
            while len(self._listed) >= FEW:
                del self._listed[next(iter(self._listed))]
            self._listed[root, commit] = trees.listing(root, commit)
        return self._listed[root, commit]

    def names(self, root: Path, commit: str) -> dict[str, set[str]]:
        """Return the people of a history; of a submission that was merged, what is new is known already."""
        if self._known[:2] != (root, commit):
            place, last, known = self._known
            brought = self._brought if self._brought[:3] == (root, last, commit) and place == root else None
            found = trees.names(root, commit) if brought is None else trees.names(root, "-1", commit)
            for name, mails in known.items() if brought else ():
                found[name] = found.get(name, set()) | mails
            for one in brought[3] if brought else ():
                for name, mail in ((one.name, one.mail), *one.helpers):
                    found.setdefault(name, set()).add(mail)
            self._known = (root, commit, found)
        return self._known[2]

    def brings(self, root: Path, start: str, head: str, commits: Sequence[trees.Commit]) -> None:
        """Note whose commits a submission brings to what was there before."""
        self._brought = (root, start, head, tuple(commits))

    def __exit__(self, *_: object) -> None:
        """End, and leave nothing of a submission behind."""
        super().__exit__()
        with FileLock(self.folder / ".lock"):
            self.tree.empty()
            self.old.empty()


def reader(out: Path) -> Reader:
    """Return what reads submissions; one serves for many that are judged with the same `out`."""
    trusted(out.resolve() / ".cache")
    return Reader(_made(out.resolve() / ".cache" / "judging"))


def judge(root: Path, out: Path, asked: Asked, progress: Progress, reading: Reader | None = None) -> Judgement:
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
    start = asked.start or trees.meeting(root, tip, head)
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

    def __init__(self, root: Path, prefix: str, asked: Asked, reading: Reader) -> None:
        self.root, self.folder, self.prefix, self.asked = root, reading.folder, prefix, asked
        self.reading = reading
        self.tree, self.old = reading.tree, reading.old

    def changes(self, start: str, head: str) -> list[Change]:
        """Return what the submission changes, with paths from the book's folder."""
        sizes = {kept.path: kept.size for kept in self._listing(head)}
        found = trees.changes(self.root, start, head, sizes)
        return [replace(c, path=self._inside(c.path), old_path=self._inside(c.old_path)) for c in found]

    def _listing(self, commit: str) -> list[trees.Kept]:
        return self.reading.listing(self.root, commit)

    def _inside(self, path: str) -> str:
        inside = not path or path.startswith(self.prefix)
        return path.removeprefix(self.prefix) if inside else f"../{path}"

    def base(self, start: str, tip: str) -> list[Finding]:
        """Return the findings of the base, from an earlier judgement if there was one."""
        kept = self._kept(start, tip)
        if kept.is_file():
            return _read_back(kept)
        self.tree.hold(self.root, self._files(start) | self._themes_of(tip))
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
        key = digest("base", program(), trees.tree_of(self.root, start), trees.tree_of(self.root, tip))
        return self.folder / "bases" / f"{key}.json"

    def submission(self, start: str, tip: str, head: str) -> list[Finding]:
        """Return the findings of the book as it would be, and what the submission oversteps."""
        found = self.changes(start, head)
        brought = {c.path for c in found if c.kind != "removed"}
        touched = {c.old_path or c.path for c in found}
        self.tree.hold(self.root, self._files(head, brought=brought) | self._themes_of(tip))
        self.old.hold(self.root, self._files(start, only=touched) | self._policy_of(tip))
        people = [c for c in self.asked.commits or trees.commits(self.root, start, head) if not c.merge]
        mails = {commit.mail for commit in people}
        job = {
            "tree": str(self.tree.folder),
            "before": str(self.old.folder),
            "changes": [asdict(c) for c in self._with_strangers(found, start, head)],
            "files": [self._inside(k.path) for k in self._listing(head)],
            "authors": _counted(commit.name for commit in people),
            "unsigned": [commit.short for commit in people if not commit.signed],
            "taken": self._taken(found, start, mails),
        }
        looked, problem = self._read(job)
        if not problem:
            if self._themes_of(head) == self._themes_of(tip):  # else it was set with another design than its own
                self._is_base(head)
            self.reading.brings(self.root, start, head, people)
            return looked
        return [*looked, _stopped(problem)]

    def _is_base(self, head: str) -> None:
        """Keep what was found in the book as it would be: it is the base of the next submission, if this one is merged."""
        bare = self.folder / "answer.base.json"
        if bare.is_file():
            kept = self._kept(head, head)
            kept.parent.mkdir(parents=True, exist_ok=True)
            bare.replace(kept)

    def _with_strangers(self, changes: list[Change], start: str, head: str) -> list[Change]:
        """Name with every change to a file that was there those who make it and did not bring the file."""
        olds = {self.prefix + (c.old_path or c.path) for c in changes if c.kind in ("changed", "renamed")}
        if not olds:
            return changes
        brought = trees.writers(self.root, "", start, olds, only="A")
        news = {self.prefix + path for c in changes for path in (c.path, c.old_path) if path}
        now = trees.writers(self.root, start, head, news)
        marked = []
        for change in changes:
            bringers = {mail for _name, mail in brought.get(self.prefix + (change.old_path or change.path), ())}
            makers = [one for path in (change.path, change.old_path) for one in now.get(self.prefix + path, ())]
            names = dict.fromkeys(name for name, mail in makers if mail not in bringers)
            marked.append(replace(change, strangers=tuple(names)))
        return marked

    def _taken(self, changes: list[Change], start: str, mails: set[str]) -> list[str]:
        """Return the names in the history that never went with an address of the submission, if people are touched."""
        if not any("contributors/" in c.path or c.kind in ("changed", "renamed") for c in changes):
            return []
        known = self.reading.names(self.root, start)
        return sorted(name for name, theirs in known.items() if not theirs & mails)

    def _files(
        self, commit: str, *, only: Collection[str] | None = None, brought: Collection[str] = ()
    ) -> dict[str, trees.Kept]:
        """Return a commit's plain files of the book by their paths in it.

        With `only`, nothing but texts and those files. Of what a submission has brought, so much as one may bring.
        """
        wanted: dict[str, trees.Kept] = {}
        left = [MOST_BROUGHT, MOST_FILES_BROUGHT]
        for kept in self._listing(commit):
            path = kept.path.removeprefix(self.prefix)
            plain = kept.path.startswith(self.prefix) and kept.mode in ("100644", "100755")
            small = kept.size <= MOST_OF_A_FILE and len(path) < 1000
            if not (plain and small and _fit(path)) or not (only is None or path.endswith(TEXTS) or path in only):
                continue
            if path in brought:
                left = [left[0] - kept.size, left[1] - 1]
                if min(left) < 0:
                    continue
            wanted[path] = kept
        return wanted

    def _policy_of(self, tip: str) -> dict[str, trees.Kept]:
        """Return the title page of the base's tip, which stands: its settings and its policy apply."""
        found = {kept.path: kept for kept in self._listing(tip) if kept.mode == "100644"}
        page = found.get(f"{self.prefix}chapters/index.md")
        return {"chapters/index.md": page} if page else {}

    def _themes_of(self, tip: str) -> dict[str, trees.Kept]:
        """Return the themes of the base's tip: pages are set with the book's own design, never with a submission's."""
        start = f"{self.prefix}themes/"
        found = [kept for kept in self._listing(tip) if kept.path.startswith(start) and kept.mode == "100644"]
        wanted = {kept.path.removeprefix(self.prefix): kept for kept in found if kept.size <= MOST_OF_A_FILE}
        return {p: kept for p, kept in wanted.items() if ".." not in PurePosixPath(p).parts}

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
        if problem:
            shutil.rmtree(work, ignore_errors=True)
            said = _read_back(answer) if answer.is_file() else []
            return said, problem
        return _read_back(answer), ""


@functools.lru_cache(maxsize=20_000)
def _fit(path: str) -> bool:
    """Say whether a file is one of the book's, and its path one that every system can keep."""
    parts = PurePosixPath(path).parts
    inside = len(parts) > 1 and parts[0] in ("chapters", "contributors")
    safe = not {"..", ".git"} & {part.lower().rstrip(". ") for part in parts} and "\\" not in path
    return inside and safe and len(path.encode()) < 1000


def _counted(names: Any) -> list[tuple[str, str]]:
    return [(name, f"{n} commit" + "s" * (n > 1)) for name, n in sorted(Counter(names).items())]


def _read_back(path: Path) -> list[Finding]:
    return [finding(told) for told in json.loads(path.read_bytes())]
