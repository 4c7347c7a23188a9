"""Web pages and exports of Google Docs become chapters."""

from __future__ import annotations

from pathlib import Path

from tests.importers.converters.converted import convert, write_zip

GOOGLE = """<html><head><style>@import url('https://themes.googleusercontent.com/x');.c1{font-weight:700}</style></head>
<body class="doc-content"><p class="title"><span>Soil</span></p><h1 id="h.a"><span>One</span></h1>
<p><span class="c1">Bold</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup>
<a href="https://www.google.com/url?q=https://example.org/x&amp;sa=D">link</a></p>
<ul class="lst-kix_a-0 start"><li>A</li></ul><ul class="lst-kix_a-1 start"><li>B</li></ul><ul class="lst-kix_a-0"><li>C</li></ul>
<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> The note.</span></p></div>
<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Check this</span></p></div></body></html>"""
PAGE = """<!doctype html><html lang="de"><head><title>Böden</title><meta name="author" content="Ada Lee">
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head><body>
<nav>Start Inhalt Suche Impressum</nav><main><h1>Böden</h1><p>Formel \\(a < b\\) und {}</p>
<table><tr><th rowspan="2">A<th>B<tr><td>C</table><pre class="language-python">x = 1</pre>
<iframe src="https://video.example/1" title="Ein Film"></iframe><details><summary>Mehr</summary><p>Innen</p></details>
<script>alert(1)</script><p><img src="{}" alt="Bild"></p></main></body></html>"""


def test_an_export_of_google_docs_keeps_notes_lists_and_links_and_reports_comments(tmp_path: Path) -> None:
    result = convert(write_zip(tmp_path / "soil.zip", {"Soil.html": GOOGLE}))
    assert result.book.title == "Soil"
    text = result.text("01-soil.md")
    assert "**Bold**[^1] [link](https://example.org/x)" in text
    assert "[^1]: The note." in text.replace("\xa0", " ")
    assert "- A\n\n  - B\n- C" in text or "- A\n  - B\n- C" in text
    assert "Check this" not in text
    assert result.codes == ["import-comment"]


def test_a_web_page_keeps_what_a_book_can_show_and_names_the_rest(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    source.write_text(PAGE.format('<a href="javascript:alert(1)">klick</a>', "fehlt.png"))
    result = convert(source)
    assert (result.book.license, result.book.language, result.book.front["authors"]) == ("CC-BY-4.0", "de", ["Ada Lee"])
    text = result.text("01-böden.md")
    assert "Formel $a < b$ und klick" in text
    assert "```python\nx = 1\n```" in text
    assert "[Embedded: Ein Film](https://video.example/1)" in text
    assert ":::{dropdown} Mehr\nInnen\n:::" in text
    assert "alert" not in text
    assert {"import-markup", "import-picture-missing", "import-reference"} <= set(result.codes)


def test_the_title_block_of_pandoc_is_no_chapter(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    head = "<html><head><title>Soil</title></head><body>"
    block = '<header id="title-block-header"><h1 class="title">Soil</h1><p class="author">Ada Lee</p></header>'
    source.write_text(f"{head}{block}<h1>Soil</h1><p>Worms dig.</p></body></html>")
    result = convert(source)
    assert [chapter.title for chapter in result.book.chapters] == ["Soil"]
    assert result.codes == []


def test_pages_of_a_folder_are_chapters_in_the_order_of_the_first_page(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text(
        '<html><h1>Home</h1><p><a href="z.html">Z</a> <a href="a.html#x">A</a></p>'
    )
    (tmp_path / "site/a.html").write_text('<html><h1>Ants</h1><p>See <a href="z.html">zebras</a>.</p><h2 id="x">X</h2>')
    (tmp_path / "site/z.html").write_text("<html><h1>Zebras</h1><p>Text</p>")
    result = convert(tmp_path / "site")
    assert [chapter.title for chapter in result.book.chapters] == ["Home", "Zebras", "Ants"]
    assert "[Z](02-zebras.md) [A](#x)" in result.text("01-home.md")


def test_nothing_outside_the_folder_of_a_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\nsecret")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link.png").symlink_to(tmp_path / "secret.png")
    for url in ("../secret.png", "link.png", f"file://{tmp_path}/secret.png", f"{tmp_path}/secret.png"):
        (tmp_path / "in/page.html").write_text(PAGE.format("", url))
        assert convert(tmp_path / "in/page.html").book.pictures == ()


def test_words_of_the_source_are_counted_and_none_is_lost(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    source.write_text(PAGE.format("ein <b>fettes</b> Wort", "fehlt.png"))
    result = convert(source)
    assert result.book.words["fettes"] == 1
    assert "import-lost" not in result.codes


def test_elements_nested_without_end_keep_their_words(tmp_path: Path) -> None:
    source = tmp_path / "deep.html"
    source.write_text(f"<html><body><h1>T</h1>{'<div>' * 3000}deepword{'</div>' * 3000}<p>after</p></body></html>")
    text = convert(source).text("01-t.md")
    assert "deepword" in text
    assert "after" in text
