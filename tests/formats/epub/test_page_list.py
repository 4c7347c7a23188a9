from __future__ import annotations

from lxml import etree

from oerbook.formats.epub.page_list import WORDS_PER_PAGE, mark_page_starts

PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><body><section><h1>Title</h1>{}</section></body></html>'


def paragraphs(*lengths: int) -> str:
    return "".join(f"<p>{'word ' * length}</p>" for length in lengths)


def numbered(body: str, first: int = 1) -> tuple[list[int], etree._Element]:
    root = etree.fromstring(PAGE.format(body))
    return mark_page_starts(root, first), root


def test_epub_page_breaks_start_each_file_and_repeat_every_few_hundred_words() -> None:
    given, root = numbered(paragraphs(*[WORDS_PER_PAGE // 3] * 9), first=7)
    assert given == [7, 8, 9]
    marks = root.xpath("//*[@role='doc-pagebreak']")
    assert [mark.get("id") for mark in marks] == ["page-7", "page-8", "page-9"]  # type: ignore[union-attr]
    assert " ".join(root.itertext()).split().count("word") == 3 * WORDS_PER_PAGE


def test_no_page_begins_within_a_table_a_list_or_a_note() -> None:
    long = f"<tr><td>{'word ' * WORDS_PER_PAGE}</td></tr>" * 4
    notes = f'<section role="doc-endnotes"><ol><li>{paragraphs(WORDS_PER_PAGE * 2)}</li></ol></section>'
    given, root = numbered(f"<table>{long}</table><ul><li>{paragraphs(WORDS_PER_PAGE)}</li></ul>{notes}")
    assert given == [1, 2]
    assert [str(mark.getparent().tag).rpartition("}")[2] for mark in root.iter("{*}span")] == ["section", "section"]  # type: ignore[union-attr]


def test_a_file_without_text_has_no_page() -> None:
    assert numbered("")[0] == []
