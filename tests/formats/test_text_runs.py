"""Words and spaces are passed to pandoc as one text, which is faster; every writer makes the same of it."""

from __future__ import annotations

import json

import pytest

from oerbook.manuscript import pandoc_ast
from oerbook.tools import pandoc

TEXT = 'Worms "eat" \\leaves\\ and\\n soil — 3 < 4 & a*b_c; Böden, 土壤 ‮x‬ #1 [x] $5 ~ `code` \\" \\\\ end.'


def paragraphs() -> list[object]:
    words = pandoc_ast.text_inlines(TEXT)
    breaks = [{"t": "Str", "c": "one"}, {"t": "SoftBreak"}, {"t": "Str", "c": "two"}, {"t": "LineBreak"}]
    spaces = [{"t": "Space"}, {"t": "Str", "c": "a"}, {"t": "Space"}, {"t": "Space"}, {"t": "Str", "c": "b"}]
    styled = pandoc_ast.inline("Emph", words)
    code = {"t": "CodeBlock", "c": [["", [], []], '"},{"t":"Space"},{"t":"Str","c":"']}
    return [
        pandoc_ast.para([*words, {"t": "Space"}, styled, {"t": "Space"}, *words]),
        pandoc_ast.para([*breaks, *spaces, {"t": "LineBreak"}, {"t": "Space"}, {"t": "Str", "c": "after a break"}]),
        pandoc_ast.para([{"t": "Str", "c": '"},{"t":"Space"},{"t":"Str","c":"'}, *spaces]),
        code,
        {"t": "BulletList", "c": [[{"t": "Plain", "c": pandoc_ast.text_inlines(f"{box} a task")}] for box in "☐☒"]},
    ]


@pytest.mark.parametrize(
    "writer", [("html5", "--mathml"), ("typst", "--wrap=none"), ("opendocument", "--wrap=none")], ids=lambda w: w[0]
)
def test_one_text_is_written_like_its_words(writer: tuple[str, str]) -> None:
    blocks = paragraphs()
    apart, joined = pandoc.encode_document(blocks), pandoc.encode_long_document(blocks)
    assert len(joined) < len(apart) * 0.8
    arguments = ["-f", "json", "-t", *writer]
    assert pandoc.run_pandoc(arguments, joined).output == pandoc.run_pandoc(arguments, apart).output


def test_only_texts_and_spaces_are_joined() -> None:
    blocks = json.loads(pandoc.encode_long_document(paragraphs()))["blocks"]
    assert [inline["t"] for inline in blocks[1]["c"]] == [
        "Str",
        "LineBreak",
        "Space",
        "Str",
        "LineBreak",
        "Space",
        "Str",
    ]
    assert blocks[3] == paragraphs()[3]
