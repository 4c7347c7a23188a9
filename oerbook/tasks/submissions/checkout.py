"""Check out files of a commit to a folder, writing only those that changed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import objects
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP
from oerbook.storage.file_cache import FileStamp, make_file_stamp
from oerbook.storage.machine_errors import raise_machine_error

# Errors that operating systems report for a file name that they cannot store.
ERRNOS_OF_UNSTORABLE_NAMES = frozenset(
    getattr(errno, name) for name in ["ENAMETOOLONG", "EINVAL", "EILSEQ", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST"]
)


class Checkout:
    """A folder with files of a commit; files changed in the folder are written again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, tuple[str, FileStamp]] = {}  # by path: object id, and file attributes after writing
        self._names: dict[str, set[str]] = {}  # by subfolder, the names in it
        self._touched: set[str] = set()

    def pop_touched(self) -> list[str]:
        """Return the files written or removed since the last call."""
        touched = [str(self.folder / path) for path in self._touched]
        self._touched = set()
        return touched

    def sync(self, root: Path, wanted: Mapping[str, objects.TreeEntry]) -> None:
        """Make the folder hold exactly these files of the repository, by path."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unchanged = {path: file for path, file in self._files.items() if path in wanted and wanted[path].oid == file[0]}
        if self._is_unmodified():
            for path in self._files.keys() - unchanged.keys():
                self._remove(path)
        else:
            unchanged, self._names = {}, {"": set()}
            self._remove_others("", wanted, unchanged)
            for path in unchanged:
                self._record(path)
        self._touched |= self._files.keys() - unchanged.keys()
        self._files = unchanged
        missing: dict[str, list[str]] = {}
        for path, file in wanted.items():
            if path not in unchanged:
                missing.setdefault(file.oid, []).append(path)
        sizes = {wanted[paths[0]].oid: wanted[paths[0]].size for paths in missing.values()}
        for oid, data in objects.read_blobs(root, sizes):
            for path in missing[oid]:
                self._write(path, oid, data)

    def remove(self) -> None:
        """Remove the folder."""
        self._files, self._names = {}, {}
        shutil.rmtree(self.folder, ignore_errors=True)

    def _is_unmodified(self) -> bool:
        """Say whether no file or folder was changed since it was written."""
        top = f"{self.folder}/"
        try:
            return (
                bool(self._names)
                and all(
                    {entry.name for entry in os.scandir(top + folder)} == names for folder, names in self._names.items()
                )
                and all(make_file_stamp(os.lstat(top + path)) == stamp for path, (_oid, stamp) in self._files.items())
            )
        except OSError:
            return False

    def _record(self, path: str) -> None:
        """Record that a file exists, and the folders that lead to it."""
        while path:
            parent, _slash, name = path.rpartition("/")
            parent_recorded = parent in self._names
            self._names.setdefault(parent, set()).add(name)
            path = "" if parent_recorded else parent

    def _remove(self, path: str) -> None:
        """Remove a file, and the folders that are empty without it."""
        (self.folder / path).unlink()
        while path:
            parent, _slash, name = path.rpartition("/")
            self._names[parent].remove(name)
            if self._names[parent] or not parent:
                return
            del self._names[parent]
            (self.folder / parent).rmdir()
            path = parent

    def _remove_others(
        self, below: str, wanted: Mapping[str, objects.TreeEntry], unchanged: dict[str, tuple[str, FileStamp]]
    ) -> bool:
        """Remove files that are not wanted or were modified; say whether any are left.

        Files that stay are added to `unchanged`.
        """
        any_left = False
        with os.scandir(self.folder / below) as iterator:
            entries = list(iterator)
        for entry in entries:
            path = below + entry.name
            if entry.is_dir(follow_symlinks=False):
                if self._remove_others(f"{path}/", wanted, unchanged):
                    any_left = True
                else:
                    Path(entry.path).rmdir()
                continue
            oid, stamp = self._files.get(path, ("", ()))
            if (
                path in wanted
                and wanted[path].oid == oid
                and make_file_stamp(entry.stat(follow_symlinks=False)) == stamp
            ):
                unchanged[path], any_left = (oid, stamp), True
            else:
                Path(entry.path).unlink()
        return any_left

    def _write(self, path: str, oid: str, data: bytes) -> None:
        file = self.folder / path
        self._touched.add(path)
        # The time depends on the content only, so that caches which compare times read no file twice.
        mtime_s = MIN_ZIP_TIMESTAMP + int(oid[:7], 16)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            os.utime(file, (mtime_s, mtime_s))
            self._files[path] = (oid, make_file_stamp(file.lstat()))
            self._record(path)
        except ValueError:  # a null character in the name; the name is reported by a policy rule
            return
        except OSError as error:
            raise_machine_error(error)
            if error.errno not in ERRNOS_OF_UNSTORABLE_NAMES:
                message = f"a file of the submission cannot be written: {error.strerror}"
                raise OerbookError(message, hint="Check the free disk space.") from error
