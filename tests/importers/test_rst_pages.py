"""Pages of reStructuredText become MyST: the examples in examples/rst.txt."""

from __future__ import annotations

import pytest

from oerbook.importers.line_conversion.page import SourcePage
from oerbook.importers.rst_pages.context import BookMarkup, RstContext
from oerbook.importers.rst_pages.convert import convert_page
from tests.support.conversions import Conversion, conversions

BOOK = BookMarkup(frozenset(["soil", "peat-bogs"]), {"deep soil": "deep-soil"})


@pytest.mark.parametrize("example", conversions("rst.txt"), ids=lambda example: example.title)
def test_a_page_becomes_myst(example: Conversion) -> None:
    page = SourcePage("a.rst", example.old, tracked=frozenset(["a.svg"]))
    assert convert_page(RstContext(page, BOOK)).text == example.new
