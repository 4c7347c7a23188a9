"""The worker process for reviews, and the results of git that reviews share."""

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

FEW = 4  # commits whose lists of files are kept in memory
Key = TypeVar("Key")
Value = TypeVar("Value")


class Reader(Bounded):
    """Reviews submissions in a worker process.

    Checked out files and results of git are reused by the next review.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__("oerbook.tasks.submissions.review_worker", folder)
        self.tree, self.old = LaidOut(folder / "tree"), LaidOut(folder / "before")
        self._prefixes: dict[Path, str] = {}
        self._trees: dict[tuple[Path, str], str] = {}
        self._file_lists: dict[tuple[Path, str], Listing] = {}
        self._differences: dict[tuple[Path, str, str], list[objects.Difference]] = {}
        self._names: tuple[Path, str, Met] = (folder, "", Met())  # of the history that ends in a commit
        self._last_reviewed: tuple[Path, str, str, tuple[objects.Commit, ...]] = (folder, "", "", ())

    def prefix(self, root: Path) -> str:
        """Return the path of the book in its repository.

        Raises OerbookError when it is in none.
        """
        if root not in self._prefixes:
            if not process.is_kept(root):
                message = f"{root.name} is not in a git repository"
                raise OerbookError(message, hint="--base compares two commits of a book.")
            self._prefixes[root] = objects.prefix(root)
        return self._prefixes[root]

    def tree_of(self, root: Path, commit: str) -> str:
        """Return the id of the tree of a commit id."""
        if (root, commit) not in self._trees:
            self._trees[root, commit] = objects.tree_of(root, commit)
        return self._trees[root, commit]

    def listing(self, root: Path, commit: str, start: str = "") -> Listing:
        """Return the files of a commit.

        They are computed from the differences to `start`, if its files are in memory.
        """
        if (root, commit) not in self._file_lists:
            before = self._file_lists.get((root, start))
            if before is None:
                file_list = Listing.of(self.prefix(root), objects.listing(root, commit).values())
            else:
                file_list = before.after(self.differences(root, start, commit))
            _put_limited(self._file_lists, (root, commit), file_list)
        return self._file_lists[root, commit]

    def differences(self, root: Path, start: str, head: str) -> list[objects.Difference]:
        """Return the differences between two commits."""
        if (root, start, head) not in self._differences:
            _put_limited(self._differences, (root, start, head), objects.differences(root, start, head))
        return self._differences[root, start, head]

    def met(self, root: Path, commit: str) -> Met:
        """Return the index of the names in the history of a commit.

        If the commit is the merge of the submission reviewed last, only that submission's names are added.
        """
        known_root, known_commit, names = self._names
        if (known_root, known_commit) == (root, commit):
            return names
        reviewed_root, start, head, commits = self._last_reviewed
        if known_root == root and (reviewed_root, start, head) == (root, known_commit, commit):
            names.add(objects.names(root, "-1", commit))
            for name, mail in (person for own in commits for person in own.people):
                names.add({name: {mail}})
        else:
            names = Met()
            names.add(objects.names(root, commit))
        self._names = (root, commit, names)
        return names

    def brings(self, root: Path, start: str, head: str, commits: Sequence[objects.Commit]) -> None:
        """Remember the commits of a submission from `start` to its trial merge `head`."""
        self._last_reviewed = (root, start, head, tuple(commits))

    def __exit__(self, *_: object) -> None:
        """End the process and remove the files of the submission."""
        super().__exit__()
        with FileLock(self.folder / ".lock"):
            self.tree.empty()
            self.old.empty()


def _put_limited(cache: dict[Key, Value], key: Key, value: Value) -> None:
    """Add a value to a cache, dropping the oldest ones."""
    while len(cache) >= FEW:
        del cache[next(iter(cache))]
    cache[key] = value


def reader(out: Path) -> Reader:
    """Return a worker for reviews whose caches are below `out`."""
    cache_folder = out.resolve() / ".cache"
    trusted(cache_folder)
    folder = cache_folder / "judging"
    folder.mkdir(parents=True, exist_ok=True)
    return Reader(folder)
