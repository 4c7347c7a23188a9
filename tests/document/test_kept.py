"""What is kept between runs comes back as it was, and work is done for what changed alone."""

from __future__ import annotations

import random
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from oerbook.document.math import nodes
from oerbook.document.session import Order, understand
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.proof import Grid, Heading, Link, PageProof, Passage, Picture
from oerbook.source.book import read_book
from oerbook.storage.cache import Shelf

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
    plain = nodes.convert

    def convert(keys: Any, *rest: Any) -> Any:
        asked.append({tex for tex, _display in keys})
        return plain(keys, *rest)

    monkeypatch.setattr(nodes, "convert", convert)

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


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
NAMED = """# A

![A drop](drop.svg) {download}`data.csv` [The numbers](more.csv)

```{include} part.txt
```

```{literalinclude} code.txt
```

```{csv-table} T
:file: tab.csv
```

```{eval-rst}
.. include:: words.txt

.. image:: rain.svg
   :alt: Rain on a leaf
```

<img src="snow.svg" alt="Snow on a field">
"""


@pytest.mark.slow
@pytest.mark.parametrize("spoiled", [None, DRAWING.format("<script>x</script>"), "no drawing"])
def test_what_is_said_of_a_file_ends_when_the_file_is_there_or_mended(tmp_path: Path, spoiled: str | None) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (chapters / "index.md").write_text("---\ntitle: Files\nlicense: CC-BY-4.0\n---\n\n# Files\n")
    (chapters / "01-a.md").write_text(NAMED)
    drawings = ("drop.svg", "rain.svg", "snow.svg")
    files = {name: DRAWING.format("") for name in drawings}
    files |= dict.fromkeys(("part.txt", "code.txt", "words.txt"), "some words")
    files |= dict.fromkeys(("data.csv", "more.csv", "tab.csv"), "a,b\n")

    def said() -> set[str]:
        found = understand(
            read_book(tmp_path)[0], Order((), tmp_path / "work", 0), lambda *_: nullcontext(lambda *_: None)
        )
        return {finding.message for finding in found.findings}

    def lay(name: str, text: str | None) -> None:
        (chapters / name).write_text(text) if text is not None else (chapters / name).unlink(missing_ok=True)

    for name in files:
        lay(name, files[name] if spoiled and name not in drawings else spoiled)
    for name in drawings if spoiled else files:
        assert any(name in message for message in said()), name
        lay(name, files[name])
        assert not any(name in message for message in said()), name
    assert not said()
    for name in drawings if spoiled else files:
        lay(name, spoiled)
        assert any(name in message for message in said()), name


GIVEN = {
    "label": "(same)=\n## A section\n\nWords.\n",
    "other": "(other)=\n## Another\n\nWords.\n",
    "equation": "$$a = b$$ (same-eq)\n",
    "figure": ":::{figure} drop.svg\n:name: same\n:alt: A drop of water\nA drop\n:::\n",
    "theorem": ":::{prf:theorem} One\n:label: same-thm\nIt holds.\n:::\n",
    "exercise": ":::{exercise}\n:label: same-ex\nDo it.\n:::\n",
    "terms": ":::{glossary}\nsoil\n  What lies below.\n:::\n",
    "uses": "See {ref}`same`, {ref}`other`, {eq}`same-eq`, {prf:ref}`same-thm`, {ref}`same-ex`, {term}`soil`.\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_names_given_twice_are_told_by_the_book_and_not_by_what_was_there_before(tmp_path: Path, seed: int) -> None:
    chapters, rnd = tmp_path / "chapters", random.Random(seed)
    chapters.mkdir()
    (chapters / "index.md").write_text("---\ntitle: Names\nlicense: CC-BY-4.0\n---\n\n# Names\n")
    (chapters / "drop.svg").write_text(DRAWING.format(""))

    def said(work: str) -> list[str]:
        order = Order((), tmp_path / work, 0)
        found = understand(read_book(tmp_path)[0], order, lambda *_: nullcontext(lambda *_: None))
        return sorted(repr((one.code, one.message, one.place)) for one in found.findings)

    for turn in range(9):
        page = chapters / f"01-{rnd.choice('abcd')}.md"
        if page.is_file() and rnd.random() < 0.25:
            page.unlink()
        else:
            given = [name for name in GIVEN if rnd.random() < 0.5]
            page.write_text(f"# Page {page.stem}\n\n" + "\n".join(GIVEN[name] for name in given))
        assert said("kept") == said(f"anew-{turn}"), f"after turn {turn}"
