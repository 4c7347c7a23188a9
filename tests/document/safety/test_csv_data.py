"""Tables are read as spreadsheet programs save them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import oerbook

PAGE = "# Acids\n\n```{csv-table} Acids\n:file: acids.csv\n:header-rows: 1\n```\n"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_table_can_be_in_the_encoding_of_excel(make: Callable[[Mapping[str, str]], Path], encoding: str) -> None:
    root = make({"chapters/01-acids.md": PAGE})
    (root / "chapters" / "acids.csv").write_bytes("Säure;pH\r\nMagensäure;1,5\r\n".encode(encoding))
    built = oerbook("build", "html", "-C", root)
    page = (root / "_build" / "html" / "acids.html").read_text()
    assert built.code == 0 and "<p>Magensäure</p>" in page and "<p>1,5</p>" in page, built.err
