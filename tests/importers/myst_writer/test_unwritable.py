"""What MyST cannot hold stays as words or code, and is reported."""

from __future__ import annotations

from oerbook.importers.myst_writer import PageContext, WrittenPage, write_page
from oerbook.tools.pandoc_reader import read_document


def written(markdown: str) -> WrittenPage:
    return write_page(read_document(markdown.encode(), "markdown").blocks, PageContext("lecture.docx"))


def test_a_picture_that_the_source_lacks_is_reported() -> None:
    page = written("See ![a worm](worm.png) here.")
    assert page.text == "See a worm here.\n"
    assert [(finding.code, finding.place.path) for finding in page.findings] == [
        ("import-picture-missing", "lecture.docx")
    ]


def test_links_that_lead_nowhere_become_their_words() -> None:
    page = written("See [below](#nowhere) and [a file](file:///C:/notes.doc), or [write](mailto:ada@example.org).")
    assert page.text == "See below and a file, or write.\n"
    assert [finding.code for finding in page.findings] == ["import-reference"] * 2


def test_a_citation_without_an_entry_becomes_its_words() -> None:
    page = written("Soil [@lee2020] lives.")
    assert page.text == "Soil \\[\\@lee2020] lives.\n"
    assert [finding.code for finding in page.findings] == ["import-citation"]


def test_markup_without_an_equivalent_is_shown_as_code() -> None:
    page = written("A `<blink>x</blink>`{=html} word.\n\n```{=openxml}\n<w:p/>\n```")
    assert page.text == "A `<blink>x</blink>` word.\n\n```openxml\n<w:p/>\n```\n"
    assert [finding.code for finding in page.findings] == ["import-markup"] * 2
