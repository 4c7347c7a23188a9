"""Pages of MediaWiki become chapters, with their history."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from tests.importers.converters.converted import Result, convert

ARTICLE = """'''Pears''' are [[tree]]s.<ref name="a">{{cite book|last=Lee|first=Ada|title=Pears & us|year=2020}}</ref> More.<ref name=a />
Old.{{efn|Said {{lang|fr|Max}}.}}<ref>See [https://example.org here].</ref></ref>

== Kinds ==
* Asian
** Nashi
: <math>a_1 \\to b</math>
{| class="wikitable"
|+ Trees
! Tree !! Height
|-
| rowspan=2 | Pear || 10 m
|-
| 12 m
|}
[[File:Pear.jpg|thumb|alt=A pear|The ''pear''.]]
{{quote|Sweet {{=}} good|Bo}} {{unknown thing|kept words}} {{infobox fruit|name=x}}
; Term : Meaning
<syntaxhighlight lang="python">
x = [[1]]
</syntaxhighlight>
[[Category:Fruit]] [[de:Birne]]
"""
DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en"><siteinfo><sitename>Wikipedia</sitename>
<base>https://en.wikipedia.org/wiki/Main_Page</base></siteinfo>{}</mediawiki>"""
REVISION = """<revision><id>{}</id><timestamp>2002-08-31T0{}:00:00Z</timestamp><contributor>{}</contributor>
<comment>{}</comment><text>{}</text></revision>"""


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = tmp_path_factory.mktemp("wiki") / "Pear.wiki"
    path.write_text(ARTICLE)
    return convert(path)


def test_a_reference_to_a_work_is_a_citation_and_its_name_cites_it_again(article: Result) -> None:
    text = article.text("01-pear.md")
    assert "are trees.{cite:p}`lee2020` More.{cite:p}`lee2020` Old.[^1][^2]" in text
    assert "  author = {Lee, Ada},\n  title = {Pears \\& us}," in article.book.bibliography


def test_notes_keep_links_and_languages_and_a_stray_end_of_a_reference_does_no_harm(article: Result) -> None:
    text = article.text("01-pear.md")
    assert '[^1]: Said <span lang="fr">Max</span>.' in text
    assert "[^2]: See [here](https://example.org)." in text


def test_lists_formulas_tables_and_code_come_over(article: Result) -> None:
    text = article.text("01-pear.md")
    assert "- Asian\n\n  - Nashi\n" in text or "- Asian\n  - Nashi\n" in text
    assert "$$\na_1 \\to b\n$$" in text
    assert "```python\nx = [[1]]\n```" in text
    assert 'rowspan="2"' in text
    assert "Term\n: Meaning" in text


def test_templates_show_their_words_and_what_is_left_out_is_named(article: Result) -> None:
    text = article.text("01-pear.md")
    assert "> Sweet = good\n>\n> — Bo" in text
    assert "kept words" in text
    messages = [finding.message for finding in article.book.findings]
    assert any("{{unknown thing}}" in message for message in messages)
    assert any("{{infobox fruit}}" in message for message in messages)
    assert {"import-template", "import-picture-missing"} <= set(article.codes)
    assert "The *pear*." in text


def test_each_revision_is_a_state_with_its_author_and_no_address(tmp_path: Path) -> None:
    rows = [
        REVISION.format(3, 3, "<username>ClueBot NG</username>", "Reverting edit by 192.0.2.7", "Pears are good."),
        REVISION.format(1, 1, "<username>Ada</username>", "/* Kinds */ start", "Pears are good."),
        REVISION.format(2, 2, "<ip>192.0.2.7</ip>", "", "Pears are bad."),
    ]
    path = tmp_path / "dump.xml"
    path.write_text(DUMP.format(f"<page><title>Pear</title><ns>0</ns>{''.join(rows)}</page>"))
    chapter = convert(path).book.chapters[0]
    assert [(r.author, r.message) for r in chapter.revisions] == [
        ("Ada", "Kinds: start"),
        ("anonymous", "Edit “Pear”"),
        ("ClueBot NG [bot]", "Reverting edit by an anonymous editor"),
    ]
    assert ("Source", "https://en.wikipedia.org/w/index.php?oldid=3") in chapter.revisions[2].trailers
    assert (chapter.sources[0].license, chapter.sources[0].revision) == ("CC-BY-SA-4.0", "3 (2002-08-31)")


def test_a_book_of_wikibooks_has_the_order_and_the_parts_of_its_main_page(tmp_path: Path) -> None:
    texts = {
        "Soil": "== Basics ==\n* [[/Peat/]]\n* [[Soil/Clay|Clay]]\n== More ==\n* [[/Sand]]\n* [[/Gone]]",
        "Soil/Sand": "Sand. See [[Soil/Peat#Old|old peat]] and [[Worm]].",
        "Soil/Clay": "Clay.",
        "Soil/Peat": "== Old ==\nPeat.",
    }
    pages = [
        f"<page><title>{title}</title><ns>0</ns>{REVISION.format(n, n, '<username>A</username>', '', text)}</page>"
        for n, (title, text) in enumerate(texts.items(), start=1)
    ]
    path = tmp_path / "book.xml"
    path.write_text(DUMP.replace("en.wikipedia", "en.wikibooks").format("".join(pages)))
    result = convert(path)
    assert [(c.title, c.part) for c in result.book.chapters] == [
        ("Peat", "Basics"),
        ("Clay", "Basics"),
        ("Sand", "More"),
    ]
    assert result.book.title == "Soil"
    text = result.text("02-more/01-sand.md")
    assert "Sand. See [old peat](#old) and [Worm](https://en.wikibooks.org/wiki/Worm)." in text
    assert "import-page-missing" in result.codes


def test_a_dump_that_declares_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text('<!DOCTYPE x [<!ENTITY a "b">]>' + DUMP.format("<page><title>&a;</title></page>"))
    with pytest.raises(OerbookError, match="document type"):
        convert(path)


def test_brackets_and_lists_nested_without_end_keep_their_words(tmp_path: Path) -> None:
    path = tmp_path / "deep.wiki"
    count = 3000
    nested = f"{'{{a|' * count}inner{'}}' * count}\n{'[[' * count}\n{'*' * count} item\n"
    path.write_text(f"'''T''' [[x]] {{{{y}}}}\n== Head ==\n{nested}\nAfter.")
    text = convert(path).text("01-deep.md")
    assert "inner" in text
    assert "After." in text
