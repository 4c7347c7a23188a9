"""Blocks of pandoc are written as MyST: the examples in examples/*.txt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oerbook.importers.myst_writer import PageContext, write_page
from oerbook.tools.pandoc_reader import read_document

FOLDER = Path(__file__).parent / "examples"


def read_examples() -> list[tuple[str, str, str]]:
    """Return title, pandoc's Markdown and the expected MyST of each example."""
    examples = []
    for path in sorted(FOLDER.glob("*.txt")):
        for text in re.split(r"^====\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            title, _line_end, rest = text.partition("\n")
            source, _arrow, expected = rest.partition("->\n")
            examples.append((title, source, expected))
    return examples


@pytest.fixture(scope="module")
def written() -> list[str]:
    """Return the MyST of all examples; pandoc runs once."""
    divs = "\n\n".join(f"::::::::: part\n\n{source}\n:::::::::" for _title, source, _expected in read_examples())
    document = read_document(divs.encode(), "markdown-smart")
    return [write_page(block["c"][1], PageContext("examples")).text for block in document.blocks]


@pytest.mark.parametrize(("number", "title"), [(n, title) for n, (title, _s, _e) in enumerate(read_examples())])
def test_an_example_is_written_as_expected(number: int, title: str, written: list[str]) -> None:
    assert written[number] == read_examples()[number][2], title
