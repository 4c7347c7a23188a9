"""Edits of a copy change only their words in the source: the examples in examples.txt, and new paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from oerbook.importers.editing_copies.edit_words import EditedParagraph, Run
from oerbook.importers.editing_copies.edits import apply_edits
from oerbook.importers.editing_copies.read_copy import read_copy
from oerbook.importers.editing_copies.write_docx import write_editing_copy
from tests.conftest import ROOT


def read_examples() -> list[tuple[str, str, list[tuple[str, str]], str]]:
    examples = []
    text = (Path(__file__).parent / "examples.txt").read_text(encoding="utf-8")
    for example in text.split("====\n")[1:]:
        title, _line_end, rest = example.partition("\n")
        source, edits, expected = rest.split(">>>\n")
        rows = [line.partition("=>") for line in edits.splitlines()]
        examples.append((title, source, [(old.strip(), new.strip()) for old, _arrow, new in rows], expected))
    return examples


def copied(folder: Path, source: str) -> list[EditedParagraph]:
    """Return the paragraphs of the copy of a page, as they come back unchanged."""
    (folder / "copy.docx").write_bytes(write_editing_copy(source, 0, {"oerbook-chapter": "a.md"}, 1_760_000_000))
    return list(read_copy(folder / "copy.docx").paragraphs)


def edited(paragraphs: list[EditedParagraph], old: str, new: str) -> list[EditedParagraph]:
    return [replace(p, runs=tuple(replace(r, text=r.text.replace(old, new)) for r in p.runs)) for p in paragraphs]


@pytest.mark.parametrize(("title", "source", "edits", "expected"), read_examples())
def test_an_edit_changes_its_words_alone(
    tmp_path: Path, title: str, source: str, edits: list[tuple[str, str]], expected: str
) -> None:
    paragraphs = copied(tmp_path, source)
    for old, new in edits:
        assert old in " ".join(paragraph.text for paragraph in paragraphs), title
        paragraphs = edited(paragraphs, old, new)
    assert apply_edits(source, 0, paragraphs) == expected


def test_new_paragraphs_headings_and_items_are_written_in_their_place(tmp_path: Path) -> None:
    source = "# Soil\n\nOne.\n\n- a\n- b\n\nTwo.\n"
    paragraphs = copied(tmp_path, source)
    paragraphs.insert(4, EditedParagraph("bullet", (Run("c "), Run("new", italic=True))))
    paragraphs.insert(2, EditedParagraph("h2", (Run("Layers"),)))
    paragraphs.append(EditedParagraph("text", (Run("1. April was "), Run("wet", bold=True), Run("."))))
    assert apply_edits(source, 0, paragraphs) == (
        "# Soil\n\nOne.\n\n## Layers\n\n- a\n- b\n- c *new*\n\nTwo.\n\n1\\. April was **wet**.\n"
    )


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").rglob("*.md")), ids=lambda path: path.name)
def test_an_unchanged_copy_of_a_real_chapter_changes_nothing(tmp_path: Path, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first_line = text.split("\n").index("---", 1) + 1
    (tmp_path / "copy.docx").write_bytes(write_editing_copy(text, first_line, {}, 1_760_000_000))
    paragraphs = read_copy(tmp_path / "copy.docx").paragraphs
    assert apply_edits(text, first_line, paragraphs) == text
    words = re.findall(r"(?<![\w\\{`])[a-z]{5,}(?= [a-z])", text)
    word = words[len(words) // 2]
    number = next(n for n, paragraph in enumerate(paragraphs) if word in paragraph.text)
    changed = [*paragraphs[:number], *edited([paragraphs[number]], word, "zebra"), *paragraphs[number + 1 :]]
    result = apply_edits(text, first_line, changed)
    assert result.replace("zebra", word) == text
    assert result.count("zebra") == paragraphs[number].text.count(word)
