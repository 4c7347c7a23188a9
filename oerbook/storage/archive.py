"""Write finished files, and pack zip archives reproducibly."""

from __future__ import annotations

import copy
import hashlib
import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.model.findings import Finding
from oerbook.storage.files import write_atomically

LOCAL_HEADER_BYTES = 30  # before the name of a member of a ZIP file
# The first and last time that a zip file can hold, in seconds since 1970: the start of 1980, the end of 2107.
MIN_ZIP_TIMESTAMP = 315_532_800
MAX_ZIP_TIMESTAMP = 4_354_819_199


def write_artifact(kind: str, out: Path, data: bytes, findings: tuple[Finding, ...] = ()) -> Artifact:
    """Write a finished file and return it as an artifact with its SHA-256."""
    write_atomically(out, data)
    return Artifact(kind, out, hashlib.sha256(data).hexdigest(), findings)


def pack_zip(members: Mapping[str, bytes], epoch: int) -> bytes:
    """Return a zip archive whose bytes depend only on its members and `epoch`.

    `mimetype` comes first and uncompressed, as EPUB requires.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members, key=lambda n: (n != "mimetype", n != "[Content_Types].xml", n)):
            archive.writestr(make_zip_entry(name, epoch, packed=name != "mimetype"), members[name], compresslevel=9)
    return buffer.getvalue()


def clamp_timestamp(epoch: int) -> int:
    """Return a timestamp (seconds since 1970) within the range of every format.

    >>> clamp_timestamp(1_760_000_000), clamp_timestamp(0), clamp_timestamp(10**20)
    (1760000000, 315532800, 4354819199)
    """
    return min(max(epoch, MIN_ZIP_TIMESTAMP), MAX_ZIP_TIMESTAMP)


def make_zip_entry(name: str, epoch: int, *, packed: bool) -> zipfile.ZipInfo:
    """Return the header of a zip member.

    It has nothing that depends on the machine or the current time.
    """
    moment = datetime.fromtimestamp(clamp_timestamp(epoch), UTC)
    timestamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second // 2 * 2)
    info = zipfile.ZipInfo(name, timestamp)
    info.create_system = 3  # Unix
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    return info


def copy_zip_member(source: zipfile.ZipFile, info: zipfile.ZipInfo, target: zipfile.ZipFile) -> None:
    """Copy a member of one archive to another without unpacking it; `info` is its header in the source.

    The result has the same bytes as if it was packed again. `zipfile` has no function for it
    (https://github.com/python/cpython/issues/95557).
    """
    assert source.fp and target.fp
    source.fp.seek(info.header_offset)
    header = source.fp.read(LOCAL_HEADER_BYTES)
    name_bytes, extra_bytes = struct.unpack_from("<HH", header, LOCAL_HEADER_BYTES - 4)
    source.fp.seek(name_bytes + extra_bytes, io.SEEK_CUR)
    packed = source.fp.read(info.compress_size)
    target.fp.seek(target.start_dir)
    copied = copy.copy(info)
    copied.header_offset = target.fp.tell()
    target.fp.write(copied.FileHeader(zip64=False))
    target.fp.write(packed)
    target.start_dir = target.fp.tell()
    target.filelist.append(copied)
    target.NameToInfo[copied.filename] = copied
    target._didModify = True  # type: ignore[attr-defined]


def unpack_zip(data: bytes) -> dict[str, bytes]:
    """Return the members of a zip archive by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
