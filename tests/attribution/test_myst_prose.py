"""What counts as prose."""

from __future__ import annotations

import random

import pytest

from oerbook.attribution.inline_markup import split_blanked_words
from oerbook.attribution.myst_prose import START_STATE, blank_markup, iter_prose_words, split_blocks
from oerbook.attribution.revisions import notebook_markdown
from oerbook.attribution.tokenizer import PageTokenizer
from oerbook.attribution.word_codes import Vocabulary


def said(text: str) -> str:
    return " ".join(word.text for word in iter_prose_words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Soil *and* water", "Soil and water"),
        ("---\ntitle: No\n\nlicense: x\n---\n\nYes", "Yes"),
        ('See [the map](maps/a-b.md "title") and <https://example.org/x>.', "See the map and"),
        ("![A drop of water](drop.png)", "A drop of water"),
        ("```python\nx = 1\n```\nafter", "after"),
        ("```{note} Mind this\n:class: tip\nthe soil\n```", "Mind this the soil"),
        ("```{figure} drop.png\n:alt: A drop\n:width: 3cm\nA caption\n```", "A drop A caption"),
        ("```{figure} a.png\n---\nalt: A drop\nname: x\n---\nA caption\n```", "A drop A caption"),
        ("```{iframe} https://a.org/x\n:title: The pH scale\n:width: 800\nTry it\n```", "The pH scale Try it"),
        ("```{audio} a.mp3\n:transcript: Rain falls\n```\n```{video} a.mp4\n:transcript: a.vtt\n```", "Rain falls"),
        (":::{admonition} One\n\ntwo\n\n```{code-cell}\nthree\n\nfour\n```\nfive\n:::\nsix", "One two five six"),
        ("before $a + b$ after", "before after"),
        ("before\n\n$$\na + b\n\nc\n$$\n\nafter", "before after"),
        ("it costs $5 or $6 today", "it costs 5 or 6 today"),
        ("{ref}`label` {term}`humus` {doc}`the map <map>` {math}`x^2`", "humus the map"),
        ("a<!-- no\n\nno -->b", "a b"),
        ("% a remark\ntext\n\n(target)=\n## Head", "text Head"),
        ("half**way**s re-use don\u2019t snake_case", "halfways re use don\u2019t snake_case"),
        ("A claim [^1] by {cite:p}`lee2020` and [@bo2021].\n\n[^1]: The note.", "A claim by and The note"),
        ("1. one\n2. two", "one two"),
        ('<img src="x.png" alt="a leaf"> <b>bold</b> &nbsp; end', "a leaf bold end"),
        ("土は生きている。", "土 は 生 き て い る"),
        ("\\begin{align}\na\n\\end{align}\n\ntext", "text"),
        ("| a | b |\n|---|---|\n| c | d |", "a b c d"),
    ],
)
def test_only_text_that_readers_see_counts_as_words(text: str, expected: str) -> None:
    assert said(text) == expected


def test_words_have_their_line_and_column() -> None:
    text = "---\ntitle: T\n---\n\n# Soil\n\nIt is\n**alive** {term}`humus`.\n"
    lines = text.split("\n")
    found = list(iter_prose_words(text))
    assert [(w.text, w.line) for w in found] == [("Soil", 5), ("It", 7), ("is", 7), ("alive", 8), ("humus", 8)]
    assert all(lines[w.line - 1][w.column :].startswith(w.text) for w in found)


def test_blanking_markup_keeps_every_position() -> None:
    text = "a `b` {role}`c` <i>d</i> [e](f) $g$\n```{note} h\n:i: j\nk\n```\nl"
    state = START_STATE
    for block in split_blocks(text):
        projected, state = blank_markup(block, state)
        assert len(projected) == len(block)
        for row, source in zip(projected.split("\n"), block.split("\n"), strict=True):
            assert all(sign in (" ", "\0", other) for sign, other in zip(row, source, strict=True))


def test_the_words_of_a_notebook_are_those_of_its_markdown_cells() -> None:
    assert (
        notebook_markdown('{"cells": [{"cell_type": "markdown", "source": ["a ", "b"]}, {"cell_type": "code"}]}')
        == "a b"
    )
    assert notebook_markdown("[" * 100_000) == "" == notebook_markdown("no")


def test_combining_marks_belong_to_their_letters() -> None:
    assert split_blanked_words("nai\u0308ve हिन्दी") == ["nai\u0308ve", "हिन्दी"]


def test_a_page_has_the_same_words_whichever_revision_was_read_before() -> None:
    dice, vocabulary = random.Random(1), Vocabulary()
    bits = [
        "a",
        "b c.",
        "\n",
        "\n\n",
        "\n\n\n",
        "```",
        "```{note} x",
        "---",
        "$$",
        "<!--",
        "-->",
        ":::",
        "*y* it's",
        " ",
    ]
    for _ in range(2000):
        page, reader = dice.choices(bits, k=dice.randint(0, 14)), PageTokenizer(vocabulary)
        for _ in range(3):
            text = "".join(page)
            assert reader.tokenize(text, "page", "page") == PageTokenizer(vocabulary).tokenize(text)
            at = dice.randint(0, len(page))
            del page[at : at + 2]
            page.insert(dice.randint(0, len(page)), dice.choice(bits))


def test_the_tokenizer_yields_one_code_for_each_word() -> None:
    for text in (
        "it's 'quoted' _a_ b_c __ 'd",
        "\u201cl\u2019eau\u201d 'd' _e_ \u6f22\u5b57",
        "a*b*c **d**e",
        "'' _ ' * x",
    ):
        passages = PageTokenizer(Vocabulary()).tokenize(text)
        assert len("".join(passages)) == len(list(iter_prose_words(text))) > 0
