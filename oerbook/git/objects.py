"""Read files, differences and authors of commits from git's object store: no checkout, filter or hook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git.process import LimitExceededError, run_git, run_git_limited
from oerbook.model.submission import FileChange
from oerbook.storage.archive import MAX_ZIP_TIMESTAMP

SUBMODULE_MODE, NO_FILE_MODE = "160000", "000000"
MAX_OUTPUT_BYTES = 30_000_000  # bytes of a list of files: about 300,000 files
MAX_BATCH_BYTES = 100_000_000  # bytes of objects in memory
MAX_BATCH_OBJECTS = 200
GIT_DIFF_OPTIONS = ("--raw", "-M50%", "-l1000", "--no-ext-diff", "--no-textconv")
DAMAGED_HINT = "Fetch the branch again, or ask its authors to push it again. git fsck names what is missing."
CHANGE_KIND_BY_LETTER = {"A": "added", "M": "changed", "T": "changed", "D": "removed", "R": "renamed", "C": "added"}


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file of a commit: path from the repository's root, mode, object id and size in bytes."""

    path: str
    mode: str
    oid: str
    size: int


@dataclass(frozen=True, slots=True)
class TreeDifference:
    """How a file differs between two commits (see `FileChange`), and its entry in the second."""

    kind: str
    old_path: str
    old_mode: str
    entry: TreeEntry

    @property
    def change(self) -> FileChange:
        """The same as a `FileChange` of a submission."""
        return FileChange(self.kind, self.entry.path, self.old_path, self.entry.mode, self.old_mode, self.entry.size)


def resolve_commit(root: Path, name: str) -> str:
    """Return the id of the commit that a branch, tag or id names. Raises OerbookError if there is none."""
    try:
        return (
            run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
        )
    except OerbookError as error:
        hint = "Name a branch, a tag or a commit, for example --base main."
        raise OerbookError(f"there is no commit {name}", hint=hint) from error


def merge_base(root: Path, first_commit: str, second_commit: str) -> str:
    """Return the last common ancestor of two commits, "" if there is none."""
    return run_git(root, "merge-base", first_commit, second_commit, ok_codes=(0, 1)).decode().strip()


def book_prefix(root: Path) -> str:
    """Return the book's path in its repository with a slash at the end; "" at the top."""
    return run_git(root, "rev-parse", "--show-prefix").decode(errors="surrogateescape").strip()


def tree_id(root: Path, commit: str) -> str:
    """Return the id of a commit's tree."""
    return run_git(root, "rev-parse", f"{commit}^{{tree}}").decode().strip()


def list_files(root: Path, commit: str) -> dict[str, TreeEntry]:
    """Return all files of a commit by path."""
    entries = {}
    for row in run_git_limited(root, MAX_OUTPUT_BYTES, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
        if row:
            fields, _tab, raw_path = row.partition(b"\t")
            mode, _type, oid, size = fields.decode().split()
            path = decode_path(raw_path)
            entries[path] = TreeEntry(path, mode, oid, int(size) if size.isdigit() else 0)
    return entries


def check_submission_limits(
    root: Path, base: str, head: str, commit_graph_env: Mapping[str, str] | None = None
) -> None:
    """Check the number of files in a commit and in the changes of a submission, and the dates of its commits.

    Raises LimitExceededError for too many files: a few objects can describe billions, and once merged they would
    slow down every later command. Also raises it for a commit with an invalid date, since git may not terminate on such
    a history (git 2.39 does not when it writes a commit graph). For `commit_graph_env` see `graph_env`.
    """
    run_git_limited(root, MAX_OUTPUT_BYTES, "ls-tree", "-r", "-z", "--full-tree", head)
    options = ("-z", "--raw", "--no-renames", "--diff-merges=first-parent", "--format=at%x00%h%x00%ct%x00")
    fields = iter(
        run_git_limited(
            root, MAX_OUTPUT_BYTES, "log", *options, f"{base}..{head}", "--", extra_env=commit_graph_env
        ).split(b"\0")
    )
    for field in fields:
        if field == b"at":
            short, timestamp = next(fields).decode(), next(fields)
            if not timestamp.isdigit() or int(timestamp) > MAX_ZIP_TIMESTAMP:
                hint = "Set your computer's clock, then: git commit --amend --reset-author --date=now"
                raise LimitExceededError(f"the commit {short} has an invalid date", hint=hint)
        elif field.lstrip(b"\n").startswith(b":"):
            next(fields)  # a path, which may look like anything


def diff_commits(root: Path, base: str, head: str) -> list[TreeDifference]:
    """Return the differences between two commits; a moved file with at least half its text unchanged is a rename."""
    fields = iter(
        run_git_limited(root, MAX_OUTPUT_BYTES, "diff-tree", "-r", "-z", *GIT_DIFF_OPTIONS, base, head).split(b"\0")
    )
    rows = []
    for field in fields:
        if not field:
            continue
        old_mode, mode, _old_oid, oid, status = field.decode().lstrip(":").split(" ")
        path = old_path = decode_path(next(fields))
        if status[0] in "RC":
            path = decode_path(next(fields))
        kind = CHANGE_KIND_BY_LETTER.get(status[0], "changed")
        rows.append((kind, old_path if kind == "renamed" else "", "" if kind == "added" else old_mode, path, mode, oid))
    sizes = _sizes(root, {oid for *_, mode, oid in rows if mode not in (SUBMODULE_MODE, NO_FILE_MODE)})
    return [
        TreeDifference(kind, old_path, old_mode, TreeEntry(path, mode, oid, sizes.get(oid, 0)))
        for kind, old_path, old_mode, path, mode, oid in rows
    ]


def _sizes(root: Path, oids: Collection[str]) -> dict[str, int]:
    """Return the sizes of objects in bytes by id."""
    request = "".join(f"{oid}\n" for oid in sorted(oids)).encode()
    output = run_git(root, "cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=request) if oids else b""
    return {oid: int(size) for oid, size in (row.split(" ") for row in output.decode().splitlines()) if size.isdigit()}


def read_blobs(root: Path, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """Yield ids and contents of objects in batches; `sizes` are their sizes in bytes by id."""
    for batch in _batches(sizes):
        output = run_git(root, "cat-file", "--batch", stdin="\n".join(batch).encode() + b"\n")
        start = 0
        for oid in batch:
            header_end = output.index(b"\n", start)
            if output[start:header_end].endswith(b" missing"):
                raise OerbookError(f"the object {oid[:10]} is missing or damaged", hint=DAMAGED_HINT)
            size = int(output[start:header_end].split(b" ")[2])
            yield oid, output[header_end + 1 : header_end + 1 + size]
            start = header_end + 2 + size


def _batches(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Divide objects into batches that fit into memory."""
    batch: list[str] = []
    batch_bytes = 0
    for oid, size in sizes.items():
        if batch and (len(batch) == MAX_BATCH_OBJECTS or batch_bytes + size > MAX_BATCH_BYTES):
            yield batch
            batch, batch_bytes = [], 0
        batch.append(oid)
        batch_bytes += size
    if batch:
        yield batch


def decode_path(raw: bytes) -> str:
    """Decode a path; bytes that are not UTF-8 are shown as escapes."""
    return raw.decode(errors="backslashreplace")
