"""Word files of every kind become chapters."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.importers.conversion.book_files import BookFiles, NamesInUse, render_book
from oerbook.importers.conversion.chapter_paths import chapter_paths
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.importers.converters import docx, find_converter
from tests.support.word_files import paragraph, run, style, write_word_file

ACCEPT = ConversionOptions(accept_changes=True)
HOUSE_STYLES = style("ChapterTitle") + style("HeadA") + style("CodeLine") + style("NoteText") + style("Caption")
INSERTED = '<w:ins w:author="Bo Chen" w:date="2025-03-02T10:00:00Z">{}</w:ins>'
DELETED = '<w:del w:author="Cy Diaz Cy Diaz" w:date="2025-03-04T10:00:00Z"><w:r><w:delText>{}</w:delText></w:r></w:del>'
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF _Ref1 \\h </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Table 1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
TABLE = "<w:tbl>{}</w:tbl>".format(
    "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in ("ab", "cd"))
)
BOOKMARK = '<w:bookmarkStart w:id="1" w:name="_Ref1"/>{}<w:bookmarkEnd w:id="1"/>'


def convert(
    path: Path, body: str, styles: str = "", options: ConversionOptions = ACCEPT, **parts: str
) -> ConvertedBook:
    return docx.convert(write_word_file(path / "peat.docx", body, styles, **parts), options)


def written(book: ConvertedBook) -> BookFiles:
    return render_book(book, chapter_paths(book.chapters), NamesInUse())


def bodies(book: ConvertedBook) -> list[str]:
    """Return the chapters without front matter."""
    files = written(book)
    return [files.files[path].decode().rpartition("---\n\n")[2] for path in files.chapters]


def test_house_styles_are_guessed_and_reported(tmp_path: Path) -> None:
    body = (
        paragraph("Peat", "ChapterTitle")
        + paragraph("Layers", "HeadA")
        + paragraph("<w:r><w:t>x = [</w:t></w:r>", "CodeLine")
        + paragraph('<w:r><w:t xml:space="preserve">    1]</w:t></w:r>', "CodeLine")
        + paragraph("Note: mind the gap.", "NoteText")
    )
    book = convert(tmp_path, body, HOUSE_STYLES)
    assert bodies(book) == [
        "# Peat\n\n## Layers\n\n```\nx = [\n    1]\n```\n\n:::{note}\nmind the gap.\n:::\n",
    ]
    guessed = [finding.message for finding in book.findings if finding.code == "import-guessed"]
    assert guessed[1] == "paragraphs of the style “HeadA” were read as headings of level 2"


def test_a_heading_that_repeats_the_title_is_written_once(tmp_path: Path) -> None:
    styles = style("Title") + style("heading 1") + style("heading 2")
    headings = paragraph("Peat", "Title") + paragraph("Peat", "heading1") + paragraph("Layers", "heading2")
    book = convert(tmp_path, headings + paragraph("Wet."), styles)
    assert bodies(book) == ["# Peat\n\n## Layers\n\nWet.\n"]
    assert "import-lost" not in [finding.code for finding in written(book).findings]


def test_declared_styles_come_before_guesses(tmp_path: Path) -> None:
    styles = {"Odd One": "h1", "HeadA": "text"}
    body = paragraph("Peat", "OddOne") + paragraph("Words.", "HeadA")
    book = convert(tmp_path, body, style("Odd One") + style("HeadA"), ConversionOptions(styles))
    assert bodies(book) == ["# Peat\n\nWords.\n"]


def test_large_and_bold_text_makes_headings_if_there_are_none(tmp_path: Path) -> None:
    large, bold = '<w:sz w:val="32"/>', "<w:b/>"
    text = paragraph("Peat grows by a millimetre in a year, and it holds water. " * 3)
    body = paragraph(run("Peat", large)) + text + paragraph(run("Its layers", bold)) + text
    assert [line for line in bodies(convert(tmp_path, body))[0].split("\n") if line.startswith("#")] == [
        "# Peat",
        "## Its layers",
    ]


def test_a_caption_and_a_field_become_a_table_and_a_reference_by_number(tmp_path: Path) -> None:
    caption = paragraph(BOOKMARK.format(run("Table 1")) + run(": Depths"), "Caption")
    body = paragraph("Peat", "ChapterTitle") + paragraph(run("See ") + FIELD + run(".")) + caption + TABLE
    book = convert(tmp_path, body, HOUSE_STYLES)
    text = bodies(book)[0]
    assert "See {numref}`tab-depths`." in text
    assert (
        "{table} Depths\n:name: tab-depths" in text or "{list-table} Depths\n:header-rows: 0\n:name: tab-depths" in text
    )
    assert [finding for finding in written(book).findings if finding.code == "import-lost"] == []


def test_tracked_changes_are_refused_accepted_or_become_history(tmp_path: Path) -> None:
    words = run("Peat is ") + DELETED.format("dry") + INSERTED.format(run("wet")) + run(".")
    body = paragraph("Peat", "ChapterTitle") + paragraph(words)
    core = "<dc:creator>Ada Lee</dc:creator><dcterms:created>2025-01-01T00:00:00Z</dcterms:created>"
    with pytest.raises(OerbookError, match=r"has tracked changes by Bo Chen, Cy Diaz$"):
        convert(tmp_path, body, HOUSE_STYLES, ConversionOptions())
    assert bodies(convert(tmp_path, body, HOUSE_STYLES)) == ["# Peat\n\nPeat is wet.\n"]
    book = convert(tmp_path, body, HOUSE_STYLES, ConversionOptions(history="tracked"), core=core)
    assert [(r.author, r.text) for r in book.chapters[0].revisions] == [
        ("Ada Lee", "# Peat\n\nPeat is dry.\n"),
        ("Bo Chen", "# Peat\n\nPeat is drywet.\n"),
        ("Cy Diaz", "# Peat\n\nPeat is wet.\n"),
    ]
    assert book.chapters[0].front == {"authors": ["Ada Lee"]}


def test_comments_are_listed_and_not_in_the_text(tmp_path: Path) -> None:
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    comments = f'<w:comments {namespace}><w:comment w:author="Bo">{paragraph("Sure?")}</w:comment></w:comments>'
    book = convert(tmp_path, paragraph("Peat"), comments=comments)
    assert [f.message for f in book.findings if f.code == "import-comment"] == [
        "a comment by Bo is not in the text: Sure?"
    ]


def test_names_that_programs_write_are_no_authors(tmp_path: Path) -> None:
    book = convert(tmp_path, paragraph("Peat"), core="<dc:creator>Microsoft Office User</dc:creator>")
    assert (book.chapters[0].front, book.sources[0].creators) == ({"authors": []}, ())


def test_what_a_file_loads_from_outside_is_left_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG\r\n\x1a\nsecret")
    blip = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="r9"/>'
    path = write_word_file(
        tmp_path / "peat.docx", paragraph(f"<w:r><w:drawing>{blip}</w:drawing></w:r>") + paragraph("Peat")
    )
    assert find_converter(path) == "docx"
    assert docx.convert(path, ACCEPT).pictures == ()
    bomb = path.read_bytes().replace(b"<w:document ", b"<!DOCTYPE w [<!ENTITY e 'x'>]><w:document ")
    (tmp_path / "bomb.docx").write_bytes(bomb)
    with pytest.raises(OerbookError):
        docx.convert(tmp_path / "bomb.docx", ACCEPT)
