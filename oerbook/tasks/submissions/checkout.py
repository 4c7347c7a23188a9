"""A folder that holds files of a commit and nothing else; from one commit to the next only what differs is written."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import objects
from oerbook.storage.archive import FIRST_MOMENT
from oerbook.storage.file_cache import Stamp, stamp_of

# What a system says of a name that it cannot keep.
UNFIT = frozenset(
    getattr(errno, name) for name in ["ENAMETOOLONG", "EINVAL", "EILSEQ", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST"]
)


class LaidOut:
    """A folder with the files that were written to it: a file that anybody touched since is written anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: dict[str, tuple[str, Stamp]] = {}
        self._names: dict[str, set[str]] = {}  # by folder below this one, what is in it
        self._touched: set[str] = set()

    def touched(self) -> list[str]:
        """Return the files that were written or taken away since this was asked last."""
        told = [str(self.folder / path) for path in self._touched]
        self._touched = set()
        return told

    def hold(self, root: Path, wanted: Mapping[str, objects.Kept]) -> None:
        """Let the folder hold these files of the repository at `root`, by their paths in the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        left = {path: held for path, held in self._held.items() if path in wanted and wanted[path].oid == held[0]}
        if self._as_it_was():
            for path in self._held.keys() - left.keys():
                self._remove(path)
        else:
            left, self._names = {}, {"": set()}
            self._clear("", wanted, left)
            for path in left:
                self._enter(path)
        self._touched |= self._held.keys() - left.keys()
        self._held = left
        missing: dict[str, list[str]] = {}
        for path, kept in wanted.items():
            if path not in left:
                missing.setdefault(kept.oid, []).append(path)
        sizes = {wanted[paths[0]].oid: wanted[paths[0]].size for paths in missing.values()}
        for oid, data in objects.blobs(root, sizes):
            for path in missing[oid]:
                self._write(path, oid, data)

    def empty(self) -> None:
        """Hold nothing."""
        self._held, self._names = {}, {}
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_it_was(self) -> bool:
        """Say whether nobody has touched a file or a folder since they were written."""
        top = f"{self.folder}/"
        try:
            return (
                bool(self._names)
                and all(
                    {entry.name for entry in os.scandir(top + below)} == names for below, names in self._names.items()
                )
                and all(stamp_of(os.lstat(top + path)) == stamp for path, (_oid, stamp) in self._held.items())
            )
        except OSError:
            return False

    def _enter(self, path: str) -> None:
        """Note that a file is there, and the folders on its way."""
        while path:
            above, _slash, name = path.rpartition("/")
            known = above in self._names
            self._names.setdefault(above, set()).add(name)
            path = "" if known else above

    def _remove(self, path: str) -> None:
        """Take away a file, and the folders that are empty without it."""
        (self.folder / path).unlink()
        while path:
            above, _slash, name = path.rpartition("/")
            self._names[above].remove(name)
            if self._names[above] or not above:
                return
            del self._names[above]
            (self.folder / above).rmdir()
            path = above

    def _clear(self, below: str, wanted: Mapping[str, objects.Kept], left: dict[str, tuple[str, Stamp]]) -> bool:
        """Take away all that is not wanted or not as it was written; say whether anything is left below."""
        kept = False
        with os.scandir(self.folder / below) as entries:
            found = list(entries)
        for entry in found:
            path = below + entry.name
            if entry.is_dir(follow_symlinks=False):
                if self._clear(f"{path}/", wanted, left):
                    kept = True
                else:
                    Path(entry.path).rmdir()
                continue
            oid, stamp = self._held.get(path, ("", ()))
            if path in wanted and wanted[path].oid == oid and stamp_of(entry.stat(follow_symlinks=False)) == stamp:
                left[path], kept = (oid, stamp), True
            else:
                Path(entry.path).unlink()
        return kept

    def _write(self, path: str, oid: str, data: bytes) -> None:
        place = self.folder / path
        self._touched.add(path)
        when = FIRST_MOMENT + int(oid[:7], 16)  # the clock tells what its content tells, and nothing is read twice
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            os.utime(place, (when, when))
            self._held[path] = (oid, stamp_of(place.lstat()))
            self._enter(path)
        except ValueError:  # a name that this system cannot keep is a finding by itself
            return
        except OSError as error:
            if error.errno not in UNFIT:
                words = f"a file of the submission cannot be laid out: {error.strerror}"
                raise OerbookError(words, hint="See whether the disk is full.") from error
