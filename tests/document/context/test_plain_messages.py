"""Messages of Sphinx, docutils and MyST are shown in plain words, with a hint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.conftest import oerbook

Make = Callable[[Mapping[str, str]], Path]
MISTAKES = {
    "### Deep\n\nWords.": ("a level 3 heading follows a level 1 heading", "go down one level"),
    "```{image} x.svg\n:alt: a drop falls\n:width: wide\n```": ("“wide” is not a valid width for {image}", "80%"),
    "```{image} x.svg\n:alt: a drop falls\n:align: amid\n```": ("“amid” is not a valid align for {image}", "left"),
    "```{image} x.svg\n:alt: a drop falls\n:scale: big\n```": (
        "“big” is not a valid scale for {image}",
        "whole number",
    ),
    "```{figure} x.svg\n:alt: a drop falls\n- a list\n```": (
        "the caption of this figure is not a paragraph",
        "one paragraph",
    ),
    "```{note}\n```": ("{note} is empty", "Write its content"),
    "```{admonition}\nwords\n```": ("{admonition} needs an argument on the same line", "{figure} drop.png"),
    "```{code-block} python\n:emphasize-lines: x-y\na = 1\n```": ("invalid line numbers: x-y", "1,3-5"),
    "```{code-block} python\n:emphasize-lines: 9\na = 1\n```": (
        "line numbers 9 are out of range: there are only 1 lines",
        "1,3-5",
    ),
    "```{list-table}\n:header-rows: 3\n* - a\n  - b\n```": (
        "should have 3 header rows or columns, but it has only 1",
        ":header-rows:",
    ),
    "```{list-table}\n- a\n- b\n```": ("row 1 of this table is not a list of cells", "* -"),
    "```{list-table}\n:header-rows: 1\n:widths: 1 2 3\n* - a\n  - b\n* - a\n  - b\n```": (
        "does not have one number for each of the 2 columns",
        "Write 2 numbers",
    ),
    '```{csv-table}\n:header: a, b\n"x\n```': ("the rows of this table cannot be read", "double quote"),
    "```{csv-table} T\n:file: t.xlsx\n```": ("t.xlsx is not a CSV file", "Save the table as CSV"),
    "```{table} T\nwords\n```": ("{table} contains no table, so it is set as a figure", "|"),
    "````{grid} 1 2 99\n```{grid-item}\nx\n```\n````": ("the number of columns is not valid", "1 to 12"),
    "![a drop falls](x.svg){align=foo}": ("“foo” is not a valid align", "left, center or right"),
    "```{eval-rst}\n**bold\n```": ("starts here and is never closed", "backslash"),
    "[words](nowhere.md)": ("there is no page or file nowhere.md", "folder of this page"),
    "[write](ada@x.org)": ("the book has no label ada@x.org", "mailto:"),
    "[write](nowhere)": ("the book has no label nowhere", "(label)="),
}


def test_mistakes_have_plain_messages(make: Make) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
    pages = {f"chapters/{n:02}-p{n}.md": f"# Page {n}\n\n{text}\n" for n, text in enumerate(MISTAKES, start=1)}
    root = make({"chapters/x.svg": drawing, "chapters/t.xlsx": "PK\0", **pages})
    findings = json.loads(oerbook("check", "-C", root, "--format", "json").out)["findings"]
    for path, (text, (message, hint)) in zip(pages, MISTAKES.items(), strict=True):
        on_page = [(row["message"], row["hint"]) for row in findings if row["path"] == path]
        assert any(message in shown and hint in advice for shown, advice in on_page), (text, on_page)


def test_front_matter_without_its_delimiters_is_found(make: Make) -> None:
    headless = {"chapters/01-a.md": "description: Soil\n---\n\n# A\n\nWords.\n"}
    late = {"chapters/02-b.md": "\n---\ndescription: Soil\n---\n\n# B\n\nWords.\n"}
    right = {
        "chapters/03-c.md": "# C\n\nA title: with a colon\n---\n\nWords.\n",
        "contributors/eve.md": "name: Eve\n---\n",
    }
    findings = json.loads(oerbook("check", "-C", make({**headless, **late, **right}), "--format", "json").out)[
        "findings"
    ]
    hints = {(row["path"], row["line"]): row["hint"] for row in findings if row["code"] == "front-matter"}
    assert set(hints) == {("chapters/01-a.md", 1), ("chapters/02-b.md", 2), ("contributors/eve.md", 1)}
    assert "three hyphens" in hints["chapters/01-a.md", 1] and "empty lines above" in hints["chapters/02-b.md", 2]
