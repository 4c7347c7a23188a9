"""Merge two commits in git's object store: no work tree, hook, filter or merge driver is involved."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from oerbook.git import process as git
from oerbook.git.objects import decode_path
from oerbook.git.refs import SCRATCH_PREFIX, common_dir

# Ignore the user's attributes; diff3 conflict markers include the common ancestor's text.
MERGE_CONFIG = (
    "-c",
    "core.attributesFile=/dev/null",
    "-c",
    "merge.renormalize=false",
    "-c",
    "merge.conflictStyle=diff3",
)


@dataclass(frozen=True, slots=True)
class ScratchRepository:
    """An empty repository that shares the objects of another, so that its configuration and attributes do not apply."""

    root: Path
    folder: Path
    env: Mapping[str, str]
    graph_env: Mapping[str, str]

    def run(self, *arguments: str, stdin: bytes = b"", ok_codes: tuple[int, ...] = (0,)) -> bytes:
        """Run git in this repository; see `git.run`."""
        return git.run_git(self.folder, *arguments, stdin=stdin, ok_codes=ok_codes, extra_env=self.env)


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """The result of merging two commits.

    `conflicts` are the files in conflict (path, id of the object with conflict markers or ""), `messages` git's
    conflict messages (kind, for example "modify/delete", and paths).
    """

    tree: str
    conflicts: tuple[tuple[str, str], ...]
    messages: tuple[tuple[str, tuple[str, ...]], ...] = ()


@contextmanager
def scratch_repository(root: Path, commit_graph_env: Mapping[str, str]) -> Iterator[ScratchRepository]:
    """Create a scratch repository over that of `root` and remove it at the end.

    `commit_graph_env` is what `graph_env` returns.
    """
    object_format = git.run_git(root, "rev-parse", "--show-object-format").decode().strip()
    with tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=common_dir(root)) as name:
        folder = Path(name)
        git.run_git(folder, "init", "--quiet", "--bare", "--template=", f"--object-format={object_format}", ".")
        env = {"GIT_DIR": str(folder), "GIT_OBJECT_DIRECTORY": str(common_dir(root) / "objects")}
        yield ScratchRepository(root, folder, {**commit_graph_env, **env}, commit_graph_env)


def merge_trees(scratch: ScratchRepository, ours: str, theirs: str) -> MergeOutcome:
    """Merge two commits into a tree. Raises OerbookError if git fails (conflicts are not a failure)."""
    arguments = (*MERGE_CONFIG, "merge-tree", "--write-tree", "-z", "--messages", ours, theirs)
    output = scratch.run(*arguments, ok_codes=(0, 1)).split(b"\0")
    tree = output[0].decode()
    conflicting: dict[str, str] = {}
    fields = iter(output[1:])
    for field in fields:
        if not field:
            break
        conflicting.setdefault(decode_path(field.partition(b"\t")[2]), "")
    conflicts = tuple((path, _blob_id(scratch.root, tree, path)) for path in conflicting)
    return MergeOutcome(tree, conflicts, tuple(_conflict_messages(fields)))


def _conflict_messages(fields: Iterator[bytes]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield kind and paths of each conflict; git writes the number of paths, the paths, the kind and a sentence."""
    for count in fields:
        if count.isdigit():
            paths = tuple(decode_path(path) for path in islice(fields, int(count)))
            kind, _sentence = next(fields, b""), next(fields, b"")
            if kind.startswith(b"CONFLICT"):
                yield decode_path(kind).partition("(")[2].rstrip(")"), paths


def commit_has_file(root: Path, commit: str, path: str) -> bool:
    """Return whether a commit contains a file at a path."""
    return bool(_blob_id(root, commit, path))


def _blob_id(root: Path, tree: str, path: str) -> str:
    row = git.run_git(root, "ls-tree", "-z", "--full-tree", tree, "--", path).split(b"\0")[0]
    fields = row.partition(b"\t")[0].decode().split()
    return fields[2] if len(fields) == 3 and fields[1] == "blob" else ""


def replace_files(scratch: ScratchRepository, tree: str, files: Mapping[str, bytes]) -> str:
    """Write a copy of a tree with the content of some files (by path) replaced, and return its id."""
    scratch.run("read-tree", tree)
    for path, data in files.items():
        object_id = scratch.run("hash-object", "-w", "--no-filters", "--stdin", stdin=data)
        scratch.run("update-index", "--add", "--cacheinfo", f"100644,{object_id.decode().strip()},{path}")
    return scratch.run("write-tree").decode().strip()
