"""The worker process for reviews, and the results of git that reviews share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from oerbook.errors import OerbookError
from oerbook.git import commits as git_commits
from oerbook.git import objects, process
from oerbook.sandbox.worker import WorkerProcess
from oerbook.storage.locks import lock_file
from oerbook.tasks.build.cache_owner import claim_cache_folder
from oerbook.tasks.submissions.checkout import Checkout
from oerbook.tasks.submissions.file_list import FileList
from oerbook.tasks.submissions.known_names import NameIndex

MAX_CACHED_COMMITS = 4  # commits whose lists of files are kept in memory
Key = TypeVar("Key")
Value = TypeVar("Value")


class ReviewWorker(WorkerProcess):
    """Reviews submissions in a worker process.

    Checked out files and results of git are reused by the next review.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__("oerbook.tasks.submissions.review_worker", folder)
        self.head_checkout, self.base_checkout = Checkout(folder / "tree"), Checkout(folder / "before")
        self._prefixes: dict[Path, str] = {}
        self._trees: dict[tuple[Path, str], str] = {}
        self._file_lists: dict[tuple[Path, str], FileList] = {}
        self._differences: dict[tuple[Path, str, str], list[objects.TreeDifference]] = {}
        self._names: tuple[Path, str, NameIndex] = (folder, "", NameIndex())  # of the history that ends in a commit
        self._last_reviewed: tuple[Path, str, str, tuple[git_commits.SubmittedCommit, ...]] = (folder, "", "", ())

    def book_prefix(self, root: Path) -> str:
        """Return the path of the book in its repository.

        Raises OerbookError when it is in none.
        """
        if root not in self._prefixes:
            if not process.in_repository(root):
                message = f"{root.name} is not in a git repository"
                raise OerbookError(message, hint="--base compares two commits of a book.")
            self._prefixes[root] = objects.book_prefix(root)
        return self._prefixes[root]

    def tree_id(self, root: Path, commit: str) -> str:
        """Return the id of the tree of a commit id."""
        if (root, commit) not in self._trees:
            self._trees[root, commit] = objects.tree_id(root, commit)
        return self._trees[root, commit]

    def file_list(self, root: Path, commit: str, start: str = "") -> FileList:
        """Return the files of a commit.

        They are computed from the differences to `start`, if its files are in memory.
        """
        if (root, commit) not in self._file_lists:
            before = self._file_lists.get((root, start))
            if before is None:
                file_list = FileList.of(self.book_prefix(root), objects.list_files(root, commit).values())
            else:
                file_list = before.with_changes(self.differences(root, start, commit))
            _put_limited(self._file_lists, (root, commit), file_list)
        return self._file_lists[root, commit]

    def differences(self, root: Path, start: str, head: str) -> list[objects.TreeDifference]:
        """Return the differences between two commits."""
        if (root, start, head) not in self._differences:
            _put_limited(self._differences, (root, start, head), objects.diff_commits(root, start, head))
        return self._differences[root, start, head]

    def name_index(self, root: Path, commit: str) -> NameIndex:
        """Return the index of the names in the history of a commit.

        If the commit is the merge of the submission reviewed last, only that submission's names are added.
        """
        known_root, known_commit, names = self._names
        if (known_root, known_commit) == (root, commit):
            return names
        reviewed_root, start, head, commits = self._last_reviewed
        if known_root == root and (reviewed_root, start, head) == (root, known_commit, commit):
            names.add(git_commits.emails_by_name(root, "-1", commit))
            for name, mail in (person for own in commits for person in own.identities):
                names.add({name: {mail}})
        else:
            names = NameIndex()
            names.add(git_commits.emails_by_name(root, commit))
        self._names = (root, commit, names)
        return names

    def note_commits(self, root: Path, start: str, head: str, commits: Sequence[git_commits.SubmittedCommit]) -> None:
        """Remember the commits of a submission from `start` to its trial merge `head`."""
        self._last_reviewed = (root, start, head, tuple(commits))

    def __exit__(self, *_: object) -> None:
        """End the process and remove the files of the submission."""
        super().__exit__()
        with lock_file(self.folder / ".lock"):
            self.head_checkout.remove()
            self.base_checkout.remove()


def _put_limited(cache: dict[Key, Value], key: Key, value: Value) -> None:
    """Add a value to a cache, dropping the oldest ones."""
    while len(cache) >= MAX_CACHED_COMMITS:
        del cache[next(iter(cache))]
    cache[key] = value


def open_worker(out: Path) -> ReviewWorker:
    """Return a worker for reviews whose caches are below `out`."""
    cache_folder = out.resolve() / ".cache"
    claim_cache_folder(cache_folder)
    folder = cache_folder / "reviews"
    folder.mkdir(parents=True, exist_ok=True)
    return ReviewWorker(folder)
