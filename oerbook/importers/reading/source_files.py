"""Read the files of a source, a folder or a zip archive, with limits; nothing outside of it is opened."""

from __future__ import annotations

import posixpath
import stat
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from oerbook.errors import OerbookError
from oerbook.model.findings import Finding, Place, Severity

MAX_FILES = 30_000
MAX_FILE_BYTES = 150_000_000
MAX_TOTAL_BYTES = 2_000_000_000
MAX_RATIO = 250  # of a packed file; text in XML reaches 30, a zip bomb 1000
MIN_RATIO_BYTES = 5_000_000  # smaller files may have any ratio
MAX_NAME_CHARS = 1000
EXPORT_HINT = "Export the source again, or unpack it and name the folder."


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The files of a folder or archive by name, with their sizes in bytes; `findings` are on files left out."""

    path: Path
    sizes: Mapping[str, int]
    findings: tuple[Finding, ...] = ()

    def read(self, name: str) -> bytes:
        """Return the contents of a file. Raises OerbookError if it is missing, damaged or too large."""
        if name not in self.sizes:
            raise OerbookError(f"{self.path.name} has no file {name}", hint=EXPORT_HINT)
        try:
            if self.path.is_dir():
                with (self.path / name).open("rb") as file:
                    data = file.read(MAX_FILE_BYTES + 1)
            else:
                with _open_archive(self.path).open(name) as member:
                    data = member.read(MAX_FILE_BYTES + 1)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
            raise OerbookError(f"{name} in {self.path.name} cannot be read: {error}", hint=EXPORT_HINT) from error
        except Exception as error:  # zlib.error and lzma.LZMAError have no common base
            raise OerbookError(f"{name} in {self.path.name} is damaged", hint=EXPORT_HINT) from error
        if len(data) > MAX_FILE_BYTES:
            raise OerbookError(f"{name} is larger than {MAX_FILE_BYTES // 1_000_000} MB", hint=EXPORT_HINT)
        return data

    def resolve(self, base: str, url: str) -> str:
        """Return the name of the file that a URL in the file `base` leads to, "" if there is none.

        Names are compared without regard to case if no file has the exact name.
        """
        path = unquote(url.split("#")[0].split("?")[0])
        if not path or path.startswith(("/", "\\")) or "://" in path:
            return ""
        name = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
        if name in self.sizes:
            return name
        return next((other for other in self.sizes if other.lower() == name.lower()), "")


def open_source(path: Path) -> SourceFiles:
    """Return the files of a folder or zip archive, without links, hidden files and names that lead out of it.

    Raises OerbookError for an archive that is damaged or unpacks to more than the limits.
    """
    return _list_folder(path) if path.is_dir() else _list_archive(path)


def open_beside(path: Path, urls: Iterable[str]) -> SourceFiles:
    """Return a file and those of the files in its folder and below that `urls` name."""
    sizes = {path.name: path.stat().st_size}
    for url in urls:
        name = posixpath.normpath(unquote(url.split("#")[0].split("?")[0]) or ".")
        if name.startswith(("/", "..", "\\")) or "://" in url or "\0" in name or len(name) > MAX_NAME_CHARS:
            continue
        parts = [path.parent.joinpath(*name.split("/")[: n + 1]) for n in range(name.count("/") + 1)]
        if parts[-1].is_file() and not any(part.is_symlink() for part in parts):
            sizes[name] = parts[-1].stat().st_size
    return SourceFiles(path.parent, sizes)


@lru_cache(maxsize=1)
def _open_archive(path: Path) -> zipfile.ZipFile:
    """Return an archive whose list of files is read once, however many files are read."""
    return zipfile.ZipFile(path)


def _list_folder(path: Path) -> SourceFiles:
    sizes: dict[str, int] = {}
    findings: list[Finding] = []
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if file.is_symlink() or any(parent.is_symlink() for parent in file.parents if parent.is_relative_to(path)):
            findings.append(_left_out(name, "it is a symbolic link"))
        elif file.is_file():
            sizes[name] = file.stat().st_size
        if len(sizes) > MAX_FILES:
            raise OerbookError(f"{path.name} has more than {MAX_FILES} files", hint="Name the folder of one book.")
    return SourceFiles(path, sizes, tuple(findings))


def _list_archive(path: Path) -> SourceFiles:
    try:
        _open_archive.cache_clear()
        members = _open_archive(path).infolist()
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise OerbookError(f"{path.name} is no readable zip archive: {error}", hint=EXPORT_HINT) from error
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        message = f"{path.name} unpacks to more than {MAX_FILES} files or {MAX_TOTAL_BYTES // 1_000_000_000} GB"
        raise OerbookError(message, hint="Import a smaller part of it.")
    sizes: dict[str, int] = {}
    findings: list[Finding] = []
    for member in members:
        reason = _reason_to_leave_out(member)
        if reason:
            findings.append(_left_out(member.filename, reason))
        elif not member.is_dir():
            sizes[member.filename] = member.file_size
    return SourceFiles(path, sizes, tuple(findings))


def _reason_to_leave_out(member: zipfile.ZipInfo) -> str:
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name.split("/")[0]:
        return "its name leads out of the archive"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a symbolic link"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > MAX_FILE_BYTES:
        return f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB"
    if member.file_size > MIN_RATIO_BYTES and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        return "it is packed so tightly that it is a zip bomb"
    return ""


def _left_out(name: str, reason: str) -> Finding:
    message = f"this file of the source was left out, because {reason}"
    return Finding("import-file-refused", message, Place(name), Severity.WARNING, "Check the source before you use it.")
