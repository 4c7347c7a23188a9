"""Merging two commits in git's objects alone: no work tree, no index, no hook, filter or driver takes part."""

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

# The attributes of the user take no part in a merge, and a passage in conflict shows what it was before.
PLAIN = ("-c", "core.attributesFile=/dev/null", "-c", "merge.renormalize=false", "-c", "merge.conflictStyle=diff3")


@dataclass(frozen=True, slots=True)
class Aside:
    """An empty repository over the objects of another: no configuration and no attributes of that one are obeyed."""

    root: Path
    folder: Path
    around: Mapping[str, str]
    shortcut: Mapping[str, str]

    def git(self, *arguments: str, source: bytes = b"", fine: tuple[int, ...] = (0,)) -> bytes:
        """Run git there. Raises OerbookError when it fails."""
        return git.run(self.folder, *arguments, source=source, fine=fine, extra=self.around)


@dataclass(frozen=True, slots=True)
class Mixed:
    """Two commits merged: the tree, and the files (path, object with conflict marks) in which they contradict.

    `said` is what git says of it: of what kind (such as "modify/delete"), and of which paths.
    """

    tree: str
    torn: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, tuple[str, ...]], ...] = ()


@contextmanager
def aside(root: Path, shortcut: Mapping[str, str]) -> Iterator[Aside]:
    """Open such a repository over that of `root`, and take it away at the end; for `shortcut` see `graph`."""
    form = git.run(root, "rev-parse", "--show-object-format").decode().strip()
    with tempfile.TemporaryDirectory(prefix=ASIDE, dir=store(root)) as name:
        folder = Path(name)
        git.run(folder, "init", "--quiet", "--bare", "--template=", f"--object-format={form}", ".")
        around = {"GIT_DIR": str(folder), "GIT_OBJECT_DIRECTORY": str(store(root) / "objects")}
        yield Aside(root, folder, {**shortcut, **around}, shortcut)


def mix(bench: Aside, ours: str, theirs: str) -> Mixed:
    """Merge two commits into a tree. Raises OerbookError when git cannot at all."""
    arguments = (*PLAIN, "merge-tree", "--write-tree", "-z", "--messages", ours, theirs)
    told = bench.git(*arguments, fine=(0, 1)).split(b"\0")
    tree = told[0].decode()
    torn: dict[str, str] = {}
    rows = iter(told[1:])
    for row in rows:
        if not row:
            break
        torn.setdefault(text(row.partition(b"\t")[2]), "")
    found = tuple((path, _object(bench.root, tree, path)) for path in torn)
    return Mixed(tree, found, tuple(_messages(rows)))


def _messages(rows: Iterator[bytes]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the conflicts among git's messages: a number of paths, the paths, a kind, and a sentence each."""
    for count in rows:
        if count.isdigit():
            paths = tuple(text(path) for path in islice(rows, int(count)))
            kind, _sentence = next(rows, b""), next(rows, b"")
            if kind.startswith(b"CONFLICT"):
                yield text(kind).partition("(")[2].rstrip(")"), paths


def has(root: Path, commit: str, path: str) -> bool:
    """Say whether a commit holds a plain file."""
    return bool(_object(root, commit, path))


def _object(root: Path, tree: str, path: str) -> str:
    row = git.run(root, "ls-tree", "-z", "--full-tree", tree, "--", path).split(b"\0")[0]
    cells = row.partition(b"\t")[0].decode().split()
    return cells[2] if len(cells) == 3 and cells[1] == "blob" else ""


def with_files(bench: Aside, tree: str, files: Mapping[str, bytes]) -> str:
    """Write a tree that is another one with some plain files changed, and return its id."""
    bench.git("read-tree", tree)
    for path, data in files.items():
        oid = bench.git("hash-object", "-w", "--no-filters", "--stdin", source=data)
        bench.git("update-index", "--cacheinfo", f"100644,{oid.decode().strip()},{path}")
    return bench.git("write-tree").decode().strip()
