"""The DOCX as a book: contents, pages, boxes, numbered formulas, tables, faces."""

from __future__ import annotations

import re
import uuid
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from lxml import etree

from oerbook.formats.docx.fonts import obfuscate
from oerbook.formats.docx.layout_tables import ColumnNeeds, column_widths
from tests.conftest import oerbook, write

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
CHAPTER = (
    """# Water

:::{note}
First.

| a | b |
|---|---|
| 1 | 2 |
:::

:::{tip}
- Second.
:::

$$ x = 1 $$ (eq-one)

| Year | What happened in the whole of it |
|------|------|
| 1234 | """
    + "much that is told in many words " * 6
    + """|

:::{prf:proof}
Clear.
:::

## Deep $a^2$[^note]

Text.

[^note]: A note.
"""
)
BOOK = {
    "conf.py": 'extensions = ["oerbook"]\n',
    "chapters/index.md": "---\ntitle: Soil & water\nauthors: [Ada Lee, Bo Ek]\nlicense: CC-BY-4.0\npaper: A5\ndate: 2026-01-02\n---\n\n# Soil\n\nText.\n",
    "chapters/01-seeing/index.md": "# Seeing\n\nLook down.\n",
    "chapters/01-seeing/01-water.md": CHAPTER,
}


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = write(tmp_path_factory.mktemp("word"), BOOK)
    ran = oerbook("build", "docx", cwd=root)
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(next((root / "_build").glob("*.docx"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def document(members: dict[str, bytes]) -> etree._Element:
    return etree.fromstring(members["word/document.xml"])


def words(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t", f"{MATH}t"))


def styled(document: etree._Element, style: str) -> list[etree._Element]:
    found = document.iterfind(f".//{W}p/{W}pPr/{W}pStyle[@{W}val='{style}']")
    return [element.getparent().getparent() for element in found]  # type: ignore[union-attr,misc]


def tables(document: etree._Element, style: str) -> list[etree._Element]:
    found = document.iterfind(f".//{W}tbl/{W}tblPr/{W}tblStyle[@{W}val='{style}']")
    return [element.getparent().getparent() for element in found]  # type: ignore[union-attr,misc]


def test_the_contents_list_every_part_chapter_and_section_with_a_link(document: etree._Element) -> None:
    entries = [*styled(document, "TOC1"), *styled(document, "TOC2")]
    listed = [words(entry) for entry in entries if words(entry)]
    generated = ["How to cite", "Accessibility", "About the contributors"]
    sections = ["1.1 Deep a2", "Single chapters", "What was measured", "Known gaps"]
    assert listed == ["Soil", "Seeing", "1 Water", *generated, *sections]
    bookmarks = {start.get(f"{W}name") for start in document.iter(f"{W}bookmarkStart")}
    links = [link.get(f"{W}anchor") for entry in entries for link in entry.iter(f"{W}hyperlink")]
    assert len(links) == len(listed) and set(links) <= bookmarks


def test_word_is_asked_to_compute_the_page_numbers(members: dict[str, bytes]) -> None:
    settings = members["word/settings.xml"].decode()
    assert "<w:updateFields" in settings and settings.index("<w:updateFields") < settings.index("<w:rsids")


def test_parts_and_chapters_begin_on_a_new_page(members: dict[str, bytes], document: etree._Element) -> None:
    assert [words(title) for title in styled(document, "PartTitle")] == ["Seeing"]
    styles = members["word/styles.xml"].decode()
    heading = re.search(r'<w:style [^>]*w:styleId="Heading1".*?</w:style>', styles, re.S)
    part = re.search(r'<w:style [^>]*w:styleId="PartTitle".*?</w:style>', styles, re.S)
    assert heading and "<w:pageBreakBefore" in heading[0]
    assert part and '<w:basedOn w:val="Heading1"' in part[0]


def test_pages_have_the_paper_of_the_book_a_number_and_its_title(members: dict[str, bytes]) -> None:
    document = members["word/document.xml"].decode()
    size = etree.fromstring(members["word/document.xml"]).find(f".//{W}pgSz")
    assert size is not None
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("8391", "11906")  # A5 in twentieths of a point
    assert "PAGE" in members["word/footer1.xml"].decode()
    assert "Soil &amp; water" in members["word/header1.xml"].decode()
    assert document.count("<w:headerReference") == document.count("<w:footerReference") == 1


def test_the_title_page_names_the_authors_in_one_line(document: etree._Element) -> None:
    assert [words(line) for line in styled(document, "Author")] == ["Ada Lee and Bo Ek"]


def test_each_box_is_a_table_of_its_own_with_all_that_is_in_it(document: etree._Element) -> None:
    first, second = tables(document, "Box")
    assert words(first) == "NoteFirst.ab12" and words(second) == "TipSecond."
    assert first.getnext() is not second
    for cell in document.iter(f"{W}tc"):  # Word rejects a cell without a paragraph at its end
        assert [child for child in cell if "bookmark" not in str(child.tag)][-1].tag == f"{W}p"


def test_the_number_of_a_formula_is_on_its_line(document: etree._Element) -> None:
    (equation,) = tables(document, "Equation")
    assert equation.find(f".//{MATH}oMathPara") is not None
    assert [words(cell) for cell in equation.iter(f"{W}tc")][2] == "(1.1)"


def test_the_proof_ends_with_a_square_at_the_edge(document: etree._Element) -> None:
    (proof,) = styled(document, "Proof")
    assert words(proof) == "Proof. Clear.□" and proof.find(f".//{W}tab") is not None


def test_columns_are_as_wide_as_their_content_needs(document: etree._Element) -> None:
    table = next(table for table in tables(document, "Table") if "Year" in words(table))
    narrow, wide = (int(column.get(f"{W}w") or 0) for column in table.iterfind(f"{W}tblGrid/{W}gridCol"))
    assert narrow < 1200 and wide > 3 * narrow


def test_a_narrow_table_stays_narrow_and_a_crowded_one_fits() -> None:
    assert column_widths([ColumnNeeds(400, 900, 5), ColumnNeeds(500, 700, 9)], 8000) == [900, 700]
    assert sum(column_widths([ColumnNeeds(400, 9000, 500), ColumnNeeds(500, 7000, 90)], 8000)) <= 8000
    assert sum(column_widths([ColumnNeeds(9000, 9000, 500), ColumnNeeds(7000, 7000, 90)], 8000)) <= 8000


def test_the_docx_embeds_its_font_and_names_a_substitute(members: dict[str, bytes], tmp_path: Path) -> None:
    table = etree.fromstring(members["word/fontTable.xml"])
    face = next(font for font in table if font.get(f"{W}name") == "Source Serif Pro")
    assert "Georgia" in str(face.find(f"{W}altName").get(f"{W}val"))  # type: ignore[union-attr]
    embedded = face.find(f"{W}embedRegular")
    assert embedded is not None

    key = uuid.UUID(str(embedded.get(f"{W}fontKey")))
    plain = obfuscate(members["word/fonts/textRegular.odttf"], key)
    (tmp_path / "face.ttf").write_bytes(plain)
    assert TTFont(tmp_path / "face.ttf")["name"].getDebugName(1) == "Source Serif Pro"
