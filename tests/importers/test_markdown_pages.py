"""Pages of mdBook, GitBook and MkDocs become MyST: the examples in examples/markdown.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.importers.line_conversion.page import SourcePage
from oerbook.importers.markdown_pages.context import MarkdownContext
from oerbook.importers.markdown_pages.convert import convert_page
from tests.conftest import write
from tests.support.conversions import Conversion, conversions

FILES = {"code/worm.rs": "fn main() {\n// ANCHOR: dig\ndig(1);\n// ANCHOR_END: dig\n}\n", "words.md": "Words.\n"}


@pytest.mark.parametrize("example", conversions("markdown.txt"), ids=lambda example: example.title)
def test_a_page_becomes_myst(example: Conversion, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    page = SourcePage("a.md", example.old, tracked=frozenset(FILES))
    tool = example.title.partition(":")[0]
    assert (
        convert_page(MarkdownContext(page, tool, tmp_path, "", tool in ("markdown", "mkdocs"), {"depth": "12"})).text
        == example.new
    )
