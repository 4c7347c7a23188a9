"""Compare the files of a book with its last commit without running a filter that the repository configures.

`git status` starts `filter.*.clean` and `filter.*.process` to compare files, so it is not used.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from oerbook.git import process

LFS_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\nsize (\d+)\n"
)
INDEX_STAT_ENTRY = re.compile(rb"mtime: (\d+):(\d+)\n.*?size: (\d+)", re.S)
MAX_COMPARED_BYTES = 50_000_000
REGULAR_MODES = ("100644", "100755")


def differs_from_last_commit(root: Path, paths: Sequence[str]) -> bool:
    """Return whether files below some paths differ from the last commit, untracked files included."""
    return process.in_repository(root) and next(_changes(root, paths), None) is not None


def _changes(root: Path, paths: Sequence[str]) -> Iterator[str]:
    """Yield paths that are untracked, staged, missing or altered."""
    if not paths:
        return
    untracked = process.run_git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *paths)
    yield from filter(None, untracked.decode(errors="surrogateescape").split("\0"))
    if process.run_git(root, "rev-parse", "--verify", "--quiet", "HEAD", ok_codes=(0, 1)):
        staged = process.run_git(
            root, "diff-index", "--cached", "--name-only", "--no-renames", "-z", "HEAD", "--", *paths
        )
        yield from filter(None, staged.decode(errors="surrogateescape").split("\0"))
    rows = process.run_git(root, "ls-files", "--stage", "-z", "--", *paths).decode(errors="surrogateescape").split("\0")
    entries = [
        (fields.split()[0], fields.split()[1], path) for fields, _tab, path in (r.partition("\t") for r in rows if r)
    ]
    yield from _altered(root, [(oid, path) for mode, oid, path in entries if mode in REGULAR_MODES])


def _altered(root: Path, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the files whose content is not that of the index."""
    present = []
    for oid, path in entries:
        if (root / path).is_file() and not (root / path).is_symlink():
            present.append((oid, path))
        else:
            yield path
    source = "".join(f"{(root / path).absolute()}\n" for _oid, path in present).encode(errors="surrogateescape")
    hashes = (
        process.run_git(root, "hash-object", "--no-filters", "--stdin-paths", stdin=source).decode().split()
        if present
        else []
    )
    for (oid, path), found in zip(present, hashes, strict=True):
        if found != oid and not _is_same_after_filters(root, oid, root / path) and not _is_untouched(root, path):
            yield path


def _is_same_after_filters(root: Path, oid: str, path: Path) -> bool:
    """Return whether a file is what git would write for an object: its line ends converted, or fetched by Git LFS."""
    if path.stat().st_size > MAX_COMPARED_BYTES:
        return False
    blob, content = process.run_git(root, "cat-file", "blob", oid), path.read_bytes()
    pointer = LFS_POINTER.match(blob)
    if pointer:
        return len(content) == int(pointer[2]) and hashlib.sha256(content).hexdigest().encode() == pointer[1]
    return content.replace(b"\r\n", b"\n") == blob.replace(b"\r\n", b"\n")


def _is_untouched(root: Path, path: str) -> bool:
    """Return whether a file with a filter, which is not run, has the time and size that git noted for it."""
    attribute = process.run_git(root, "check-attr", "-z", "filter", "--", path).split(b"\0")
    if len(attribute) < 3 or attribute[2] in (b"unspecified", b"unset"):
        return False
    noted = INDEX_STAT_ENTRY.search(process.run_git(root, "ls-files", "--debug", "--", path))
    stat = (root / path).stat()
    return noted is not None and tuple(map(int, noted.groups())) == (*divmod(stat.st_mtime_ns, 10**9), stat.st_size)
