"""Problems are found in every context that authors write in, on their line: each page example, put in each context."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.cli.output import ProgressBars
from oerbook.model.findings import Finding, Severity
from oerbook.source.book import read_book
from oerbook.tasks.check.check import CheckOptions, check
from tests.conftest import write
from tests.support.examples import PAGES, SHARED, Example, examples

ONLY_IN_BODY_TEXT = {"claim-uncited"}  # not in quotations, footnotes, tables and captions
TITLE = "# A page\n\n"


def shift(text: str, first: str, rest: str) -> str:
    """Put a prefix before every line of a text; a mark stays at the start of its line."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        mark = "»" if line.startswith("»") else ""
        content = line.removeprefix("»")
        prefix = rest if number else first
        lines.append(mark + (prefix + content if content or prefix.strip() else ""))
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[str], str]] = {
    "a box between colons": lambda text: f":::::{{note}}\n{text}\n:::::",
    "a box between back-quotes": lambda text: f"`````{{admonition}} Title\n---\nclass: tip\n---\n{text}\n`````",
    "a box in a list": lambda text: "- Soil\n\n" + shift(f":::::{{note}}\n{text}\n:::::", "  ", "  "),
    "a card in a grid": lambda text: f"::::::{{grid}} 2\n:::::{{grid-item-card}} Title\n{text}\n:::::\n::::::",
    "a tab": lambda text: f"::::::{{tab-set}}\n:::::{{tab-item}} One\n{text}\n:::::\n::::::",
    "a quotation": lambda text: shift(text, "> ", "> "),
    "a footnote": lambda text: f"Soil[^aside].\n\n[^aside]: First\n\n{shift(text, '    ', '    ')}",
    "a cell of a list-table": lambda text: (
        ":::::{list-table}\n:header-rows: 1\n\n* - a\n* - b\n\n" + shift(text, "    ", "    ") + "\n:::::"
    ),
    "a legend": lambda text: (
        f":::::{{figure}} worm.svg\n:alt: A worm that eats a leaf\n\nA worm. Drawing: Ada Lee\n\n{text}\n:::::"
    ),
    "after reStructuredText": lambda text: f"```{{eval-rst}}\n.. note::\n\n   Soil\n\nRain\n```\n\n{text}",
    "after an include": lambda text: f"```{{include}} words.inc\n```\n\n{text}",
    "HTML": lambda text: f"<div>\n\n{text}\n\n</div>",
}
LINES: dict[str, Callable[[str], str]] = {
    "the third line of a paragraph": lambda line: f"Soil is alive,\n`as they\nsay`,\n{line}",
    "a cell of a table": lambda line: f"| a | b |\n|---|---|\n| c | d |\n»| e | {line.removeprefix('»')} |",
    "the caption of a table": lambda line: f"»:::{{table}} {line.removeprefix('»')}\n| a |\n|---|\n| c |\n:::",
    "a heading": lambda line: f"»## Soil and {line.removeprefix('»')}\n\nSoil",
    "a field": lambda line: f":Rain: falls\n»:Snow: {line.removeprefix('»')}",
    "a definition": lambda line: f"Soil\n» : {line.removeprefix('»')}",
}


def bodies(*, of_one_line: bool) -> list[tuple[Example, str, str]]:
    """Return the examples whose text works in any context, with the path of their page and its marked text."""
    result = []
    for example, marked in zip(PAGES, marked_pages(), strict=True):
        path, text = marked
        body = text.removeprefix(TITLE).strip("\n")
        fits = text.startswith(TITLE) and "»" in body and not re.search(r"^»?(#|\()", body, re.M)
        if fits and (not of_one_line or re.fullmatch(r"»(?![:`$<]).*", body)):
            result.append((example, path, body))
    return result


def marked_pages() -> list[tuple[str, str]]:
    """Return path and text of the wrong page of each example, with its marks put back."""
    pages = []
    for example in examples("2-pages.txt"):
        path = next((p for p in example.wrong if p.endswith(f"-{example.code}.md")), "")
        lines = example.wrong.get(path, "").split("\n")
        marks = {line for place, line in example.places if place == path}
        pages.append((path, "\n".join("»" * (n in marks) + line for n, line in enumerate(lines, start=1))))
    return pages


def mismatches(root: Path, wrap: Callable[[str], str], *, of_one_line: bool) -> list[str]:
    """Return where findings differ from the marks when every example is put in a context."""
    files: dict[str, str] = dict(SHARED)
    expected = []
    for example, path, body in bodies(of_one_line=of_one_line):
        lines = (TITLE + wrap(body) + "\n\nThe end.\n").split("\n")
        marks = {n for n, line in enumerate(lines, start=1) if line.startswith("»")}
        files |= {**example.wrong, path: "\n".join(line.removeprefix("»") for line in lines)}
        expected.append((example.code, path, marks))
    write(root, files)
    findings = check(root, root / "_build", CheckOptions(), ProgressBars(quiet=True))
    return [difference for case in expected for difference in differences(findings, *case)]


def differences(findings: tuple[Finding, ...], code: str, path: str, marks: set[int]) -> list[str]:
    """Return the lines reported on a page, if they differ from its marks."""
    lines = {f.place.line for f in findings if f.code == code and f.place.path == path}
    return [f"{code}: {sorted(lines)}, not {sorted(marks)}"] if lines != marks else []


@pytest.mark.parametrize("context", BLOCKS)
def test_a_problem_is_found_in(context: str, tmp_path: Path) -> None:
    wrong = mismatches(tmp_path, BLOCKS[context], of_one_line=False)
    not_body_text = context in ("a quotation", "a footnote", "a cell of a list-table")
    assert [text for text in wrong if not (not_body_text and text.partition(":")[0] in ONLY_IN_BODY_TEXT)] == []


@pytest.mark.parametrize("context", LINES)
def test_a_problem_in_one_line_is_found_in(context: str, tmp_path: Path) -> None:
    wrong = mismatches(tmp_path, LINES[context], of_one_line=True)
    not_body_text = context in ("a cell of a table", "the caption of a table", "a heading")
    assert [text for text in wrong if not (not_body_text and text.partition(":")[0] in ONLY_IN_BODY_TEXT)] == []


def notebook(*sources: str) -> str:
    """Return a notebook with the given Markdown cells, each followed by a code cell."""
    code = {"cell_type": "code", "metadata": {}, "source": ["1 + 1\n", "2"], "outputs": [], "execution_count": None}
    cells = [
        cell
        for text in sources
        for cell in ({"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}, code)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def test_a_problem_in_a_notebook_is_reported_with_its_cell_and_file_line(tmp_path: Path) -> None:
    files: dict[str, str] = dict(SHARED)
    expected = []
    for example, path, body in bodies(of_one_line=False):
        notebook_path = path.removesuffix(".md") + ".ipynb"
        lines = body.split("\n")
        marks = {f"cell 3, line {n}" for n, line in enumerate(lines, start=1) if line.startswith("»")}
        text = "\n".join(line.removeprefix("»") for line in lines)
        others = {other: content for other, content in example.wrong.items() if other != path}
        files |= {**others, notebook_path: notebook(TITLE, text)}
        expected.append((example.code, notebook_path, marks))
    write(tmp_path, files)
    findings = check(tmp_path, tmp_path / "_build", CheckOptions(), ProgressBars(quiet=True))
    for code, path, marks in expected:
        reported = [f.place for f in findings if f.code == code and f.place.path == path]
        assert {place.cell for place in reported} == marks, code
        rows = files[path].split("\n")
        source = json.loads(files[path])["cells"][2]["source"]
        for place in reported:
            line = source[int(place.cell.rpartition(" ")[2]) - 1]
            assert json.dumps(line) in rows[place.line - 1]


def test_source_text_of_a_notebook_is_linted_cell_by_cell(tmp_path: Path) -> None:
    cells = ("# A page\n", "Soil\n\n```python\nprint(1)\n", "## Rain\n\nIt is \u202ewet.\n", "#### Snow\n\nSnow\n")
    write(tmp_path, {**SHARED, "chapters/01-a.ipynb": notebook(*cells)})
    findings = check(tmp_path, tmp_path / "_build", CheckOptions(), ProgressBars(quiet=True))
    reported = {(f.code, f.place.cell) for f in findings if f.place.path.endswith("a.ipynb")}
    assert {
        ("fence-unclosed", "cell 3, line 3"),
        ("bidi-character", "cell 5, line 3"),
        ("heading-skip", "cell 7, line 1"),
    } <= reported
    titles = {c.title for c in read_book(tmp_path)[0].chapters}
    assert titles == {"A page"}
    assert not [f for f in findings if f.code == "section-empty"]


def test_a_problem_in_an_included_file_is_reported_in_that_file(tmp_path: Path) -> None:
    files: dict[str, str] = dict(SHARED)
    expected = []
    for example, path, body in bodies(of_one_line=False):
        lines = body.split("\n")
        marks = {n for n, line in enumerate(lines, start=1) if line.startswith("»")}
        included = path.removesuffix(".md") + ".inc"
        files |= {**example.wrong, included: "\n".join(line.removeprefix("»") for line in lines) + "\n"}
        files[path] = f"{TITLE}Soil\n\n```{{include}} {Path(included).name}\n```\n"
        if example.code not in (
            "invisible-character",
            "control-character",
        ):  # found in the source text of chapters only
            expected.append((example.code, included, marks))
    write(tmp_path, files)
    findings = check(tmp_path, tmp_path / "_build", CheckOptions(), ProgressBars(quiet=True))
    assert [difference for case in expected for difference in differences(findings, *case)] == []


def test_composed_and_decomposed_names_and_labels_are_the_same(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "größter Käfer") for form in ("NFC", "NFD"))
    for number, (used, actual) in enumerate(((composed, decomposed), (decomposed, composed))):
        text = (
            f"# A\n\n![Ein Käfer]({used.replace(' ', '%20')}.svg) ![Ein Käfer](<{used}.svg>) {{doc}}`{used}` [k](<{used}.md>)\n\n"
            f"```{{include}} {used}.inc\n```\n\n(ä)=\n## Ä\n\n:::{{figure}} {used}.svg\n:alt: Ein Käfer\n\nVon Ada\n:::\n\n"
            f"[k](#a\u0308), {{ref}}`a\u0308`, {{download}}`{used}.inc`\n"
        )
        files = {
            "02-a.md": text,
            f"03-{actual}.md": "# B\n\nB\n",
            f"{actual}.svg": SHARED["chapters/worm.svg"],
            f"{actual}.inc": "C\n",
        }
        root = write(tmp_path / str(number), {**SHARED, **{f"chapters/{name}": data for name, data in files.items()}})
        findings = check(root, root / "_build", CheckOptions(), ProgressBars(quiet=True))
        assert [f for f in findings if f.severity is not Severity.INFO] == []


def test_a_hint_names_the_file_that_was_probably_meant(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **SHARED,
            "chapters/01-a.md": "# A\n\n![A worm](Worm.SVG) {download}`wrds.inc`\n",
            "chapters/b/01-b.md": "# B\n\n![A worm](worm.svg)\n",
        },
    )
    findings = check(tmp_path, tmp_path / "_build", CheckOptions(), ProgressBars(quiet=True))
    hints = {(f.code, f.place.path): f.hint for f in findings}
    assert hints["image-missing", "chapters/01-a.md"] == "Did you mean worm.svg? Upper and lower case matter."
    assert hints["image-missing", "chapters/b/01-b.md"] == "Did you mean ../worm.svg?"
    assert hints["download-missing", "chapters/01-a.md"] == "Did you mean words.inc?"
