"""What others say of a page is told in words that a teacher understands, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.conftest import oerbook

Make = Callable[[Mapping[str, str]], Path]
MISTAKES = {
    "### Deep\n\nWords.": ("a heading of level 3 stands below one of level 1", "go down one level"),
    "```{image} x.svg\n:alt: a drop falls\n:width: wide\n```": ("{image} cannot have “wide” as its width", "80%"),
    "```{image} x.svg\n:alt: a drop falls\n:align: amid\n```": ("{image} cannot have “amid” as its align", "left"),
    "```{image} x.svg\n:alt: a drop falls\n:scale: big\n```": (
        "{image} cannot have “big” as its scale",
        "whole number",
    ),
    "```{figure} x.svg\n:alt: a drop falls\n- a list\n```": (
        "the caption of this figure is no paragraph",
        "one paragraph",
    ),
    "```{note}\n```": ("{note} is empty", "Write its text"),
    "```{admonition}\nwords\n```": ("{admonition} wants a word behind its name", "{figure} drop.png"),
    "```{code-block} python\n:emphasize-lines: x-y\na = 1\n```": ("the numbers of lines cannot be read: x-y", "1,3-5"),
    "```{code-block} python\n:emphasize-lines: 9\na = 1\n```": ("lines 9 are named, and there are only 1", "1,3-5"),
    "```{list-table}\n:header-rows: 3\n* - a\n  - b\n```": (
        "3 are to be the heads of this table, and it has only 1",
        ":header-rows:",
    ),
    "```{list-table}\n- a\n- b\n```": ("row 1 of this table is no list of cells", "* -"),
    "```{list-table}\n:header-rows: 1\n:widths: 1 2 3\n* - a\n  - b\n* - a\n  - b\n```": (
        "not one for each of the 2 columns",
        "Write 2 numbers",
    ),
    '```{csv-table}\n:header: a, b\n"x\n```': ("the rows of this table cannot be read", "double quote"),
    "```{table} T\nwords\n```": ("{table} holds no table, or more than one", "|"),
    "```{tab-item} A\nwords\n```": ("a {tab-item} stands outside a {tab-set}", "one sign more"),
    "````{grid} 1 2 99\n```{grid-item}\nx\n```\n````": ("the columns behind the name cannot be read", "1 to 12"),
    "![a drop falls](x.svg){align=foo}": ("align cannot be “foo”", "left, center or right"),
    "```{eval-rst}\n**bold\n```": ("begins here and is never closed", "backslash"),
    "[words](nowhere.md)": ("there is no page or file nowhere.md", "folder of this page"),
    "[write](ada@x.org)": ("nothing in the book is labelled ada@x.org", "mailto:"),
    "[write](nowhere)": ("nothing in the book is labelled nowhere", "(label)="),
}


def test_a_mistake_is_told_plainly(make: Make) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
    pages = {f"chapters/{n:02}-p{n}.md": f"# Page {n}\n\n{text}\n" for n, text in enumerate(MISTAKES, start=1)}
    root = make({"chapters/x.svg": drawing, **pages})
    told = json.loads(oerbook("check", "-C", root, "--format", "json").out)["findings"]
    for path, (text, (words, hint)) in zip(pages, MISTAKES.items(), strict=True):
        found = [(row["message"], row["hint"]) for row in told if row["path"] == path]
        assert any(words in said and hint in advice for said, advice in found), (text, found)


def test_front_matter_that_would_be_shown_is_found(make: Make) -> None:
    headless = {"chapters/01-a.md": "description: Soil\n---\n\n# A\n\nWords.\n"}
    late = {"chapters/02-b.md": "\n---\ndescription: Soil\n---\n\n# B\n\nWords.\n"}
    right = {
        "chapters/03-c.md": "# C\n\nA title: with a colon\n---\n\nWords.\n",
        "contributors/eve.md": "name: Eve\n---\n",
    }
    told = json.loads(oerbook("check", "-C", make({**headless, **late, **right}), "--format", "json").out)["findings"]
    found = {(row["path"], row["line"]): row["hint"] for row in told if row["code"] == "front-matter"}
    assert set(found) == {("chapters/01-a.md", 1), ("chapters/02-b.md", 2), ("contributors/eve.md", 1)}
    assert "three hyphens" in found["chapters/01-a.md", 1] and "empty lines above" in found["chapters/02-b.md", 2]
