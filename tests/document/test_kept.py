"""What is kept between runs comes back as it was, and work is done for what changed alone."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from oerbook.document import formula_nodes
from oerbook.document.session import Order, understand
from oerbook.document.shelf import Shelf
from oerbook.evidence import Grid, Heading, Link, PageProof, Passage, Picture
from oerbook.model import Finding, Place, Severity
from oerbook.source.book import read_book

HERE = Place("chapters/01-a.md", 7)


def test_frozen_values_come_back_as_they_were(tmp_path: Path) -> None:
    page = PageProof(
        "a",
        "chapters/01-a.md",
        "text",
        (Heading("A", 1, HERE, empty=True),),
        (Picture("a.png", "a drop", HERE, "A drop", 10, 2, 3),),
        (Link("here", "https://example.org", HERE),),
        (Grid(HERE, True, 4),),
        (Passage("words", HERE, True),),
    )
    value = [page, Finding("code", "words", HERE, Severity.INFO, "hint")]
    Shelf(tmp_path).put("proof", "key", value)
    assert Shelf(tmp_path).get("proof", "key") == value


def test_what_is_nested_too_deeply_is_not_kept_and_the_shelf_knows(tmp_path: Path) -> None:
    shelf, deep = Shelf(tmp_path), list[Any]()
    for _ in range(100_000):
        deep = [deep]
    shelf.put("resolved", "flat", ["a"])
    shelf.put("resolved", "deep", deep)
    assert [shelf.has("resolved", key) for key in ("flat", "deep", "none")] == [True, False, False]
    shelf.put("resolved", "later", ["b"])
    assert shelf.has("resolved", "later")
    shelf.used.clear()
    assert shelf.get("resolved", "flat") == ["a"]
    shelf.sweep("resolved")
    assert [shelf.has("resolved", key) for key in ("flat", "later")] == [True, False]


@pytest.mark.slow
def test_formulas_are_fetched_for_pages_that_are_read_or_set_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (chapters / "index.md").write_text("---\ntitle: Formulas\nlicense: CC-BY-4.0\n---\n\n# Formulas\n")
    for name in "ab":
        (chapters / f"01-{name}.md").write_text(f"# {name}\n\nSee ${name}_1$ and ${name}_2$.\n")
    asked: list[set[str]] = []
    plain = formula_nodes.convert

    def convert(keys: Any, *rest: Any) -> Any:
        asked.append({tex for tex, _display in keys})
        return plain(keys, *rest)

    monkeypatch.setattr(formula_nodes, "convert", convert)

    def read(*tried: str) -> None:
        book, _said = read_book(tmp_path)
        asked.clear()
        understand(book, Order((), tmp_path / "work", 1, tried=tried), lambda *_: nullcontext(lambda *_: None))

    read()
    assert asked == [{"a_1", "a_2", "b_1", "b_2"}]
    read()
    assert asked == []
    read("b")
    assert asked == [{"b_1", "b_2"}]
    (chapters / "01-a.md").write_text("# a\n\nSee $a_3$.\n")
    read()
    assert asked == [{"a_3"}]
