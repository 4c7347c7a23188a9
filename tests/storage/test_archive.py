"""Archives hold their files in a fixed order, without dates."""

from __future__ import annotations

import zipfile
from io import BytesIO

from oerbook.storage.archive import pack_zip, unpack_zip


def test_an_archive_depends_on_its_members_alone() -> None:
    members = {"mimetype": b"application/epub+zip", "b": b"2", "a": b"1"}
    assert pack_zip(members, 5) == pack_zip(dict(reversed(members.items())), 5)
    with zipfile.ZipFile(BytesIO(pack_zip(members, 5))) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type, first.date_time[0]) == ("mimetype", zipfile.ZIP_STORED, 1980)
    assert unpack_zip(pack_zip(members, 5)) == members
