"""A newcomer begins a book."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from tests.conftest import oerbook


@pytest.mark.slow
def test_a_new_book_builds_and_checks_clean(tmp_path: Path) -> None:
    book = tmp_path / "soil-and-water"
    ran = oerbook("init", book, "--yes", "--author", "Ada <b> Lee: 2nd", "--title", 'Soil "and" *water*')
    assert ran.code == 0, ran.err
    assert (book / "chapters" / "index.md").is_file() and (book / ".git").is_dir()
    checked = oerbook("check", "--strict", "-C", book)
    assert checked.code == 0, checked.err
    built = oerbook("build", "html", "--strict", "-C", book)
    assert built.code == 0, built.err
    page = (book / "_build" / "html" / "index.html").read_text()
    assert "Ada &lt;b&gt; Lee: 2nd" in page and 'Soil "and" *water*' in unescape(page)


def test_init_keeps_existing_files(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n")
    ran = oerbook("init", tmp_path, "--yes")
    assert ran.code == 0 and "README.md exists and was not changed" in ran.err
    assert (tmp_path / "README.md").read_text() == "mine\n"
    again = oerbook("init", tmp_path, "--yes")
    assert again.code == 1 and "already holds a book" in again.err


def test_a_license_that_nobody_knows_is_asked_about(tmp_path: Path) -> None:
    ran = oerbook("init", tmp_path / "b", "--yes", "--license", "CC BY")
    assert ran.code == 1 and "Did you mean CC-BY-4.0?" in ran.err
    assert not (tmp_path / "b").exists()
