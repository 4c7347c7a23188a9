"""Pages of Quarto and R Markdown become MyST: the examples in examples/quarto.txt."""

from __future__ import annotations

import pytest

from oerbook.importers.line_conversion.page import SourcePage
from oerbook.importers.quarto_pages.context import PageContext
from oerbook.importers.quarto_pages.convert import convert_page
from tests.support.conversions import Conversion, conversions

LABELS = frozenset(["fig-worm", "fig:worm", "tab:soil", "peat-bogs"])


@pytest.mark.parametrize("example", conversions("quarto.txt"), ids=lambda example: example.title)
def test_a_page_becomes_myst(example: Conversion) -> None:
    suffix = "Rmd" if example.title.endswith("(Rmd)") else "qmd"
    page = SourcePage(f"a.{suffix}", example.old, LABELS, LABELS)
    assert convert_page(PageContext(page, heading_labels={"peat bogs": "peat-bogs"})).text == example.new
