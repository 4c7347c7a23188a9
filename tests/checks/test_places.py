"""What is wrong is found in every place that authors write in, and on its line: each example of a page, put into it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.cli.output import Bars
from oerbook.model.findings import Finding, Severity
from oerbook.source.book import read_book
from oerbook.tasks.check.check import Wishes, check
from tests.checks.test_examples import PAGES, SHARED, Example, examples
from tests.conftest import write

FREE_OF_WORDS = {"claim-uncited"}  # only one's own running text is asked for its sources
TITLE = "# A page\n\n"


def shift(text: str, first: str, rest: str) -> str:
    """Put something before every line of a text; a mark stays where it is."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        mark = "»" if line.startswith("»") else ""
        words = line.removeprefix("»")
        lead = rest if number else first
        lines.append(mark + (lead + words if words or lead.strip() else ""))
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[str], str]] = {
    "a box between colons": lambda text: f":::::{{note}}\n{text}\n:::::",
    "a box between back-quotes": lambda text: f"`````{{admonition}} Title\n---\nclass: tip\n---\n{text}\n`````",
    "a box in a list": lambda text: "- Soil\n\n" + shift(f":::::{{note}}\n{text}\n:::::", "  ", "  "),
    "a card in a grid": lambda text: f"::::::{{grid}} 2\n:::::{{grid-item-card}} Title\n{text}\n:::::\n::::::",
    "a tab": lambda text: f"::::::{{tab-set}}\n:::::{{tab-item}} One\n{text}\n:::::\n::::::",
    "a quotation": lambda text: shift(text, "> ", "> "),
    "a note at the foot": lambda text: f"Soil[^aside].\n\n[^aside]: First\n\n{shift(text, '    ', '    ')}",
    "a cell of a list-table": lambda text: (
        ":::::{list-table}\n:header-rows: 1\n\n* - a\n* - b\n\n" + shift(text, "    ", "    ") + "\n:::::"
    ),
    "a legend": lambda text: (
        f":::::{{figure}} worm.svg\n:alt: A worm that eats a leaf\n\nA worm. Drawing: Ada Lee\n\n{text}\n:::::"
    ),
    "behind reStructuredText": lambda text: f"```{{eval-rst}}\n.. note::\n\n   Soil\n\nRain\n```\n\n{text}",
    "behind what is taken in": lambda text: f"```{{include}} words.inc\n```\n\n{text}",
    "HTML": lambda text: f"<div>\n\n{text}\n\n</div>",
}
LINES: dict[str, Callable[[str], str]] = {
    "the third line of a paragraph": lambda line: f"Soil is alive,\n`as they\nsay`,\n{line}",
    "a cell of a table": lambda line: f"| a | b |\n|---|---|\n| c | d |\n»| e | {line.removeprefix('»')} |",
    "the words above a table": lambda line: f"»:::{{table}} {line.removeprefix('»')}\n| a |\n|---|\n| c |\n:::",
    "a heading": lambda line: f"»## Soil and {line.removeprefix('»')}\n\nSoil",
    "a field": lambda line: f":Rain: falls\n»:Snow: {line.removeprefix('»')}",
    "a definition": lambda line: f"Soil\n» : {line.removeprefix('»')}",
}


def bodies(*, of_one_line: bool) -> list[tuple[Example, str, str]]:
    """Return the examples whose text can stand anywhere: with the path of their page and its marked text."""
    found = []
    for example, marked in zip(PAGES, marked_pages(), strict=True):
        path, text = marked
        body = text.removeprefix(TITLE).strip("\n")
        fits = text.startswith(TITLE) and "»" in body and not re.search(r"^»?(#|\()", body, re.M)
        if fits and (not of_one_line or re.fullmatch(r"»(?![:`$<]).*", body)):
            found.append((example, path, body))
    return found


def marked_pages() -> list[tuple[str, str]]:
    """Return the page of each example that is wrong, its marks put back."""
    pages = []
    for example in examples("2-pages.txt"):
        path = next((p for p in example.wrong if p.endswith(f"-{example.code}.md")), "")
        lines = example.wrong.get(path, "").split("\n")
        marks = {line for place, line in example.places if place == path}
        pages.append((path, "\n".join("»" * (n in marks) + line for n, line in enumerate(lines, start=1))))
    return pages


def looked_at(root: Path, put: Callable[[str], str], *, of_one_line: bool) -> list[str]:
    """Return where findings differ from the marks when every example is put into a place."""
    files: dict[str, str] = dict(SHARED)
    asked = []
    for example, path, body in bodies(of_one_line=of_one_line):
        lines = (TITLE + put(body) + "\n\nThe end.\n").split("\n")
        marks = {n for n, line in enumerate(lines, start=1) if line.startswith("»")}
        files |= {**example.wrong, path: "\n".join(line.removeprefix("»") for line in lines)}
        asked.append((example.code, path, marks))
    write(root, files)
    found = check(root, root / "_build", Wishes(), Bars(quiet=True))
    return [told for asked_of in asked for told in differences(found, *asked_of)]


def differences(found: tuple[Finding, ...], code: str, path: str, marks: set[int]) -> list[str]:
    """Return what is said of a page otherwise than its marks say."""
    lines = {f.place.line for f in found if f.code == code and f.place.path == path}
    return [f"{code}: {sorted(lines)}, not {sorted(marks)}"] if lines != marks else []


@pytest.mark.parametrize("place", BLOCKS)
def test_a_fault_is_found_in(place: str, tmp_path: Path) -> None:
    wrong = looked_at(tmp_path, BLOCKS[place], of_one_line=False)
    spoken = place in ("a quotation", "a note at the foot", "a cell of a list-table")
    assert [told for told in wrong if not (spoken and told.partition(":")[0] in FREE_OF_WORDS)] == []


@pytest.mark.parametrize("place", LINES)
def test_a_fault_in_a_line_is_found_in(place: str, tmp_path: Path) -> None:
    wrong = looked_at(tmp_path, LINES[place], of_one_line=True)
    spoken = place in ("a cell of a table", "the words above a table", "a heading")
    assert [told for told in wrong if not (spoken and told.partition(":")[0] in FREE_OF_WORDS)] == []


def notebook(*sources: str) -> str:
    """Return a notebook of markdown cells, a cell of code behind each."""
    code = {"cell_type": "code", "metadata": {}, "source": ["1 + 1\n", "2"], "outputs": [], "execution_count": None}
    cells = [
        cell
        for text in sources
        for cell in ({"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}, code)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def test_a_fault_in_a_notebook_is_found_in_its_cell_and_in_the_line_of_the_file(tmp_path: Path) -> None:
    files: dict[str, str] = dict(SHARED)
    asked = []
    for example, path, body in bodies(of_one_line=False):
        place = path.removesuffix(".md") + ".ipynb"
        lines = body.split("\n")
        marks = {f"cell 3, line {n}" for n, line in enumerate(lines, start=1) if line.startswith("»")}
        text = "\n".join(line.removeprefix("»") for line in lines)
        others = {other: words for other, words in example.wrong.items() if other != path}
        files |= {**others, place: notebook(TITLE, text)}
        asked.append((example.code, place, marks))
    write(tmp_path, files)
    found = check(tmp_path, tmp_path / "_build", Wishes(), Bars(quiet=True))
    for code, path, marks in asked:
        told = [f.place for f in found if f.code == code and f.place.path == path]
        assert {place.cell for place in told} == marks, code
        rows = files[path].split("\n")
        source = json.loads(files[path])["cells"][2]["source"]
        for place in told:
            line = source[int(place.cell.rpartition(" ")[2]) - 1]
            assert json.dumps(line) in rows[place.line - 1]


def test_what_only_the_bare_text_shows_is_found_in_a_notebook_and_ends_with_its_cell(tmp_path: Path) -> None:
    cells = ("# A page\n", "Soil\n\n```python\nprint(1)\n", "## Rain\n\nIt is \u202ewet.\n", "#### Snow\n\nSnow\n")
    write(tmp_path, {**SHARED, "chapters/01-a.ipynb": notebook(*cells)})
    found = check(tmp_path, tmp_path / "_build", Wishes(), Bars(quiet=True))
    said = {(f.code, f.place.cell) for f in found if f.place.path.endswith("a.ipynb")}
    assert {
        ("fence-unclosed", "cell 3, line 3"),
        ("hidden-sign", "cell 5, line 3"),
        ("heading-skip", "cell 7, line 1"),
    } <= said
    titles = {c.title for c in read_book(tmp_path)[0].chapters}
    assert titles == {"A page"}
    proof = [f for f in found if f.code == "section-empty"]
    assert not proof


def test_a_fault_in_what_is_taken_in_is_found_in_its_own_file(tmp_path: Path) -> None:
    files: dict[str, str] = dict(SHARED)
    asked = []
    for example, path, body in bodies(of_one_line=False):
        lines = body.split("\n")
        marks = {n for n, line in enumerate(lines, start=1) if line.startswith("»")}
        inside = path.removesuffix(".md") + ".inc"
        files |= {**example.wrong, inside: "\n".join(line.removeprefix("»") for line in lines) + "\n"}
        files[path] = f"{TITLE}Soil\n\n```{{include}} {Path(inside).name}\n```\n"
        if example.code not in ("sign-unseen", "sign-control"):  # which the bare text of a chapter shows
            asked.append((example.code, inside, marks))
    write(tmp_path, files)
    found = check(tmp_path, tmp_path / "_build", Wishes(), Bars(quiet=True))
    assert [told for asked_of in asked for told in differences(found, *asked_of)] == []


def test_names_and_labels_are_one_however_their_letters_are_composed(tmp_path: Path) -> None:
    near, far = (unicodedata.normalize(form, "größter Käfer") for form in ("NFC", "NFD"))
    for number, (asked, there) in enumerate(((near, far), (far, near))):
        text = (
            f"# A\n\n![Ein Käfer]({asked.replace(' ', '%20')}.svg) ![Ein Käfer](<{asked}.svg>) {{doc}}`{asked}` [k](<{asked}.md>)\n\n"
            f"```{{include}} {asked}.inc\n```\n\n(ä)=\n## Ä\n\n:::{{figure}} {asked}.svg\n:alt: Ein Käfer\n\nVon Ada\n:::\n\n"
            f"[k](#a\u0308), {{ref}}`a\u0308`, {{download}}`{asked}.inc`\n"
        )
        files = {
            "02-a.md": text,
            f"03-{there}.md": "# B\n\nB\n",
            f"{there}.svg": SHARED["chapters/worm.svg"],
            f"{there}.inc": "C\n",
        }
        root = write(tmp_path / str(number), {**SHARED, **{f"chapters/{name}": data for name, data in files.items()}})
        found = check(root, root / "_build", Wishes(), Bars(quiet=True))
        assert [f for f in found if f.severity is not Severity.INFO] == []


def test_a_missing_file_that_has_another_name_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **SHARED,
            "chapters/01-a.md": "# A\n\n![A worm](Worm.SVG) {download}`wrds.inc`\n",
            "chapters/b/01-b.md": "# B\n\n![A worm](worm.svg)\n",
        },
    )
    found = check(tmp_path, tmp_path / "_build", Wishes(), Bars(quiet=True))
    hints = {(f.code, f.place.path): f.hint for f in found}
    assert hints["image-missing", "chapters/01-a.md"] == "Did you mean worm.svg? Upper and lower case matter."
    assert hints["image-missing", "chapters/b/01-b.md"] == "Did you mean ../worm.svg?"
    assert hints["download-missing", "chapters/01-a.md"] == "Did you mean words.inc?"
