"""What people write is shown alike in every format: the cases of `examples/shown.txt`.

A case is a title, MyST, a line with a dot, and lines about what readers see, up to a line with a dot:

- words that stand in the web page, EPUB, PDF and DOCX (spaces and line ends do not count),
- after `! `, words that stand in none of them,
- after `html `, markup that stands in the web page,
- `{chapter}` stands for the number of the chapter,
- after `finding `, the line and the code of a finding. No other findings may occur.

All cases are chapters of one book. A page with front matter begins with it; every other page gets a title.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import need, oerbook, write

EXAMPLES = Path(__file__).parent / "examples" / "shown.txt"
INDEX = "---\ntitle: Shown\nlicense: CC-BY-4.0\n---\n\n# Shown\n"
CASE = re.compile(r"^==== ([^\n]+)\n(.*?)^\.\n(.*?)^\.\n", re.M | re.S)
DISC = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'


class Case(NamedTuple):
    title: str
    source: str
    expected: str

    @property
    def slug(self) -> str:
        return re.sub(r"\W+", "-", self.title.lower()).strip("-")

    @property
    def page(self) -> str:
        return self.source if self.source.startswith("---\n") else f"# {self.title}\n\n{self.source}"


class Book(NamedTuple):
    folder: Path
    texts: dict[str, str]  # by format, without spaces
    findings: dict[str, list[str]]  # by page: "LINE CODE"


CASES = [Case(*match.groups()) for match in CASE.finditer(EXAMPLES.read_text(encoding="utf-8"))]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u2060\u200b\u00ad]+", "", text)


def _xml(path: Path, *suffixes: str) -> str:
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(suffixes)]
    return html.unescape(re.sub(r"<(annotation|style).*?</\1>|<[^<>]+>", "", "".join(parts), flags=re.S))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    need("pdftotext")
    root = tmp_path_factory.mktemp("shown")
    chapters = {f"chapters/{n:02}-{case.slug}.md": case.page for n, case in enumerate(CASES, start=1)}
    write(root, {"chapters/index.md": INDEX, "chapters/drop.svg": DISC, **chapters})
    ran = oerbook("build", "html", "epub", "pdf", "docx", "--format", "json", cwd=root)
    folder = root / "_build"
    pdf = subprocess.run(["pdftotext", folder / "shown.pdf", "-"], capture_output=True, text=True, check=True).stdout
    texts = {
        "PDF": squeezed(pdf),
        "EPUB": squeezed(_xml(folder / "shown.epub", ".xhtml")),
        "DOCX": squeezed(_xml(folder / "shown.docx", "document.xml", "footnotes.xml")),
    }
    findings: dict[str, list[str]] = {}
    for finding in json.loads(ran.out)["findings"]:
        if finding["severity"] != "info":
            findings.setdefault(finding["path"], []).append(f"{finding['line']} {finding['code']}")
    return Book(folder, texts, findings)


def test_no_two_cases_have_the_same_title() -> None:
    assert len({case.slug for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_every_format_shows_each_case_of_the_fixture_file(case: Case, book: Book) -> None:
    page = (book.folder / "html" / f"{case.slug}.html").read_text(encoding="utf-8")
    markup = page[page.index("<main") : page.index("</main>")]
    words = re.sub(r"<annotation.*?</annotation>|<[^<>]+>", "", markup, flags=re.S)
    texts = {"web page": squeezed(html.unescape(words)), **book.texts}
    expected_findings = []
    number = CASES.index(case) + 1
    for line in case.expected.replace("{chapter}", str(number)).splitlines():
        kind, _space, rest = line.partition(" ")
        if kind == "finding":
            expected_findings.append(rest)
        elif kind == "html":
            assert rest in markup, markup
        elif kind == "!":
            assert not [name for name, text in texts.items() if squeezed(rest) in text], line
        else:
            assert not [name for name, text in texts.items() if squeezed(line) not in text], (line, markup)
    name = f"chapters/{CASES.index(case) + 1:02}-{case.slug}.md"
    assert book.findings.get(name, []) == expected_findings


def test_a_note_has_the_same_number_in_every_format(book: Book) -> None:
    for name, text in book.texts.items():
        assert "Alpha2.Beta1.Gamma4again4,1." in text, name
        assert "Delta1.Epsilon1.Zeta1,2." in text, name
        assert "Notesinaheading5" in text, name
    assert "4↩Namedwithanother7note." in book.texts["EPUB"]
    assert "1Same-note." in book.texts["PDF"] and "1Same-note." in book.texts["DOCX"]
