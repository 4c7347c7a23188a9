"""Formulas are described in English as a teacher would read them aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from oerbook.formulas.convert import convert_formulas
from oerbook.formulas.writers.spoken import describe_tree, has_words_for
from oerbook.tools import pandoc

EXPECTED = {
    r"x_{t+1} = a x_t + b": "x sub t plus 1 end sub equals a x sub t plus b",
    r"\int_0^1 x^2\,dx": "the integral from 0 to 1 of x squared d x",
    r"\sum_{i=1}^n x_i^2": "the sum from i equals 1 to n of x sub i squared",
    r"\begin{bmatrix}1&2\\3&4\end{bmatrix}": "open bracket 2 by 2 matrix: row 1: 1, 2; row 2: 3, 4; close bracket",
    r"A^{-1} b": "capital A inverse b",
    r"x_j' = \lambda_{ij}": "x sub j prime equals lambda sub i j",
    r"\frac{\partial f}{\partial x}": "partial f over partial x",
    r"\sqrt[3]{x}": "the cube root of x",
    r"\lim_{n\to\infty} a_n": "the limit as n to infinity of a sub n",
    r"\hat{\beta}": "beta hat",
}


@pytest.fixture(scope="module")
def descriptions() -> dict[str, str]:
    source = "\n\n".join(f"${tex}$" for tex in EXPECTED).encode()
    page = pandoc.run_pandoc(["-f", "latex", "-t", "html", "--mathml"], source).output.decode()
    formulas = [piece.partition("</math>")[0] for piece in page.split("<math")[1:]]
    return dict(
        zip(EXPECTED, [describe_tree(etree.fromstring(f"<math{formula}</math>")) for formula in formulas], strict=True)
    )


@pytest.mark.parametrize("tex", EXPECTED)
def test_formulas_are_described_in_english(tex: str, descriptions: dict[str, str]) -> None:
    assert descriptions[tex] == EXPECTED[tex]


def test_nested_roots_are_each_read_once() -> None:
    nested = "<mroot><mi>x</mi>" * 30 + "<mn>3</mn>" + "</mroot>" * 30
    assert describe_tree(etree.fromstring(f"<math>{nested}</math>")).count("root of x") == 30


def test_a_formula_is_described_in_the_language_of_the_book() -> None:
    root = etree.fromstring("<math><msup><mi>Γ</mi><mn>2</mn></msup><mo>≤</mo><msqrt><mi>x</mi></msqrt></math>")
    assert describe_tree(root, "de-AT") == "groß Gamma zum Quadrat ist höchstens die Quadratwurzel aus x"
    assert describe_tree(root, "fr") == "gamma majuscule au carré est inférieur ou égal à la racine carrée de x"


def test_a_book_in_a_language_without_words_for_formulas_gets_their_tex(tmp_path: Path) -> None:
    assert has_words_for("nl") and has_words_for("en-GB") and not has_words_for("ar")
    assert convert_formulas([(r"x \le 2", False)], {}, tmp_path, "ar")[r"x \le 2", False].alt == r"x \le 2"
