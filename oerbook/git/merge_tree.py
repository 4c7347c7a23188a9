"""Merge two commits in git's object store: no work tree, hook, filter or merge driver is involved."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from oerbook.git import process as git
from oerbook.git.objects import text
from oerbook.git.refs import ASIDE, store

# Ignore the user's attributes; diff3 conflict markers include the common ancestor's text.
PLAIN = ("-c", "core.attributesFile=/dev/null", "-c", "merge.renormalize=false", "-c", "merge.conflictStyle=diff3")


@dataclass(frozen=True, slots=True)
class Aside:
    """An empty repository that shares the objects of another, so that its configuration and attributes do not apply."""

    root: Path
    folder: Path
    around: Mapping[str, str]
    shortcut: Mapping[str, str]

    def git(self, *arguments: str, source: bytes = b"", fine: tuple[int, ...] = (0,)) -> bytes:
        """Run git in this repository; see `git.run`."""
        return git.run(self.folder, *arguments, source=source, fine=fine, extra=self.around)


@dataclass(frozen=True, slots=True)
class Mixed:
    """The result of merging two commits.

    `torn` are the files in conflict (path, id of the object with conflict markers or ""), `said` git's conflict messages
    (kind, for example "modify/delete", and paths).
    """

    tree: str
    torn: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, tuple[str, ...]], ...] = ()


@contextmanager
def aside(root: Path, shortcut: Mapping[str, str]) -> Iterator[Aside]:
    """Create a scratch repository over that of `root` and remove it at the end; for `shortcut` see `graph`."""
    object_format = git.run(root, "rev-parse", "--show-object-format").decode().strip()
    with tempfile.TemporaryDirectory(prefix=ASIDE, dir=store(root)) as name:
        folder = Path(name)
        git.run(folder, "init", "--quiet", "--bare", "--template=", f"--object-format={object_format}", ".")
        env = {"GIT_DIR": str(folder), "GIT_OBJECT_DIRECTORY": str(store(root) / "objects")}
        yield Aside(root, folder, {**shortcut, **env}, shortcut)


def mix(scratch: Aside, ours: str, theirs: str) -> Mixed:
    """Merge two commits into a tree. Raises OerbookError if git fails (conflicts are not a failure)."""
    arguments = (*PLAIN, "merge-tree", "--write-tree", "-z", "--messages", ours, theirs)
    output = scratch.git(*arguments, fine=(0, 1)).split(b"\0")
    tree = output[0].decode()
    conflicting: dict[str, str] = {}
    fields = iter(output[1:])
    for field in fields:
        if not field:
            break
        conflicting.setdefault(text(field.partition(b"\t")[2]), "")
    conflicts = tuple((path, _blob_id(scratch.root, tree, path)) for path in conflicting)
    return Mixed(tree, conflicts, tuple(_conflict_messages(fields)))


def _conflict_messages(fields: Iterator[bytes]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield kind and paths of each conflict; git writes the number of paths, the paths, the kind and a sentence."""
    for count in fields:
        if count.isdigit():
            paths = tuple(text(path) for path in islice(fields, int(count)))
            kind, _sentence = next(fields, b""), next(fields, b"")
            if kind.startswith(b"CONFLICT"):
                yield text(kind).partition("(")[2].rstrip(")"), paths


def has(root: Path, commit: str, path: str) -> bool:
    """Return whether a commit contains a file at a path."""
    return bool(_blob_id(root, commit, path))


def _blob_id(root: Path, tree: str, path: str) -> str:
    row = git.run(root, "ls-tree", "-z", "--full-tree", tree, "--", path).split(b"\0")[0]
    fields = row.partition(b"\t")[0].decode().split()
    return fields[2] if len(fields) == 3 and fields[1] == "blob" else ""


def with_files(scratch: Aside, tree: str, files: Mapping[str, bytes]) -> str:
    """Write a copy of a tree with the content of some files (by path) replaced, and return its id."""
    scratch.git("read-tree", tree)
    for path, data in files.items():
        object_id = scratch.git("hash-object", "-w", "--no-filters", "--stdin", source=data)
        scratch.git("update-index", "--cacheinfo", f"100644,{object_id.decode().strip()},{path}")
    return scratch.git("write-tree").decode().strip()
