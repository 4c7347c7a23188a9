"""EPUB files become chapters."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from tests.importers.converters.converted import Result, convert, write_zip

CONTAINER = '<container xmlns="x"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">
<metadata><dc:title>Soils</dc:title><dc:creator id="a">Lee, Ada</dc:creator>
<meta refines="#a" property="role">aut</meta><dc:contributor id="b">Bo Chan</dc:contributor>
<meta refines="#b" property="role">edt</meta><dc:language>en</dc:language>
<dc:rights>Licensed under https://creativecommons.org/licenses/by-sa/4.0/</dc:rights></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="c" href="copyright.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="more" href="text/more.xhtml" media-type="application/xhtml+xml"/>
<item id="notes" href="text/notes.xhtml" media-type="application/xhtml+xml"/>
<item id="pic" href="img/Worm%201.jpg" media-type="image/jpeg"/></manifest>
<spine><itemref idref="nav"/><itemref idref="c"/><itemref idref="one"/><itemref idref="two"/><itemref idref="more"/>
<itemref idref="notes"/></spine></package>"""
PAGE = """<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"
xmlns:epub="http://www.idpf.org/2007/ops" xmlns:m="http://www.w3.org/1998/Math/MathML"><body>{}</body></html>"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
MEMBERS: dict[str, str | bytes] = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": PACKAGE,
    "OPS/nav.xhtml": PAGE.format(
        '<nav epub:type="toc"><ol><li><a href="text/one.xhtml">1. Peat</a></li><li><a href="text/two.xhtml">Clay</a></li>'
        "</ol></nav>"
    ),
    "OPS/copyright.xhtml": PAGE.format('<section epub:type="copyright-page"><p>© 2020 Ada Lee</p></section>'),
    "OPS/text/one.xhtml": PAGE.format(
        '<h1>1. Peat</h1><p>Old.<a epub:type="noteref" href="#n1">1</a> See <a href="two.xhtml#deep">Deep</a>,'
        ' <a href="two.xhtml">Clay</a>.<sup><a id="r2" href="notes.xhtml#e2">2</a></sup></p>'
        '<aside epub:type="footnote" id="n1"><p>Very.</p></aside><span epub:type="pagebreak" title="7">7</span>'
        '<p><m:math><m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac></m:math></p>'
        '<figure id="f"><img src="../img/Worm%201.jpg" alt="A worm"/><figcaption>Figure 1.1: A worm.</figcaption></figure>'
        '<p><ruby>漢<rt>kan</rt></ruby></p>'
    ),
    "OPS/text/two.xhtml": PAGE.format('<h1>Clay</h1><h3 id="deep">Deep clay</h3><p>As <a href="one.xhtml#f">Figure 1.1</a>.</p>'),
    "OPS/text/more.xhtml": PAGE.format("<p>More of clay.</p>"),
    "OPS/text/notes.xhtml": PAGE.format('<h2>Notes</h2><ol><li id="e2">At the end. <a href="one.xhtml#r2">↩</a></li></ol>'),
    "OPS/img/Worm 1.jpg": PNG,
}  # fmt: skip


@pytest.fixture(scope="module")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return convert(write_zip(tmp_path_factory.mktemp("epub") / "soils.epub", MEMBERS))


def test_facts_people_and_license_come_from_the_package(epub: Result) -> None:
    assert epub.format == "epub"
    assert (epub.book.title, epub.book.language, epub.book.license) == ("Soils", "en", "CC-BY-SA-4.0")
    assert epub.book.front == {"authors": ["Ada Lee"], "editors": ["Bo Chan"]}


def test_the_table_of_contents_says_what_is_a_chapter_and_other_files_continue_it(epub: Result) -> None:
    assert [chapter.title for chapter in epub.book.chapters] == ["copyright", "Peat", "Clay"]
    assert "More of clay." in epub.text("03-clay.md")
    assert "import-generated" in epub.codes


def test_notes_stand_where_they_are_referred_to_from_the_page_or_the_end_of_the_book(epub: Result) -> None:
    text = epub.text("02-peat.md")
    assert "Old.[^1] See [Deep](#deep), [Clay](03-clay.md).[^2]" in text
    assert "[^1]: Very.\n\n[^2]: At the end.\n" in text


def test_formulas_pictures_and_captions_come_over_without_numbers_of_pages_and_figures(epub: Result) -> None:
    text = epub.text("02-peat.md")
    assert r"$\frac{a}{b}$" in text.replace("$$\n", "$").replace("\n$$", "$")
    assert "```{figure} images/worm-1.png\n:name: f\n:alt: A worm\n\nA worm.\n```" in text
    assert "漢(kan)" in text
    assert "7" not in text


def test_references_to_numbers_of_figures_count_anew(epub: Result) -> None:
    assert "As {numref}`f`." in epub.text("03-clay.md")


def test_a_copy_protected_file_is_refused(tmp_path: Path) -> None:
    protection = '<encryption><EncryptedData><CipherReference URI="OPS/text/one.xhtml"/></EncryptedData></encryption>'
    source = write_zip(tmp_path / "a.epub", {**MEMBERS, "META-INF/encryption.xml": protection})
    with pytest.raises(OerbookError, match="copy-protected"):
        convert(source)


def test_entities_are_never_expanded_and_unknown_elements_keep_their_text(tmp_path: Path) -> None:
    bomb = (
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Peat</h1><p>&b;&f;&eacute; <blink>kept</blink></p></body></html>'
    )
    result = convert(write_zip(tmp_path / "a.epub", {**MEMBERS, "OPS/text/one.xhtml": bomb}))
    assert "&b;&f;é kept" in result.text("02-peat.md").replace("\\", "")
    assert "import-markup" in result.codes


def test_a_page_that_cannot_be_read_costs_that_page_alone(tmp_path: Path) -> None:
    result = convert(write_zip(tmp_path / "a.epub", {**MEMBERS, "OPS/text/one.xhtml": b""}))
    assert [chapter.title for chapter in result.book.chapters] == ["copyright", "Clay"]
    assert "import-unreadable" in result.codes
