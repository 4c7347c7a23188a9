"""Books of PreTeXt become chapters."""

from __future__ import annotations

import pytest

from tests.importers.converters.converted import Result, convert

MAIN = """<?xml version="1.0"?><pretext xmlns:xi="http://www.w3.org/2001/XInclude" xml:lang="en-US"><docinfo>
<macros>\\newcommand{{\\R}}{{\\mathbb{{R}}}}</macros></docinfo>
<book><title>Sets</title><frontmatter><bibinfo><author><personname>Ada Lee</personname><email>ada@lee.example</email></author>
</bibinfo><colophon><copyright><year>2020</year><holder>Ada Lee</holder><minilicense>CC BY-SA 4.0</minilicense></copyright>
</colophon><preface><p>Hello.</p></preface></frontmatter>{}</book></pretext>"""
CHAPTER = r"""<chapter xml:id="ch"><title>Basics</title><introduction><p>Start.</p></introduction><section xml:id="s"><title>Sets</title>
<p>Let <m>x \lt y</m>.<fn>As usual.</fn><idx><h>set</h><h>empty</h></idx> <term>Sets</term>: <md><mrow>a \amp = b</mrow>
<mrow>\amp = c</mrow></md>. See <xref ref="th"/> and <xref ref="ch2"/>.<ol marker="(a)"><li><p>One</p></li></ol></p>
<theorem xml:id="th"><title>Big</title><statement><p>True.</p></statement><proof><p>Clear.</p></proof></theorem>
<exercise><statement><p>Why?</p></statement><hint><p>Think.</p></hint><answer><p>So.</p></answer></exercise>
<figure xml:id="f"><caption>Plot</caption><image xml:id="im"><description>A line</description>
<latex-image>\begin{tikzpicture}\end{tikzpicture}</latex-image></image></figure>
<table><title>T</title><tabular><row header="yes"><cell>A</cell></row><row><cell>B</cell></row></tabular></table>
<program language="python"><input>x = 1</input></program></section></chapter>"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("pretext")
    (folder / "secret.xml").write_text("<chapter><title>Secret</title></chapter>")
    source = folder / "source"
    source.mkdir()
    includes = "".join(f'<xi:include href="{name}"/>' for name in ("ch.ptx", "two.ptx", "../secret.xml", "gone.ptx"))
    (source / "main.ptx").write_text(MAIN.format(includes))
    (source / "ch.ptx").write_text(CHAPTER)
    (source / "two.ptx").write_text('<chapter xml:id="ch2"><title>Maps</title><p>Text.</p></chapter>')
    return convert(source)


def test_files_are_put_together_and_none_outside_the_source_is_read(book: Result) -> None:
    assert [c.title for c in book.book.chapters] == ["Preface", "Basics", "Maps"]
    assert book.codes.count("import-page-missing") == 2


def test_facts_and_macros_come_over_and_no_address(book: Result) -> None:
    assert (book.book.license, book.book.front["authors"]) == ("CC-BY-SA-4.0", ["Ada Lee"])
    assert book.book.front["math"] == {"R": r"\mathbb{R}"}
    assert not any(b"ada@" in data for data in book.files.files.values())


def test_formulas_notes_index_and_references_are_read(book: Result) -> None:
    text = book.text("02-basics.md")
    assert "Let $x < y$.[^1]" in text
    assert "a & = b \\\\\n& = c" in text
    assert "\\end{aligned}.\n" in text
    assert "{prf:ref}`th`" in text
    assert "set; empty" in text
    assert "a. One" in text


def test_theorems_exercises_tables_and_code_are_directives(book: Result) -> None:
    text = book.text("02-basics.md")
    assert ":::{prf:theorem} Big\n:label: th\n\nTrue.\n:::\n\n:::{prf:proof}\nClear.\n:::" in text
    assert ":::{dropdown} Hint\nThink.\n:::\n\n:::{solution} " in text
    assert "| A |\n| --- |\n| B |" in text
    assert "```python\nx = 1\n```" in text


def test_a_drawing_without_a_picture_is_shown_as_its_source_and_named(book: Result) -> None:
    assert "```latex\n\\begin{tikzpicture}" in book.text("02-basics.md")
    assert any("latex-image" in finding.message for finding in book.book.findings)
