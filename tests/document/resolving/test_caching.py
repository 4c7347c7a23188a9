"""Cached values are read back unchanged, and only changed inputs are processed again."""

from __future__ import annotations

import random
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from oerbook.document.math import nodes
from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.model.check_input import CheckedPage, Heading, Link, PageImage, Passage, TableInfo
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.book import read_book
from oerbook.storage.cache import Cache

HERE = Place("chapters/01-a.md", 7)


def test_dataclasses_are_read_back_unchanged(tmp_path: Path) -> None:
    page = CheckedPage(
        "a",
        "chapters/01-a.md",
        "text",
        (Heading("A", 1, HERE, empty=True),),
        (PageImage("a.png", "a drop", HERE, "A drop", 10, 2, 3),),
        (Link("here", "https://example.org", HERE),),
        (TableInfo(HERE, True, 4),),
        (Passage("words", HERE, True),),
    )
    value = [page, Finding("code", "words", HERE, Severity.INFO, "hint")]
    Cache(tmp_path).put("checked-page", "key", value)
    assert Cache(tmp_path).get("checked-page", "key", object) == value


def test_values_that_are_nested_too_deeply_are_not_stored(tmp_path: Path) -> None:
    shelf, deep = Cache(tmp_path), list[Any]()
    for _ in range(100_000):
        deep = [deep]
    shelf.put("resolved", "flat", ["a"])
    shelf.put("resolved", "deep", deep)
    assert [shelf.has("resolved", key) for key in ("flat", "deep", "none")] == [True, False, False]
    shelf.put("resolved", "later", ["b"])
    assert shelf.has("resolved", "later")
    shelf.used_paths.clear()
    assert shelf.get("resolved", "flat", list) == ["a"]
    shelf.delete_unused("resolved")
    assert [shelf.has("resolved", key) for key in ("flat", "later")] == [True, False]


@pytest.mark.slow
def test_only_the_formulas_of_changed_or_rendered_pages_are_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (chapters / "index.md").write_text("---\ntitle: Formulas\nlicense: CC-BY-4.0\n---\n\n# Formulas\n")
    for name in "ab":
        (chapters / f"01-{name}.md").write_text(f"# {name}\n\nSee ${name}_1$ and ${name}_2$.\n")
    converted: list[set[str]] = []
    original = nodes.convert_formulas

    def convert(keys: Any, *rest: Any) -> Any:
        converted.append({tex for tex, _display in keys})
        return original(keys, *rest)

    monkeypatch.setattr(nodes, "convert_formulas", convert)

    def read(*tried: str) -> None:
        book, _findings = read_book(tmp_path)
        converted.clear()
        run_sphinx(
            book,
            BuildRequest((), tmp_path / "work", 1, pages_to_test_render=tried),
            lambda *_: nullcontext(lambda *_: None),
        )

    read()
    assert converted == [{"a_1", "a_2", "b_1", "b_2"}]
    read()
    assert converted == []
    read("b")
    assert converted == [{"b_1", "b_2"}]
    (chapters / "01-a.md").write_text("# a\n\nSee $a_3$.\n")
    read()
    assert converted == [{"a_3"}]


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
def test_findings_about_a_file_disappear_when_it_is_added_or_repaired(tmp_path: Path, spoiled: str | None) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (chapters / "index.md").write_text("---\ntitle: Files\nlicense: CC-BY-4.0\n---\n\n# Files\n")
    (chapters / "01-a.md").write_text(NAMED)
    drawings = ("drop.svg", "rain.svg", "snow.svg")
    files = {name: DRAWING.format("") for name in drawings}
    files |= dict.fromkeys(("part.txt", "code.txt", "words.txt"), "some words")
    files |= dict.fromkeys(("data.csv", "more.csv", "tab.csv"), "a,b\n")

    def messages() -> set[str]:
        result = run_sphinx(
            read_book(tmp_path)[0], BuildRequest((), tmp_path / "work", 0), lambda *_: nullcontext(lambda *_: None)
        )
        return {finding.message for finding in result.findings}

    def write_file(name: str, text: str | None) -> None:
        (chapters / name).write_text(text) if text is not None else (chapters / name).unlink(missing_ok=True)

    for name in files:
        write_file(name, files[name] if spoiled and name not in drawings else spoiled)
    for name in drawings if spoiled else files:
        assert any(name in message for message in messages()), name
        write_file(name, files[name])
        assert not any(name in message for message in messages()), name
    assert not messages()
    for name in drawings if spoiled else files:
        write_file(name, spoiled)
        assert any(name in message for message in messages()), name


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
def test_findings_about_duplicate_names_do_not_depend_on_earlier_builds(tmp_path: Path, seed: int) -> None:
    chapters, rnd = tmp_path / "chapters", random.Random(seed)
    chapters.mkdir()
    (chapters / "index.md").write_text("---\ntitle: Names\nlicense: CC-BY-4.0\n---\n\n# Names\n")
    (chapters / "drop.svg").write_text(DRAWING.format(""))

    def findings(cache: str) -> list[str]:
        order = BuildRequest((), tmp_path / cache, 0)
        result = run_sphinx(read_book(tmp_path)[0], order, lambda *_: nullcontext(lambda *_: None))
        return sorted(repr((finding.code, finding.message, finding.place)) for finding in result.findings)

    for turn in range(9):
        page = chapters / f"01-{rnd.choice('abcd')}.md"
        if page.is_file() and rnd.random() < 0.25:
            page.unlink()
        else:
            given = [name for name in GIVEN if rnd.random() < 0.5]
            page.write_text(f"# Page {page.stem}\n\n" + "\n".join(GIVEN[name] for name in given))
        assert findings("cached") == findings(f"fresh-{turn}"), f"after turn {turn}"
