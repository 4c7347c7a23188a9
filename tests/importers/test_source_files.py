"""Sources are read within limits, and nothing outside of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.importers.reading import source_files
from oerbook.importers.reading.source_files import open_source


def test_names_that_lead_out_of_an_archive_and_links_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../up.txt", "/abs.txt", "a/../../b", "C:/x", "good/a b.txt"):
            archive.writestr(name, "x")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    files = open_source(path)
    assert list(files.sizes) == ["good/a b.txt"]
    assert [finding.code for finding in files.findings] == ["import-file-refused"] * 5
    assert files.resolve("good/page.html", "a%20b.txt#x") == "good/a b.txt"
    assert files.resolve("good/page.html", "../../../etc/passwd") == ""


def test_a_file_that_unpacks_to_far_more_than_its_size_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"\0" * 20_000_000)
        archive.writestr("small.txt", "words")
    files = open_source(path)
    assert list(files.sizes) == ["small.txt"]


def test_an_archive_that_lies_about_the_size_of_a_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_files, "MAX_FILE_BYTES", 1000)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "x" * 5000)
    data = path.read_bytes().replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    files = open_source(path)
    try:
        assert len(files.read("a.txt")) <= 10
    except OerbookError as error:
        assert "a.txt" in error.message


def test_symbolic_links_in_a_folder_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "book").mkdir()
    (tmp_path / "book/link.txt").symlink_to(tmp_path / "secret")
    (tmp_path / "book/a.txt").write_text("a")
    assert list(open_source(tmp_path / "book").sizes) == ["a.txt"]
