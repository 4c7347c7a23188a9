"""Books of Project Gutenberg become chapters."""

from __future__ import annotations

from pathlib import Path

from tests.importers.converters.converted import convert

TEXT = """The Project Gutenberg eBook of Peat

This eBook is for the use of anyone anywhere in the United States.

Title: Peat

Author: Ada Lee

Release Date: May 1, 2020 [eBook #12345]

Language: English

Produced by: Bo Chan

*** START OF THE PROJECT GUTENBERG EBOOK PEAT ***




CONTENTS

CHAPTER I. THE BOG
CHAPTER II. THE FIRE




CHAPTER I.

THE BOG

It was an _old_ bog--very old--and nobody in the whole
county knew how deep it was.[1] The men said nothing.

    The peat is black,
    The sky is grey,

[Footnote 1: Forty feet, as it turned out in the long dry
summer that followed.]

[Illustration: The bog at noon.]




CHAPTER II.

THE FIRE

Then came the fire, and all of the old peat burned for the
better part of a month before the autumn rain put it out.

*** END OF THE PROJECT GUTENBERG EBOOK PEAT ***

Full license text with many words.
"""
HTML = """<!DOCTYPE html><html lang="en"><head><title>Peat</title></head><body>
<section class="pg-boilerplate" id="pg-header"><h2>The Project Gutenberg eBook of Peat</h2><p>Title: Peat</p>
<p>Author: Ada Lee</p><p>*** START OF THE PROJECT GUTENBERG EBOOK PEAT ***</p></section>
<h1>Peat</h1><h2>I. The Bog</h2><p>Old <span class="pagenum" id="Page_1">[Pg 1]</span>bog.<a id="FNanchor_1"></a>
<a href="#Footnote_1" class="fnanchor">[1]</a></p>
<div class="poetry"><div class="stanza"><div class="verse">Black peat,</div><div class="verse">Grey sky.</div></div></div>
<h2>II. The Fire</h2><p>It burned.</p>
<div class="footnotes"><h3>FOOTNOTES:</h3><div class="footnote"><p><a id="Footnote_1"></a>
<a href="#FNanchor_1"><span class="label">[1]</span></a> Deep.</p></div></div>
<section class="pg-boilerplate" id="pg-footer"><p>*** END OF THE PROJECT GUTENBERG EBOOK PEAT ***</p><p>License.</p></section>
</body></html>"""


def test_plain_text_becomes_chapters_without_header_contents_and_license(tmp_path: Path) -> None:
    (tmp_path / "12345-0.txt").write_text(TEXT.replace("\n", "\r\n"))
    result = convert(tmp_path / "12345-0.txt")
    assert result.format == "gutenberg"
    assert [c.title for c in result.book.chapters] == ["THE BOG", "THE FIRE"]
    text = result.text("01-the-bog.md")
    assert "It was an *old* bog—very old—and nobody in the whole county knew how deep it was.[^1] The men" in text
    assert "[^1]: Forty feet, as it turned out" in text
    assert "| The peat is black,\n| The sky is grey," in text
    assert "The bog at noon." in text
    record = result.book.sources[0]
    assert (record.source, record.license, record.creators) == (
        "https://www.gutenberg.org/ebooks/12345",
        "CC-PDM-1.0",
        ("Ada Lee",),
    )
    assert not any(b"license text" in data for data in result.files.files.values())


def test_html_becomes_chapters_with_notes_verse_and_without_page_numbers(tmp_path: Path) -> None:
    (tmp_path / "12345-h.htm").write_text(HTML)
    result = convert(tmp_path / "12345-h.htm")
    assert result.format == "gutenberg"
    titles = [c.title for c in result.book.chapters]
    assert titles[-2:] == ["The Bog", "The Fire"]
    text = next(data for name, data in result.files.files.items() if name.endswith("the-bog.md")).decode()
    assert "Old bog. [^1]" in text.replace("\n", " ")
    assert "[^1]: Deep." in text
    assert "| Black peat,\n| Grey sky." in text
    assert "Pg 1" not in text
