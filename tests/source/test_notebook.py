"""Notebooks are read as Markdown whatever their cells hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oerbook.source.notebook import cells_as_markdown, notebook_to_markdown
from oerbook.source.page import read_page


def _cell(kind: str, source: str, **metadata: str) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": metadata}


def _page(root: Path, *cells: dict[str, Any]) -> Any:
    (root / "chapters").mkdir(exist_ok=True)
    (root / "chapters/soil.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    return read_page(root, "chapters/soil.ipynb", "soil")


@pytest.mark.parametrize("level", [10**12, -1, "x", None, 2.5, [], True])
def test_a_heading_of_an_impossible_level_is_a_title(level: Any) -> None:
    """Notebooks of format 3 have cells that are headings."""
    cells = [{"cell_type": "heading", "level": level, "source": "Worms"}]
    assert notebook_to_markdown({"worksheets": [{"cells": cells}]}).strip() == "# Worms"


@pytest.mark.parametrize("kind", ["raw", "markdown"])
def test_the_first_cell_of_a_notebook_may_hold_its_front_matter(tmp_path: Path, kind: str) -> None:
    """Quarto keeps it in a raw cell, mystmd in a Markdown cell."""
    matter = "---\ntitle: Living soil\nauthors: [Ada Lee]\nformat: html\n---"
    page = _page(tmp_path, _cell(kind, matter), _cell("markdown", "## Worms\n\nThey dig."))
    assert (page.chapter.title, page.chapter.authors[0].name) == ("Living soil", "Ada Lee")
    assert page.chapter.title_line
    assert not page.findings


def test_a_rule_at_the_start_of_a_notebook_is_no_front_matter(tmp_path: Path) -> None:
    """A notebook may start with a horizontal line."""
    page = _page(tmp_path, _cell("markdown", "---\n# Soil\n\nAlive.\n\n---"))
    assert (page.chapter.title, page.chapter.body_line, page.findings) == ("Soil", 1, ())


def test_raw_cells_become_markdown_or_raw_blocks() -> None:
    """A raw cell in Markdown is read as Markdown; others keep their format."""
    cells = [
        _cell("raw", "**a**", raw_mimetype="text/markdown"),
        _cell("raw", "b"),
        _cell("raw", "<p>c</p>", format="text/html"),
    ]
    text, _starts = cells_as_markdown(json.dumps({"cells": cells}))
    assert text.startswith("**a**\n")
    assert "```{raw-cell}\n:cell: 1\n:raw_mimetype: \n\nb\n```" in text
    assert ":raw_mimetype: text/html\n\n<p>c</p>" in text
