"""Text in the PDF: every word of the tree is printed, whatever stands beside it."""

from __future__ import annotations

import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from oerbook.formats.pdf.markup import runs_to_typst
from oerbook.manuscript import pandoc_ast
from oerbook.tools.typst_process import TypstProcess
from tests.conftest import need

PREAMBLE = """\
#set page(width: 200cm, height: 500cm)
#set document(title: "Text")
#set par(justify: false)
#let oer-math(alt, body) = { set math.equation(alt: alt); body }
#let oer-image(name, alt: "") = box(name)
"""
# What follows a call and would go on with it, and what Typst reads as markup of its own.
TAILS = (".body", ".The", ".func()", "(x)", "[x]", ";", ".len()", ":x", "::", "=", "+ x", "*", "_", "`", "$", "#x", "<a>",
         "@x", "//", "/*", "*/", "http://a.b", "---", "-?", "...", "'s", '"', "\\", "\\\\u{41}", "~", "]", ")", "{", "}",
         "#[", "1.", "-", "/", "!=", "e.g.:", "\u00a0x", "“x”", "ünter", "x_1", "a--b")  # fmt: skip
LETTERS = "abZ09é .,;:!?-_*`$#<>@/\\'\"~()[]{}=+&%^|"
texts = st.sampled_from(TAILS) | st.text(LETTERS, min_size=1, max_size=6)
space = st.just({"t": "Space"}) | st.just({"t": "SoftBreak"}) | st.just({"t": "LineBreak"})
words = texts.map(lambda text: pandoc_ast.text_inlines(text) or [{"t": "Space"}])
calls = st.sampled_from(
    [
        pandoc_ast.raw_inline("typst", '#oer-math("x")[$x$]'),
        pandoc_ast.raw_inline("typst", '#oer-image("pic")'),
        pandoc_ast.raw_inline("typst", "#[#metadata(none)<a--b>]"),
    ]
)
simple = st.one_of(
    space.map(lambda item: [item]), words, texts.map(lambda text: [pandoc_ast.code(text)]), calls.map(lambda c: [c])
)


class TypstPanicError(Exception):
    """Typst 0.15 panics at rare nestings of links; in a book, that costs one block, which a finding names."""


def _flattened(runs: list[list[pandoc_ast.Inline]]) -> list[pandoc_ast.Inline]:
    return [item for run in runs for item in run]


flat = st.lists(simple, min_size=1, max_size=4).map(_flattened)
STYLES = ("Emph", "Strong", "Strikeout", "Superscript", "Subscript", "Underline", "SmallCaps")


def _styled(children: st.SearchStrategy[list[pandoc_ast.Inline]]) -> st.SearchStrategy[list[pandoc_ast.Inline]]:
    content = st.lists(children, min_size=1, max_size=4).map(_flattened)
    styled = st.tuples(st.sampled_from(STYLES), content).map(lambda pair: [pandoc_ast.inline(*pair)])
    link = flat.map(lambda inlines: [pandoc_ast.link(inlines, "https://example.org/(a)")])  # links have none inside
    return styled | link | content.map(lambda inlines: [pandoc_ast.span(inlines, "", ["mark"])])


inlines = st.lists(st.recursive(simple, _styled, max_leaves=6), min_size=1, max_size=8).map(_flattened)


def _expected(node: object) -> str:
    """Return the characters that a tree prints, without its spaces."""
    if isinstance(node, list):
        return "".join(map(_expected, node))
    assert isinstance(node, dict)
    kind, content = node["t"], node.get("c")
    if kind == "Str":
        return str(content)
    if kind == "Code":
        return str(content[1])
    if kind == "RawInline":
        return "x" if "math" in content[1] else "pic" if "image" in content[1] else ""
    parts = [] if content is None else content if isinstance(content, list) else [content]
    return "".join(
        _expected(part) for part in parts if isinstance(part, list) and part and isinstance(part[0], dict)
    ) or (_expected(content) if kind in STYLES else "")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _printed(paragraphs: list[list[pandoc_ast.Inline]]) -> str:
    """Return the text of the PDF of paragraphs, read by pdftotext."""
    for number, paragraph in enumerate(paragraphs):  # a label may stand once in a book
        paragraph[:] = [i for i in paragraph if number == 0 or "metadata" not in str(i)] or [{"t": "Space"}]
    blocks = [pandoc_ast.para([*p, {"t": "Space"}, {"t": "Str", "c": f"¶{n}¶"}]) for n, p in enumerate(paragraphs)]
    markup = runs_to_typst([blocks])[0]
    with tempfile.TemporaryDirectory() as folder:
        main, out = Path(folder) / "main.typ", Path(folder) / "out.pdf"
        main.write_text(PREAMBLE + markup, encoding="utf-8")
        failure = TypstProcess(main, Path(folder)).write_pdf(out, 0, ())
        if failure and "internal error" in failure.message:
            raise TypstPanicError
        assert failure is None, markup
        return subprocess.run(["pdftotext", "-raw", out, "-"], capture_output=True, check=True).stdout.decode()


def _assert_printed(paragraphs: list[list[pandoc_ast.Inline]]) -> None:
    texts = re.split(r"¶\d+¶", _printed(paragraphs))
    for paragraph, text in zip(paragraphs, texts, strict=False):
        assert sorted(_squeezed(text)) == sorted(_squeezed(_expected(paragraph))), paragraph


@pytest.mark.parametrize("tail", TAILS)
def test_text_after_an_inline_element_is_printed_as_it_is(tail: str) -> None:
    need("pdftotext")
    word = [{"t": "Str", "c": "w"}]
    before = [pandoc_ast.inline("Emph", word), pandoc_ast.code("w"), pandoc_ast.link(word, "https://example.org"),
              pandoc_ast.span([pandoc_ast.inline("Strong", word)]), pandoc_ast.raw_inline("typst", '#oer-math("x")[$x$]')]  # fmt: skip
    _assert_printed([[element, *pandoc_ast.text_inlines(tail), element] for element in before])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(inlines, min_size=10, max_size=10))
def test_random_inline_elements_lose_no_character(paragraphs: list[list[pandoc_ast.Inline]]) -> None:
    need("pdftotext")
    try:
        _assert_printed(paragraphs)
    except TypstPanicError:
        reject()
