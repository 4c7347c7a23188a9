"""Collections and modules of OpenStax become chapters."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from tests.importers.converters.converted import Result, convert, write_zip

COLLECTION = """<col:collection xmlns:col="http://cnx.rice.edu/collxml" xmlns:md="http://cnx.rice.edu/mdml">
<metadata><md:title>Statistics</md:title><md:language>en</md:language>
<md:license url="http://creativecommons.org/licenses/by/4.0/">Attribution</md:license></metadata>
<col:content><col:module document="m1"/><col:subcollection><md:title>Data</md:title><col:content>
<col:module document="m2"/><col:module document="m3"/></col:content></col:subcollection></col:content></col:collection>"""
MODULE = """<document xmlns="http://cnx.rice.edu/cnxml" xmlns:m="http://www.w3.org/1998/Math/MathML" id="x"><title>{}</title>
<metadata xmlns:md="http://cnx.rice.edu/mdml"><md:title>T</md:title></metadata><content>{}</content>{}</document>"""
BODY = """<section id="s"><title>Words</title><para id="p">A <term>mean</term> is
<m:math><m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac></m:math>; see <link target-id="fig"/>,
<link document="m1">preface</link> and <link target-id="ex"/>.<footnote id="f">Really.</footnote>
<list id="l" list-type="enumerated" number-style="lower-alpha"><item>One</item><item>Two</item></list></para>
<figure id="fig"><media id="me" alt="A plot"><image mime-type="image/jpg" src="../../media/A plot.png"/></media>
<caption>A plot. (credit: Bo/Flickr, CC BY 2.0)</caption></figure>
<table id="t" summary=""><tgroup cols="2"><colspec colname="c1" colnum="1"/><colspec colname="c2" colnum="2"/>
<thead><row><entry namest="c1" nameend="c2">Both</entry></row></thead>
<tbody><row><entry morerows="1">A</entry><entry>B</entry></row><row><entry>C</entry></row></tbody></tgroup></table>
<note id="n" class="statistics try"><exercise id="ex"><problem id="pr"><para id="q">Why?</para></problem>
<solution id="so"><para id="a">So.</para></solution></exercise></note></section>"""
GLOSSARY = (
    """<glossary><definition id="d"><term>mean</term><meaning id="m">an average</meaning></definition></glossary>"""
)
MEMBERS: dict[str, str | bytes] = {
    "collections/statistics.collection.xml": COLLECTION,
    "modules/m1/index.cnxml": MODULE.format("Preface", "<para id='x'>Hello.</para>", ""),
    "modules/m2/index.cnxml": MODULE.format("Averages", BODY, GLOSSARY),
    "media/A plot.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 20,
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return convert(write_zip(tmp_path_factory.mktemp("cnxml") / "bundle.zip", MEMBERS))


def test_the_collection_gives_order_parts_and_license_and_missing_modules_are_named(book: Result) -> None:
    assert [(c.title, c.part) for c in book.book.chapters] == [("Preface", ""), ("Averages", "Data"), ("Glossary", "")]
    assert book.book.license == "CC-BY-4.0"
    assert "import-page-missing" in book.codes


def test_everything_is_counted_equal_in_the_source_and_in_the_chapters(book: Result) -> None:
    kinds = ("formulas", "notes", "figures", "tables", "references", "index entries", "exercises")
    assert {kind: book.book.counts.get(kind) for kind in kinds} == {kind: book.files.counts.get(kind) for kind in kinds}


def test_text_terms_references_lists_and_tables_with_spans_come_over(book: Result) -> None:
    text = book.text("02-data/01-averages.md")
    assert "A **{index}`mean`** is $\\frac{a}{b}$; see {numref}`fig`, [preface](../01-preface.md) and" in text
    assert "a. One\nb. Two" in text
    assert '<th colspan="2">' in text
    assert '<td rowspan="2">' in text
    assert "mean\n: an average" in book.text("03-glossary.md")


def test_exercises_have_their_solutions_and_pictures_their_credit(book: Result) -> None:
    text = book.text("02-data/01-averages.md")
    assert ":::{exercise}\n:label: ex-01-averages\n\nWhy?\n:::\n\n:::{solution} ex-01-averages\nSo.\n:::" in text
    records = [data for name, data in book.files.files.items() if name.endswith(".yml")]
    assert records == [b"title: A plot\nauthors: Bo/Flickr, CC BY 2.0\nlicense: CC-BY-2.0\n"]


def test_of_several_collections_one_has_to_be_named(tmp_path: Path) -> None:
    source = write_zip(tmp_path / "b.zip", {**MEMBERS, "collections/other.collection.xml": COLLECTION})
    with pytest.raises(OerbookError, match="several collections"):
        convert(source)
