"""A failure in a page or a format costs that one alone, and is reported; everything else is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Ran, oerbook, write

PAGES = {
    "chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\ntheme: mine\n---\n\n# Soil\n\nSoil.\n",
    "chapters/01-one.md": "# One\n\n```{only} ((((html\nWritten for some formats.\n```\n\nThe end.\n",
    "chapters/02-two.md": '# Two\n\n<a name="worm" href="strange:x">An anchor</a> stays.\n',
    "themes/mine/theme.toml": 'base = "classic"\n',
    "themes/mine/pdf/template.typ": "#let oer-book(body) = { this is no Typst\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """Build a book whose theme breaks the PDF."""
    folder = write(tmp_path_factory.mktemp("book"), PAGES)
    return folder, oerbook("build", "all", "--format", "json", cwd=folder)


def test_a_format_that_fails_is_a_finding_and_the_others_are_made(built: tuple[Path, Ran]) -> None:
    folder, ran = built
    assert ran.code == 1
    assert [row["format"] for row in ran.report["artifacts"]] == ["html", "epub", "docx"]
    (failure,) = ran.findings("format-failed")
    assert failure["message"].startswith("the PDF was not made: Typst cannot compile the book: ")
    page = (folder / "_build/html/index.html").read_text(encoding="utf-8")
    assert "soil.epub" in page and "soil.pdf" not in page  # the title page offers only what was made


def test_an_invalid_condition_is_reported_and_its_text_is_kept(built: tuple[Path, Ran]) -> None:
    folder, ran = built
    (finding,) = ran.findings("markup")
    assert (finding["path"], finding["line"]) == ("chapters/01-one.md", 3)
    assert "Written for some formats." in (folder / "_build/html/one.html").read_text(encoding="utf-8")


def test_an_anchor_with_a_link_that_is_not_allowed_keeps_its_chapter(built: tuple[Path, Ran]) -> None:
    folder, ran = built
    assert len(ran.findings("link-scheme")) == 1
    page = (folder / "_build/html/two.html").read_text(encoding="utf-8")
    assert "An anchor" in page and "strange:" not in page
    assert not re.search(r"0x[0-9a-f]{6}", ran.out)


CONDITIONS = (
    "((((html",
    "html and",
    "not",
    "html or or pdf",
    "{{ 1 }}",
    "x.y.z",
    "'html'",
    "__import__('os').getcwd()",
    "not " * 3000 + "html",
    "(" * 300 + "html" + ")" * 300,
    "html\u2028pdf",
)
ANCHORS = (
    '<a name="w" href="x:P">stays</a>',
    '<a id="w" href="ms-settings:x">stays</a>',
    "<a name=w href='java&#10;script:f()'>stays</a>",
    '<a name="w" href="data:text/html,x">stays</a>',
    '<a id="w" name="v" href="vbscript:x" title="t">stays</a>',
    '<p id="q"><a name="w" href="file:///etc/passwd">stays</a></p>',
    "[stays](x:P){#w} and [stays](<view-source:https://example.org>)",
)


def test_no_condition_or_anchor_of_a_page_stops_a_format(tmp_path: Path) -> None:
    """Each in a chapter of its own: all are made, and the words stay in every format."""
    pages = {
        f"chapters/1{n:02}-c{n}.md": f"# C\n\nBefore.\n\n```{{only}} {text}\nstays\n```\n"
        for n, text in enumerate(CONDITIONS)
    }
    pages |= {f"chapters/2{n:02}-a{n}.md": f"# A\n\n{text}\n" for n, text in enumerate(ANCHORS)}
    root = write(tmp_path, {"chapters/index.md": PAGES["chapters/index.md"].replace("theme: mine\n", ""), **pages})
    ran = oerbook("build", "all", "--format", "json", cwd=root)
    assert ran.code in (0, 1), ran.err
    assert [row["format"] for row in ran.report["artifacts"]] == ["html", "epub", "pdf", "docx"]
    assert not ran.findings("chapter-unreadable"), ran.out
    for path in pages:
        name = path.rpartition("-")[2].removesuffix(".md")
        assert "stays" in (root / f"_build/html/{name}.html").read_text(encoding="utf-8"), path
    found = [*ran.findings("link-scheme"), *ran.findings("reference-missing")]
    assert len({finding["path"] for finding in found}) == len(ANCHORS)


def test_json_is_json_even_when_nothing_can_be_built(tmp_path: Path) -> None:
    ran = oerbook("build", "--format", "json", cwd=tmp_path)
    assert ran.code == 1
    assert ran.report["artifacts"] == []
