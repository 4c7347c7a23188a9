"""Tables that authors write in HTML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Files, oerbook

PAGE = "# Soil\n\n<table><caption>Layers</caption><tr><th>Name</th></tr><tr><td>Humus</td></tr></table>\n"


def test_a_captioned_html_table_is_numbered_like_any_other(make: Callable[[Files], Path]) -> None:
    book = make({"chapters/01-soil.md": PAGE})
    result = oerbook("build", "html", "--format", "json", "-C", book)
    assert result.code == 0, result.err
    assert result.report["findings"] == []
    assert "Table 1.1" in (book / "_build/html/soil.html").read_text(encoding="utf-8")
