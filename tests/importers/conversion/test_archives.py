"""Archives and XML of strangers are read within bounds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.importers.conversion.archives import pack_archive, read_archive
from oerbook.importers.conversion.xml_files import parse_xml


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_the_members_of_an_archive_are_read_and_packed_again(tmp_path: Path) -> None:
    members = {"a.xml": b"<a/>", "media/b.png": b"picture"}
    source = archive(tmp_path / "a.docx", members)
    assert read_archive(source) == members
    (tmp_path / "b.docx").write_bytes(pack_archive(members))
    assert read_archive(tmp_path / "b.docx") == members


@pytest.mark.parametrize("name", ["../a.png", "/etc/a", "C:\\a", "a/../../b"])
def test_names_outside_an_archive_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OerbookError, match="outside itself"):
        read_archive(archive(tmp_path / "a.docx", {name: b"x"}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(OerbookError, match="too large"):
        read_archive(archive(tmp_path / "a.docx", {"word/document.xml": b"\0" * 30_000_000}))


def test_a_member_that_is_larger_than_stated_is_refused(tmp_path: Path) -> None:
    data = archive(tmp_path / "a.docx", {"word/document.xml": b"\0" * 50_000}).read_bytes()
    size = (50_000).to_bytes(4, "little")
    (tmp_path / "b.docx").write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(OerbookError, match=r"cannot be unpacked|damaged"):
        read_archive(tmp_path / "b.docx")


def test_entities_and_external_files_of_xml_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    with pytest.raises(OerbookError, match="declares entities"):
        parse_xml(bomb, "a.xml")
    file = f'<!DOCTYPE a SYSTEM "file://{tmp_path}/secret"><a>text</a>'.encode()
    assert parse_xml(file, "a.xml").text == "text"
