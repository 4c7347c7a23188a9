"""Whatever a finished file does not show of the book is reported with the passage that lacks it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.cli.output import ProgressBars
from oerbook.comparison.compare import report_lost_words
from oerbook.comparison.docx import read_docx
from oerbook.comparison.html import read_epub, read_site
from oerbook.comparison.pdf import read_pdf
from oerbook.model.content import COUNTED_KINDS, ContentItem, FileContent, PageContent
from oerbook.model.findings import Finding, Place
from oerbook.tasks.build.build import build
from oerbook.tasks.build.build_report import BuildOptions, BuildReport
from oerbook.tasks.build.compare_formats import compare_formats
from tests.conftest import write

PAGE = """# Soil

Worms plough the *meadow*[^1] with $a^2 + b^2$ of zest, see {numref}`drops`.

[^1]: A footnote on earthworms.

```{list-table} Drops of rain
:name: drops
:header-rows: 1
* - Month
  - Millimetres
* - January
  - 57
```

$$
e = mc^2
$$

```python
quicksilver = 3
```

```{figure} dot.svg
:alt: a dot
A caption about hydrangeas.
```

<table>
<tr><th>Kind</th><th>Depth</th></tr>
<tr><td colspan="2">spanning</td></tr>
</table>

```{code-block} python
:linenos:
:emphasize-lines: 2
one
two
```

$$\\boxed{b = c}$$

<p lang="ar" dir="rtl">\u062a\u0631\u0628\u0629</p>

```{only} html
Only browsers say zebra.
```
"""
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
INDEX = "---\ntitle: A small book\nauthors: [Ada Lee]\nlicense: CC-BY-4.0\n---\n\n# A small book\n\nWelcome.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    root = tmp_path_factory.mktemp("book")
    write(root, {"chapters/index.md": INDEX, "chapters/01-soil.md": PAGE, "chapters/dot.svg": DOT})
    return build(root, ("html", "epub", "pdf", "docx"), root / "_build", ProgressBars(True), BuildOptions(compare=True))


def file(built: BuildReport, kind: str) -> Path:
    return next(artifact.path for artifact in built.artifacts if artifact.format == kind)


def lost(built: BuildReport) -> list[Finding]:
    found = compare_formats(built.page_contents, built.artifacts, ProgressBars(True))
    return [finding for finding in found if finding.code == "content-lost"]


def test_a_complete_book_has_no_finding(built: BuildReport) -> None:
    assert [f for f in built.findings if f.code in ("content-lost", "format-unreadable")] == []
    kinds = {item.kind for page in built.page_contents for item in page.items}
    assert kinds == {"text", *COUNTED_KINDS}


def test_every_reader_counts_the_same_parts(built: BuildReport) -> None:
    expected = {"formula": 3, "table": 2, "cell": 7, "note": 1, "span": 1}
    shown = {
        "html": read_site(file(built, "html"), ["soil"])["soil"],
        "epub": read_epub(file(built, "epub")),
        "docx": read_docx(file(built, "docx")),
        "pdf": read_pdf(file(built, "pdf")),
    }
    assert {name: {kind: found.counts[kind] for kind in expected} for name, found in shown.items()} == dict.fromkeys(
        shown, expected
    )


REMOVALS: dict[str, tuple[str, str, str]] = {
    "a word": (r"plough the", "", "plough"),
    "a word of a note": ("earthworms", "", "earthworms"),
    "a word of a caption": ("hydrangeas", "", "hydrangeas"),
    "a word of code": ("quicksilver", "", "quicksilver"),
    "a formula": (r"<math.*?</math>|<m:oMath>.*?</m:oMath>", "", "2 of 3 formulas"),
    "a cell": (r"<td>\s*(<p>)?57(</p>)?\s*</td>", "<p>57</p>", "6 of 7 table cells"),
    "a span": (r" colspan=\"2\"", "", "0 of 1 cells that span"),
    "a head": (r"<th( [^>]*)?>(.*?)</th>", r"<td>\2</td>", "3 of 4 heads of columns"),
    "a number of a line": (r"<span class=\"(?:linenos|line-number)\">.*?</span>", "", "1 of 2 numbers of lines"),
    "a mark of a line": (r"class=\"(?:hll|code-line)\"", "", "0 of 1 marked lines"),
    "a frame": (r"<menclose([^>]*)>(.*?)</menclose>", r"<mrow>\2</mrow>", "0 of 1 frames"),
    "a language": (r" lang=\"ar\"", "", "0 of 1 passages in another language"),
    "a direction": (r" dir=\"rtl\"", "", "0 of 1 passages from right to left"),
    "a picture": (r"<img [^>]*>", "", "0 of 1 pictures"),
}


@pytest.mark.parametrize("name", REMOVALS)
def test_what_is_taken_out_of_a_web_page_is_reported(built: BuildReport, name: str) -> None:
    pattern, replacement, expected = REMOVALS[name]
    with Changed(file(built, "html") / "soil.html", lambda text: _cut(text, pattern, replacement)):
        assert [f for f in lost(built) if expected in f.message and "web page" in f.message]
    assert lost(built) == []


@pytest.mark.parametrize("name", REMOVALS)
def test_what_is_taken_out_of_an_ebook_is_reported(built: BuildReport, name: str) -> None:
    pattern, replacement, expected = REMOVALS[name]
    with ChangedMember(file(built, "epub"), ".xhtml", lambda text: _cut(text, pattern, replacement)):
        assert [f for f in lost(built) if expected in f.message and "EPUB" in f.message]


REMOVALS_FROM_DOCX = {
    "a span": (r"<w:gridSpan [^>]*>", "", "0 of 1 cells that span"),
    "a number of a line": (r"<w:rStyle w:val=\"LineNumber\" ?/>", "", "1 of 2 numbers of lines"),
    "a frame": (r"<m:borderBox>.*?</m:borderBox>", "", "0 of 1 frames"),
    "a direction": (r"<w:bidi ?/>", "", "0 of 1 passages from right to left"),
}


@pytest.mark.parametrize("name", REMOVALS_FROM_DOCX)
def test_lost_formatting_of_a_docx_is_reported(built: BuildReport, name: str) -> None:
    pattern, replacement, expected = REMOVALS_FROM_DOCX[name]
    with ChangedMember(file(built, "docx"), "document.xml", lambda text: _cut(text, pattern, replacement)):
        assert [f for f in lost(built) if expected in f.message and "DOCX" in f.message]


@pytest.mark.parametrize("name", ["a word", "a word of a note", "a word of a caption", "a word of code", "a formula"])
def test_what_is_taken_out_of_a_word_file_is_reported(built: BuildReport, name: str) -> None:
    pattern, replacement, expected = REMOVALS[name]
    with ChangedMember(file(built, "docx"), ".xml", lambda text: _cut(text, pattern, replacement)):
        assert [f for f in lost(built) if expected in f.message and "DOCX" in f.message]


def test_a_pdf_of_another_text_is_reported_at_the_passages_it_lacks(built: BuildReport, tmp_path: Path) -> None:
    write(tmp_path, {"chapters/index.md": INDEX, "chapters/01-soil.md": PAGE.replace("plough the", "")[:120]})
    other = build(tmp_path, ("pdf",), tmp_path / "_build", ProgressBars(True))
    found = [f for f in compare_formats(built.page_contents, other.artifacts, ProgressBars(True)) if "PDF" in f.message]
    assert ("chapters/01-soil.md", 3) in {(f.place.path, f.place.line) for f in found if "plough" in f.message}
    assert any("0 of 2 tables" in f.message for f in found)


def test_a_file_that_cannot_be_read_back_is_one_finding(built: BuildReport) -> None:
    path = file(built, "epub")
    whole = path.read_bytes()
    path.write_bytes(whole[:200])
    try:
        assert "format-unreadable" in {
            f.code for f in compare_formats(built.page_contents, built.artifacts, ProgressBars(True))
        }
    finally:
        path.write_bytes(whole)


def _cut(text: str, pattern: str, replacement: str) -> str:
    return re.sub(pattern, replacement, text, count=1, flags=re.S)


class Changed:
    """A file whose text is another one inside the block."""

    def __init__(self, path: Path, change: Callable[[str], str]) -> None:
        self.path, self.change, self.before = path, change, path.read_bytes()

    def __enter__(self) -> None:
        after = self.change(self.before.decode())
        assert after != self.before.decode(), "nothing was taken out"
        self.path.write_bytes(after.encode())

    def __exit__(self, *_: object) -> None:
        self.path.write_bytes(self.before)


class ChangedMember(Changed):
    """An archive in which one member is another one inside the block: the first that the change changes."""

    def __init__(self, path: Path, suffix: str, change: Callable[[str], str]) -> None:
        super().__init__(path, change)
        self.suffix = suffix

    def __enter__(self) -> None:
        with zipfile.ZipFile(self.path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        for name, data in members.items():
            if name.endswith(self.suffix) and (after := self.change(data.decode())) != data.decode():
                members[name] = after.encode()
                break
        else:
            raise AssertionError("nothing was taken out")
        with zipfile.ZipFile(self.path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)


def test_joined_letters_are_counted_whatever_their_order() -> None:
    place = Place("chapters/01-a.md", 3)
    page = PageContent("a", "chapters/01-a.md", (ContentItem("text", "\u062a\u0631\u0628\u0629", place),))
    shuffled = FileContent({}, {}, "\u062a\u062a\u0628\u0631\u0629\u0629")
    assert report_lost_words("the PDF", [page], shuffled) == []
    shorter = FileContent({}, {}, "\u062a\u0631\u0629")
    assert [finding.place for finding in report_lost_words("the PDF", [page], shorter)] == [place]
