"""Notebooks are read as Markdown whatever their cells hold."""

from __future__ import annotations

from typing import Any

import pytest

from oerbook.source.notebook import notebook_to_markdown


@pytest.mark.parametrize("level", [10**12, -1, "x", None, 2.5, [], True])
def test_a_heading_of_an_impossible_level_is_a_title(level: Any) -> None:
    """Notebooks of format 3 have cells that are headings."""
    cells = [{"cell_type": "heading", "level": level, "source": "Worms"}]
    assert notebook_to_markdown({"worksheets": [{"cells": cells}]}).strip() == "# Worms"
