"""Who reads submissions: a process of its own, and what git said of one commit that is of use to the next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from oerbook.errors import OerbookError
from oerbook.git import objects, process
from oerbook.sandbox.worker import Bounded
from oerbook.tasks.build.cache_owner import trusted
from oerbook.tasks.submissions.checkout import LaidOut
from oerbook.tasks.submissions.file_list import Listing
from oerbook.tasks.submissions.known_names import Met

FEW = 4  # commits whose files are kept in mind
Key = TypeVar("Key")
Value = TypeVar("Value")


class Reader(Bounded):
    """Reads submissions in a process of its own; the files of one, and what git said of it, are of use to the next."""

    def __init__(self, folder: Path) -> None:
        super().__init__("oerbook.tasks.submissions.review_worker", folder)
        self.tree, self.old = LaidOut(folder / "tree"), LaidOut(folder / "before")
        self._prefixes: dict[Path, str] = {}
        self._trees: dict[tuple[Path, str], str] = {}
        self._listed: dict[tuple[Path, str], Listing] = {}
        self._differ: dict[tuple[Path, str, str], list[objects.Difference]] = {}
        self._known: tuple[Path, str, Met] = (folder, "", Met())
        self._brought: tuple[Path, str, str, tuple[objects.Commit, ...]] = (folder, "", "", ())

    def prefix(self, root: Path) -> str:
        """Return where the book at `root` lies in its repository. Raises OerbookError when it lies in none."""
        if root not in self._prefixes:
            if not process.is_kept(root):
                raise OerbookError(f"{root.name} is not kept in git", hint="--base compares two commits of a book.")
            self._prefixes[root] = objects.prefix(root)
        return self._prefixes[root]

    def tree_of(self, root: Path, commit: str) -> str:
        """Return the id of a commit's tree; the commit is told by its id."""
        if (root, commit) not in self._trees:
            self._trees[root, commit] = objects.tree_of(root, commit)
        return self._trees[root, commit]

    def listing(self, root: Path, commit: str, start: str = "") -> Listing:
        """Return the files of a commit; of a `start` that is known already, only what differs is asked."""
        if (root, commit) not in self._listed:
            known = self._listed.get((root, start))
            if known is None:
                found = Listing.of(self.prefix(root), objects.listing(root, commit).values())
            else:
                found = known.after(self.differences(root, start, commit))
            _put(self._listed, (root, commit), found)
        return self._listed[root, commit]

    def differences(self, root: Path, start: str, head: str) -> list[objects.Difference]:
        """Return what differs between two commits."""
        if (root, start, head) not in self._differ:
            _put(self._differ, (root, start, head), objects.differences(root, start, head))
        return self._differ[root, start, head]

    def met(self, root: Path, commit: str) -> Met:
        """Return the people of a history; of a submission that was merged, what is new is added to those known already."""
        place, last, known = self._known
        if (place, last) != (root, commit):
            if place == root and self._brought[:3] == (root, last, commit):
                known.add(objects.names(root, "-1", commit))
                for one in self._brought[3]:
                    for name, mail in one.people:
                        known.add({name: {mail}})
            else:
                known = Met()
                known.add(objects.names(root, commit))
            self._known = (root, commit, known)
        return known

    def brings(self, root: Path, start: str, head: str, commits: Sequence[objects.Commit]) -> None:
        """Note whose commits a submission brings to what was there before."""
        self._brought = (root, start, head, tuple(commits))

    def __exit__(self, *_: object) -> None:
        """End, and leave nothing of a submission behind."""
        super().__exit__()
        with FileLock(self.folder / ".lock"):
            self.tree.empty()
            self.old.empty()


def _put(kept: dict[Key, Value], key: Key, value: Value) -> None:
    """Keep a value, and no more than a few."""
    while len(kept) >= FEW:
        del kept[next(iter(kept))]
    kept[key] = value


def reader(out: Path) -> Reader:
    """Return what reads submissions; one serves for many that are judged with the same `out`."""
    work = out.resolve() / ".cache"
    trusted(work)
    (work / "judging").mkdir(parents=True, exist_ok=True)
    return Reader(work / "judging")
