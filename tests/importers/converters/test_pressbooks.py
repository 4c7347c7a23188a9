"""Exports of Pressbooks become chapters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.converters.converted import Result, convert

HEAD = """<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"><channel>
<title>Soils</title><wp:base_blog_url>https://press.example/soils</wp:base_blog_url>
<wp:author><wp:author_email>secret@press.example</wp:author_email></wp:author>
<wp:term><wp:term_taxonomy>contributor</wp:term_taxonomy><wp:term_slug>ada</wp:term_slug><wp:term_name>Ada Lee</wp:term_name>
</wp:term>{}</channel></rss>"""
ITEM = """<item><title>{title}</title><link>https://press.example/soils/{kind}/{slug}/</link>
<content:encoded><![CDATA[{text}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_name>{slug}</wp:post_name><wp:status>{status}</wp:status>
<wp:post_parent>{parent}</wp:post_parent><wp:menu_order>{number}</wp:menu_order><wp:post_type>{kind}</wp:post_type>{extra}
<wp:attachment_url>{url}</wp:attachment_url></item>"""
META = "<wp:postmeta><wp:meta_key>{}</wp:meta_key><wp:meta_value><![CDATA[{}]]></wp:meta_value></wp:postmeta>"
TEXT = """First paragraph[footnote]A <em>note</em>.[/footnote] with
a break and [latex]a &lt; b[/latex].

Second, see <a href="https://old.example/chapter/clay/#deep">clay</a> and [pb_glossary id="9"]peat[/pb_glossary].

[caption id="a" width="300"]<img src="https://press.example/u/worm-300x200.png" alt="" /> A worm.[/caption]

<div class="textbox"><h3>Think</h3>About it.</div>

https://youtu.be/x

[h5p id="3"] [made_up a="b"]x[/made_up]"""


def item(number: int, kind: str, title: str, text: str = "", parent: str = "0", **facts: str) -> str:
    """Return a post."""
    status, url = facts.pop("status", "publish"), facts.pop("url", "")
    extra = "".join(META.format(key, value) for key, value in facts.items())
    slug = title.lower()
    return ITEM.format(
        number=number, kind=kind, title=title, slug=slug, text=text, parent=parent, status=status, extra=extra, url=url
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("press")
    posts = [
        item(1, "metadata", "Info", pb_title="Soils", pb_authors="ada", pb_book_license="cc-by-sa", pb_language="en"),
        item(2, "front-matter", "Preface", "Hello."),
        item(3, "part", "One"),
        item(4, "part", "Two", "About this part."),
        item(5, "chapter", "Peat", TEXT, "3", pb_section_license="cc-by", pb_authors="ada"),
        item(6, "chapter", "Clay", '<h2 id="deep">Deep</h2>\nText.', "4"),
        item(7, "chapter", "Secret", "Draft.", "4", status="draft"),
        item(8, "chapter", "Closed", "Closed.", "4", pb_section_license="cc-by-nd"),
        item(9, "glossary", "Peat", "Old plants."),
        item(
            10, "attachment", "Worm", url="https://press.example/u/worm.png", status="inherit",
            _wp_attachment_image_alt="A worm in soil", pb_media_attribution_author="Bo", pb_media_attribution_license="cc-by",
        ),
    ]  # fmt: skip
    (folder / "soils.xml").write_text(HEAD.format("".join(posts)))
    (folder / "media").mkdir()
    (folder / "media/worm.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    return convert(folder / "soils.xml")


def test_parts_chapters_front_matter_and_glossary_come_in_order(book: Result) -> None:
    assert book.format == "pressbooks"
    assert [(c.title, c.part) for c in book.book.chapters] == [
        ("Preface", ""),
        ("Peat", "One"),
        ("Two", "Two"),
        ("Clay", "Two"),
        ("Glossary", ""),
    ]
    assert (book.book.license, book.book.front["authors"]) == ("CC-BY-SA-4.0", ["Ada Lee"])


def test_paragraphs_notes_formulas_links_and_glossary_terms_are_read(book: Result) -> None:
    text = book.text("02-one/01-peat.md")
    assert "First paragraph[^1] with\\\na break and $a < b$.\n\n[^1]: A *note*.\n\nSecond" in text
    assert "see [clay](#deep) and {term}`peat <Peat>`." in text
    assert ":::{admonition} Think\nAbout it.\n:::" in text
    assert "<https://youtu.be/x>" in text
    assert "Peat\n: Old plants." in book.text("04-glossary.md")


def test_a_chapter_with_another_license_says_so_and_one_without_derivatives_is_left_out(book: Result) -> None:
    assert "license: CC-BY-4.0\n" in book.text("02-one/01-peat.md")
    refused = [f for f in book.book.findings if f.code == "import-license-refused"]
    assert [f.place.path for f in refused] == ["chapter/closed"]
    assert "import-page-unlisted" in book.codes


def test_pictures_have_their_description_author_and_license(book: Result) -> None:
    assert ":alt: A worm in soil\n\nA worm." in book.text("02-one/01-peat.md")
    assert book.files.files["chapters/images/worm.png.yml"] == b"title: Worm\nauthors: Bo\nlicense: CC-BY-4.0\n"


def test_what_is_not_in_the_export_is_named_and_no_address_comes_over(book: Result, tmp_path: Path) -> None:
    messages = " ".join(finding.message for finding in book.book.findings)
    assert "H5P 3" in messages
    assert "[made_up]" in messages
    assert not any(b"secret@" in data for data in book.files.files.values())
