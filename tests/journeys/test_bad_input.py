"""Every kind of bad input, from the command line: it is found where it stands, and the rest of the book is built."""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import oerbook

GOOD = "# A good chapter\n\nThese words must be in every format: perseverance.\n"
DISC = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + b"damaged" * 9


@dataclass(frozen=True)
class Case:
    """A bad chapter, the code that names what is wrong, the line, the exit code, and words that must survive."""

    text: str | bytes
    code: str
    line: int | None = None
    exit: int = 0
    kept: str = ""


CASES = {
    "front matter that is not YAML": Case("---\ntitle: [a\n---\n# Bad\n\nText\n", "front-matter", None, 1),
    "front matter of the wrong type": Case(
        "---\ntitle: {a: b}\n---\n# Bad\n\nsurvives\n", "front-matter-value", 2, 1, "survives"
    ),
    "an unknown key": Case("---\ntitel: B\n---\n# Bad\n\nsurvives\n", "front-matter-key", 2, 1, "survives"),
    "a duplicate label": Case(
        "(twice)=\n# Bad\n\n(twice)=\n## Again\n\nsurvives\n", "label-duplicate", None, 0, "survives"
    ),
    "a missing picture": Case("# Bad\n\n![a worm](worm.png) survives\n", "image-missing", 3, 0, "worm"),
    "a damaged picture": Case("# Bad\n\n![a worm](bad.png) survives\n", "image-corrupt", 3, 1, "worm"),
    "an unresolved reference": Case("# Bad\n\n{ref}`nowhere` survives\n", "reference-missing", 3, 0, "survives"),
    "a link to no page": Case("# Bad\n\n[survives](nowhere.md)\n", "reference-missing", 3, 0, "survives"),
    "TeX that does not convert": Case("# Bad\n\nsurvives $\\nosuch{x}$\n", "math", 3, 0, "nosuch"),
    "a skipped heading level": Case("# Bad\n\n### Deep\n\nsurvives\n", "heading-skip", 3, 0, "survives"),
    "back-quotes in a fence": Case(
        "# Bad\n\n```{table} About `x`\n| a |\n|---|\n| b |\n```\n\nsurvives\n", "fence-backticks", 3, 1, "survives"
    ),
    "a footnote without reference": Case(
        "# Bad\n\nText\n\n[^1]: survives\n", "footnote-unreferenced", 5, 0, "survives"
    ),
    "a footnote without text": Case("# Bad\n\nsurvives[^1]\n", "footnote-missing", 3, 1, "survives"),
    "HTML that is not XHTML": Case(
        "# Bad\n\n<p>one<br>two <b>survives\n\n<script>alert(1)</script>\n", "html-script", None, 0, "survives"
    ),
    "an unclosed tag in a line": Case("# Bad\n\nuse <title> survives\n", "raw-html", 3, 0, "title"),
    "a tag that is no part of a text": Case(
        "# Bad\n\nuse <body class=x>body</body>, <html>and</html> <head>it</head> survives\n",
        "raw-html",
        3,
        0,
        "survives",
    ),
    "not UTF-8": Case("# Bad\n\ncaf\xe9\n".encode("latin-1"), "chapter-unreadable", None, 1),
    "an empty file": Case("", "chapter-empty", None, 1),
    "a NUL character": Case("# Bad\n\x00", "chapter-unreadable", None, 1),
    "an include that leaves the book": Case(
        "# Bad\n\n```{include} ../../secret.txt\n```\n\nsurvives\n", "file-outside-book", 3, 1, "survives"
    ),
    "an include in reStructuredText": Case(
        "# Bad\n\n```{eval-rst}\n.. include:: ../../secret.txt\n```\n\nsurvives\n",
        "file-outside-book",
        None,
        1,
        "survives",
    ),
    "an unknown directive": Case("# Bad\n\n```{wibble}\nsurvives\n```\n", "directive-unknown", 3, 0, "survives"),
    "an unknown role": Case("# Bad\n\n{wibble}`survives`\n", "role-unknown", 3, 0, "survives"),
    "a glued value": Case("# Bad\n\n{glue:text}`survives`\n", "glue-value-missing", 3, 0, "survives"),
    "an unknown substitution": Case("# Bad\n\n{{ survives }}\n", "substitution", 3, 0, "survives"),
    "code in braces": Case("# Bad\n\n{{ cycler.__init__.__globals__ }} survives\n", "substitution", 3, 0, "survives"),
    "lists in lists without end": Case(
        "# Bad\n\n" + "\n".join("  " * n + "- x" for n in range(70)) + " survives\n", "markup", 32, 1, "survives"
    ),
    "quotations without end": Case("# Bad\n\n" + "> " * 300 + "survives\n", "markup", 3, 1, "survives"),
    "substitutions that multiply": Case(
        "---\nsubstitutions:\n"
        + "".join(f'  a{n}: "{{{{ a{n + 1} }}}} {{{{ a{n + 1} }}}} {{{{ a{n + 1} }}}}"\n' for n in range(25))
        + "---\n\n# Bad\n\n{{ a0 }} survives\n",
        "substitution",
        None,
        0,
        "survives",
    ),
    "a file that is too large": Case("# Bad\n\n" + "word " * 500_000, "chapter-unreadable", None, 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_bad_input_is_found_and_the_rest_is_built(make: Callable[..., Path], case: Case) -> None:
    root = make({"chapters/01-good.md": GOOD, "chapters/02-bad.md": case.text, "chapters/bad.png": PNG})
    (root.parent / "secret.txt").write_text("hush")
    ran = oerbook("build", "html", "epub", "pdf", "--format", "json", "-C", root)
    assert ran.code == case.exit, ran.err + ran.out
    found = [finding for finding in ran.findings(case.code) if finding["path"] == "chapters/02-bad.md"]
    assert found, ran.out
    if case.line is not None:
        assert case.line in [finding["line"] for finding in found]
    pages = {path.name: path.read_text() for path in (root / "_build/html").glob("*.html")}
    assert "perseverance" in pages["good.html"]
    assert case.kept in pages["bad.html"]
    assert "hush" not in pages["bad.html"]
    assert "<script>alert" not in pages["bad.html"]
    with zipfile.ZipFile(root / "_build/a-small-book.epub") as archive:
        book = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xhtml")).decode()
    assert "perseverance" in book
    assert case.kept in book


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["\ufeff# Bad\r\n\r\nsurvives\r\n", "# Bad\r\rsurvives\r"], ids=["BOM and CRLF", "CR alone"]
)
def test_byte_order_marks_and_other_line_endings_are_read(make: Callable[..., Path], text: str) -> None:
    root = make({"chapters/01-bad.md": text})
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert ran.code == 0
    assert ran.report["findings"] == []
    assert "survives" in (root / "_build/html/bad.html").read_text()


@pytest.mark.slow
def test_two_thousand_headings_and_deep_nesting_are_built(make: Callable[..., Path]) -> None:
    many = "# Many\n\n" + "".join(f"## Heading {n}\n\nText.\n\n" for n in range(2000))
    deep = "# Deep\n\n" + "".join("  " * n + f"- level {n}\n" for n in range(60)) + "\n" + "> " * 200 + "quoted\n"
    root = make({"chapters/01-many.md": many, "chapters/02-deep.md": deep, "chapters/03-good.md": GOOD})
    ran = oerbook("build", "html", "epub", "pdf", "--format", "json", "-C", root)
    assert ran.code in (0, 1), ran.err
    assert "Heading 1999" in (root / "_build/html/many.html").read_text()
    assert "perseverance" in (root / "_build/html/good.html").read_text()


@pytest.mark.slow
def test_a_toc_that_names_missing_and_doubled_files_is_built_without_them(make: Callable[..., Path]) -> None:
    index = "---\ntitle: A small book\nlicense: CC0-1.0\ntoc:\n  - file: nowhere.md\n  - file: good.md\n  - file: good.md\n---\n"
    ran = oerbook("build", "html", "--format", "json", "-C", make({"chapters/good.md": GOOD}, index))
    assert ran.code == 1
    assert [f["line"] for f in ran.findings("toc-missing")] == [5]
    assert [f["line"] for f in ran.findings("toc-duplicate")] == [7]


def test_a_folder_without_a_book_says_what_to_do(tmp_path: Path) -> None:
    ran = oerbook("build", cwd=tmp_path)
    assert ran.code == 1
    assert "chapters/" in ran.err
    assert "Traceback" not in ran.err


ENTRY = "@book{good, title = {Good}, author = {Moss, Eve}, publisher = {P}, year = 2001}\n"
SWELLING = "".join(
    f"@string{{s{n} = {' # '.join([f's{n - 1}'] * 10) if n else chr(34) + 'A' * 10 + chr(34)}}}\n" for n in range(9)
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "line", "kept"),
    [
        (ENTRY + "@misc{bad, title = {x}, year = 2000\n@book{c, title = {C}}\n", 2, True),
        (ENTRY + "@misc{bad, title = {x}, year = 2000", 2, True),
        (ENTRY + "@book{good, title = {Again}}\n", 2, True),
        (SWELLING + ENTRY + "@misc{a, title = s8, author = {A B}, year = 2000}\n", 6, True),
        (ENTRY + "@misc{deep, title = " + "{" * 5000 + "\n", 2, True),
        (ENTRY.encode() + "@misc{caf, title = {Café}}\n".encode("latin-1"), 2, True),
        (b"\x89PNG\r\n\x1a\n\x00", 1, False),
    ],
    ids=["an entry that is not closed", "a file cut short", "a key twice", "abbreviations of abbreviations", "deep braces", "latin-1", "no text"],
)  # fmt: skip
def test_a_bibliography_with_a_mistake_is_read_as_far_as_can_be(
    make: Callable[..., Path], text: str | bytes, line: int, kept: bool
) -> None:
    root = make({"chapters/01-a.md": "# A\n\nSee {cite:t}`good`, perseverance.\n", "chapters/r.bib": text})
    for _again in range(2):
        ran = oerbook("build", "html", "--format", "json", "-C", root)
        assert ran.code == 0, ran.err
        told = {(f["path"], f["line"]) for f in ran.findings("bibliography-invalid")}
        assert ("chapters/r.bib", line) in told
        assert bool(ran.findings("citation-missing")) is not kept
        page = (root / "_build/html/a.html").read_text()
        assert "perseverance" in page and ("Moss" in page) is kept


@pytest.mark.slow
def test_line_numbers_beyond_a_listing_are_reported_quickly(make: Callable[..., Path]) -> None:
    text = "# A\n\n```{code-block} python\n:emphasize-lines: 1-900000000\nx = 1\n```\n\n```{literalinclude} d.txt\n:lines: 2-900000000\n```\n"
    root = make({"chapters/01-a.md": text, "chapters/d.txt": "one\ntwo\n"})
    ran = oerbook("build", "html", "--format", "json", "-C", root)
    assert ran.code == 0 and {f["line"] for f in ran.findings("markup")} == {3, 8}
    assert "two" in (root / "_build/html/a.html").read_text()


@pytest.mark.slow
def test_a_finding_in_raw_html_has_the_line_of_the_html(make: Callable[..., Path]) -> None:
    html = '<div>\n<img src="https://example.org/a.png" alt="A hill">\n</div>'
    text = f"---\nauthors: [Ada Lee]\n---\n\n```{{raw}} html\n{html}\n```\n\n# Hills\n\nText.\n\n{html}\n"
    ran = oerbook("check", "--format", "json", "-C", make({"chapters/01-a.md": text}))
    assert [f["line"] for f in ran.findings("image-remote")] == [5, 15]


@pytest.mark.slow
def test_a_file_whose_name_is_not_utf8_is_reported_and_left_out(make: Callable[..., Path]) -> None:
    root = make({"chapters/02-good.md": GOOD, "contributors/ada.md": "---\nname: Ada Lee\n---\n"})
    for folder in ("chapters", "contributors"):
        try:
            (root / folder / os.fsdecode(b"\xffx.md")).write_text(GOOD)
        except OSError:
            pytest.skip("this system takes text only as the name of a file")
    ran = oerbook("check", "--format", "json", "-C", root)
    assert ran.code == 1, ran.err
    assert {row["path"] for row in ran.findings("name-unportable")} == {
        "chapters/\ufffdx.md",
        "contributors/\ufffdx.md",
    }
    built = oerbook("build", "html", "-C", root)
    assert built.code == 1, built.err
    assert "perseverance" in (root / "_build/html/good.html").read_text()


def test_a_work_that_only_a_note_cites_is_cited(make: Callable[..., Path]) -> None:
    entry = "@book{{{0}, title={{{0}}}, author={{Lee, Ada}}, year={{2020}}, publisher={{P}}}}\n"
    text = "# A\n\nIt is {footcite}`deep`.\n\n```{footbibliography}\n```\n"
    root = make({"chapters/works.bib": entry.format("deep") + entry.format("idle"), "chapters/01-a.md": text})
    for _again in range(2):  # the second time from what was kept
        ran = oerbook("check", "--format", "json", cwd=root)
        assert [f["message"] for f in ran.findings("citation-unused")] == [
            "nothing cites the entry idle, so it is not in the bibliography of the book"
        ]


def test_a_reference_to_a_target_without_title_or_number_names_its_label(make: Callable[..., Path]) -> None:
    text = "# A\n\n(bare)=\nOnly words.\n\n```{figure} a.svg\n:name: plain\n:alt: a disc\n```\n\nSee {ref}`bare` and\n{numref}`plain`.\n\n{numref}`bare`\n"
    ran = oerbook("check", "--format", "json", cwd=make({"chapters/01-a.md": text, "chapters/a.svg": DISC}))
    said = {(f["code"], f["line"]): f["message"] for f in ran.report["findings"]}
    assert "label bare has no title or caption" in said["reference-untitled", 11]
    assert said["reference-unnumbered", 12] == "label plain has no number"
    assert said["reference-unnumbered", 14] == "label bare has no number"


def test_unusual_file_references_of_real_books_are_found(make: Callable[..., Path]) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "teal").save(picture, "PNG")
    carried = {"a b.png": {"image/png": base64.b64encode(picture.getvalue()).decode()}}
    cell = {
        "cell_type": "markdown",
        "metadata": {},
        "attachments": carried,
        "source": "# N\n\n![a square](attachment:a%20b.png)",
    }
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    grids = "# Grids\n\n![a disc](<../images/a b.svg>) ![a disc](../images/a%20b.svg)\n\n{doc}`../01-soil` {doc}`/01-soil` {doc}`the soil <../01-soil>`\n"
    root = make(
        {
            "chapters/01-soil.md": "# Soil\n\n{doc}`02-part/01-grids` {doc}`part/grids`\n",
            "chapters/02-part/01-grids.md": grids,
            "chapters/02-part/02-n.ipynb": notebook,
            "chapters/images/a b.svg": DISC,
        }
    )
    ran = oerbook("build", "html", "epub", "--format", "json", cwd=root)
    assert ran.report["findings"] == []
    page = (root / "_build/html/part/grids.html").read_text()
    assert page.count('href="../soil.html"><span class="doc') >= 2
    assert ">the soil</span></a>" in page or ">the soil</a>" in page
    assert page.count("<img") == 2
    assert 'href="part/grids.html"' in (root / "_build/html/soil.html").read_text()
    assert 'alt="a square"' in (root / "_build/html/part/n.html").read_text()


def test_other_pages_find_the_places_that_html_names(make: Callable[..., Path]) -> None:
    root = make(
        {
            "chapters/01-a.md": '# A\n\n<a id="here"></a>\n\nSome <span id="There">words</span>.\n',
            "chapters/02-b.md": "# B\n\nTo [one](01-a.md#here), [](01-a.md#There).\n\nTo [none](01-a.md#nowhere).\n",
        }
    )
    found = oerbook("build", "html", "--format", "json", cwd=root).findings("reference-missing")
    assert [(f["path"], f["line"]) for f in found] == [("chapters/02-b.md", 5)]
    page = (root / "_build/html/b.html").read_text()
    assert 'href="a.html#here"' in page and 'href="a.html#there"' in page


def test_a_chapter_with_a_bibliography_of_its_own_leaves_the_others_theirs(make: Callable[..., Path]) -> None:
    bib = "".join(
        f"@book{{{key}, author={{Lee, Ada}}, title={{{key}}}, publisher={{P}}, year={{2020}}}}\n"
        for key in ("deep", "wide")
    )
    own = "# A\n\n{cite}`deep`\n\n```{bibliography}\n:filter: docname in docnames\n```\n"
    root = make({"chapters/01-a.md": own, "chapters/02-b.md": "# B\n\n{cite}`wide`\n", "chapters/refs.bib": bib})
    ran = oerbook("build", "html", "--format", "json", cwd=root)
    assert ran.report["findings"] == []
    page = (root / "_build/html/bibliography.html").read_text()
    assert "wide" in page
    assert "deep" not in page
