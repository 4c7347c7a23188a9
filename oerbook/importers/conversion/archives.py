"""Read zip archives of strangers within bounds, and pack them again for pandoc."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP, make_zip_entry

MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 250_000_000
MAX_TOTAL_BYTES = 1_000_000_000
MAX_RATIO = 300  # unpacked bytes for each packed one, of members that are large; text reaches about 30
LARGE_MEMBER_BYTES = 20_000_000


def read_archive(source: Path, wanted: Callable[[str], bool] = lambda _name: True) -> dict[str, bytes]:
    """Return the members of a zip archive by name, those that are `wanted`.

    Raises OerbookError for what is no zip archive, and for one that is damaged, encrypted, has absolute names or names
    with `..`, or would be too large when unpacked.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            members = [info for info in archive.infolist() if not info.is_dir() and wanted(info.filename)]
            _check_sizes(source.name, members)
            return _read_members(source.name, archive, members)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as error:
        hint = "Open it in the program that wrote it, save it again, and import that."
        raise OerbookError(f"{source.name} cannot be unpacked: {error}", hint=hint) from error


def list_members(source: Path) -> list[str]:
    """Return the names of the members of a zip archive, [] for another file."""
    try:
        with zipfile.ZipFile(source) as archive:
            return archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def pack_archive(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive without compression, for a program that reads it at once."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(make_zip_entry(name, MIN_ZIP_TIMESTAMP, packed=False), data)
    return buffer.getvalue()


def _check_sizes(source_name: str, members: list[zipfile.ZipInfo]) -> None:
    """Raise OerbookError if members have unsafe names or would be too large."""
    hint = "Import it in parts, or make its pictures smaller."
    if len(members) > MAX_MEMBERS:
        raise OerbookError(f"{source_name} holds more than {MAX_MEMBERS} files", hint=hint)
    for info in members:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise OerbookError(f"{source_name} names a file outside itself: {info.filename[:100]}")
        is_bomb = info.file_size > LARGE_MEMBER_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if info.file_size > MAX_MEMBER_BYTES or is_bomb:
            raise OerbookError(f"{source_name} holds a file that is too large: {info.filename[:100]}", hint=hint)
    if sum(info.file_size for info in members) > MAX_TOTAL_BYTES:
        raise OerbookError(f"{source_name} is larger than {MAX_TOTAL_BYTES // 1_000_000} MB unpacked", hint=hint)


def _read_members(source_name: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Return the content of members; their real size counts, not the one that the archive states."""
    contents: dict[str, bytes] = {}
    for info in members:
        with archive.open(info) as member:
            data = member.read(info.file_size + 1)
        if len(data) != info.file_size:
            raise OerbookError(f"{source_name} is damaged: {info.filename[:100]} has another size than stated")
        contents[info.filename] = data
    return contents
