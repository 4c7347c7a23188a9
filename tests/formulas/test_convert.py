"""Formulas of real books are converted to every format; errors are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.formulas.convert import convert_formulas
from oerbook.formulas.tex_adapt import adapt_for_pandoc
from oerbook.formulas.tex_macros import TexError, expand_macros

SYMBOLS = [
    r"\alpha",
    r"\beta",
    r"\gamma",
    r"\delta",
    r"\epsilon",
    r"\varepsilon",
    r"\zeta",
    r"\eta",
    r"\theta",
    r"\vartheta",
    r"\iota",
    r"\kappa",
    r"\lambda",
    r"\mu",
    r"\nu",
    r"\xi",
    r"\pi",
    r"\varpi",
    r"\rho",
    r"\varrho",
    r"\sigma",
    r"\varsigma",
    r"\tau",
    r"\upsilon",
    r"\phi",
    r"\varphi",
    r"\chi",
    r"\psi",
    r"\omega",
    r"\Gamma",
    r"\Delta",
    r"\Theta",
    r"\Lambda",
    r"\Xi",
    r"\Pi",
    r"\Sigma",
    r"\Upsilon",
    r"\Phi",
    r"\Psi",
    r"\Omega",
    r"\pm",
    r"\mp",
    r"\times",
    r"\div",
    r"\ast",
    r"\star",
    r"\circ",
    r"\bullet",
    r"\cdot",
    r"\cap",
    r"\cup",
    r"\uplus",
    r"\sqcap",
    r"\sqcup",
    r"\vee",
    r"\wedge",
    r"\setminus",
    r"\wr",
    r"\oplus",
    r"\ominus",
    r"\otimes",
    r"\oslash",
    r"\odot",
    r"\dagger",
    r"\ddagger",
    r"\amalg",
    r"\leq",
    r"\geq",
    r"\equiv",
    r"\models",
    r"\prec",
    r"\succ",
    r"\sim",
    r"\perp",
    r"\preceq",
    r"\succeq",
    r"\simeq",
    r"\mid",
    r"\ll",
    r"\gg",
    r"\asymp",
    r"\parallel",
    r"\subset",
    r"\supset",
    r"\approx",
    r"\subseteq",
    r"\supseteq",
    r"\cong",
    r"\neq",
    r"\doteq",
    r"\ni",
    r"\notin",
    r"\propto",
    r"\in",
    r"\vdash",
    r"\dashv",
    r"\leftarrow",
    r"\Leftarrow",
    r"\rightarrow",
    r"\Rightarrow",
    r"\leftrightarrow",
    r"\Leftrightarrow",
    r"\mapsto",
    r"\hookleftarrow",
    r"\hookrightarrow",
    r"\uparrow",
    r"\downarrow",
    r"\updownarrow",
    r"\nearrow",
    r"\searrow",
    r"\swarrow",
    r"\nwarrow",
    r"\longrightarrow",
    r"\Longrightarrow",
    r"\longleftarrow",
    r"\iff",
    r"\implies",
    r"\aleph",
    r"\hbar",
    r"\ell",
    r"\wp",
    r"\Re",
    r"\Im",
    r"\prime",
    r"\emptyset",
    r"\nabla",
    r"\surd",
    r"\top",
    r"\bot",
    r"\angle",
    r"\forall",
    r"\exists",
    r"\neg",
    r"\flat",
    r"\natural",
    r"\sharp",
    r"\partial",
    r"\infty",
    r"\Box",
    r"\Diamond",
    r"\triangle",
    r"\clubsuit",
    r"\diamondsuit",
    r"\heartsuit",
    r"\spadesuit",
    r"\sum",
    r"\prod",
    r"\coprod",
    r"\int",
    r"\oint",
    r"\bigcap",
    r"\bigcup",
    r"\bigsqcup",
    r"\bigvee",
    r"\bigwedge",
    r"\bigodot",
    r"\bigotimes",
    r"\bigoplus",
    r"\biguplus",
    r"\iint",
    r"\iiint",
    r"\ldots",
    r"\cdots",
    r"\vdots",
    r"\ddots",
    r"\dots",
    r"\langle",
    r"\rangle",
    r"\lfloor",
    r"\rfloor",
    r"\lceil",
    r"\rceil",
    r"\varnothing",
    r"\therefore",
    r"\because",
    r"\lesssim",
    r"\gtrsim",
    r"\subsetneq",
    r"\supsetneq",
    r"\triangleq",
    r"\square",
    r"\blacksquare",
    r"\checkmark",
    r"\complement",
    r"\mho",
    r"\eth",
    r"\beth",
    r"\gimel",
    r"\sin",
    r"\cos",
    r"\tan",
    r"\log",
    r"\ln",
    r"\exp",
    r"\min",
    r"\max",
    r"\sup",
    r"\inf",
    r"\lim",
    r"\limsup",
    r"\liminf",
    r"\det",
    r"\dim",
    r"\ker",
    r"\gcd",
    r"\deg",
    r"\arg",
    r"\Pr",
    r"\quad",
    r"\qquad",
]
FORMULAS = [
    r"\hat{x} + \bar{y} + \tilde z + \vec v + \dot a + \ddot b + \overline{ab} + \underline{c} + \widehat{abc}",
    r"\frac{a}{b} + \dfrac12 + \tfrac12 + \cfrac{1}{1+x} + \binom nk + \dbinom nk",
    r"\sqrt{2} + \sqrt[3]{x}",
    r"\left| x \right| + |y| + \lVert v \rVert + \|w\|",
    r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{bmatrix} a \\ b \end{bmatrix} \begin{vmatrix} a & b \\ c & d \end{vmatrix}",
    r"\begin{align*} a &= b \\ c &= d \end{align*}",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}",
    r"\begin{eqnarray} a &=& b \end{eqnarray}",
    r"\begin{gather} a = b \\ c = d \end{gather}",
    r"\begin{array}{lr} a & b \\ c & d \end{array}",
    r"\begin{smallmatrix} a & b \\ c & d \end{smallmatrix}",
    r"\mathbb{R} \mathcal{L} \mathbf{x} \mathrm{d}x \mathfrak{g} \mathsf{T} \mathit{ab} \boldsymbol{\beta} \bm{\mu}",
    r"\operatorname*{arg\,max}_x f(x) + \operatorname{Var}(X)",
    r"\underbrace{a+b}_{n} + \overbrace{c}^{m} + \overset{d}{\to} + \underset{x}{\min} + \stackrel{d}{=}",
    r"\sum_{\substack{i=1 \\ i \ne j}}^n x_i + \prod\limits_{k} k + \int_0^1 f",
    r"\xrightarrow{p} + \xleftarrow{q}",
    r"a \\ b",
    r"g_{\rm max} + {\bf R}^2 + {\cal L}",
    r"\def\a{1} \newcommand{\b}[1]{(#1)} \a + \b{2}",
    r"x \tag{3} \label{eq:x} \nonumber",
    r"\DeclareMathOperator{\Var}{Var} \let\eps=\varepsilon \Var(\eps)",
    r"{a + 1 \over b} + {x \over {y \over z}}",
    r"m \not\mid n, \not\!\perp, \operatornamewithlimits{argmax}_x, \varlimsup_n x_n",
    r"\begin{Vmatrix} a & b \\ c & d \end{Vmatrix} \begin{bmatrix*}[r] a & -b \end{bmatrix*}",
    r"\text{a \textbf{b} c \emph{d}} \text{\bf e}",
    r"a \hspace{1cm} b \hspace{-1em} c \kern-3pt d \mspace{5mu} e \thinspace f \negthinspace g",
    r"20\degree, \S 4, \LaTeX, \large x, \mathrlap{x} \vphantom{y} \smash{z} \bbox[yellow]{x} \require{ams} \class{a}{b}",
    r"\color{red} x + \textcolor{blue}{y} + \boxed{z} + \mbox{if } w",
    r"\not= \, \neq \! \; \: \ \big( x \Big) \bigl[ y \bigr]",
    r"f'' + x^{2^{3}} + {}_a^b X",
    r"\phantom{x} y \hspace{1em} z \kern 2pt w",
]


def test_common_symbols_are_converted_to_all_formats(tmp_path: Path) -> None:
    formulas = convert_formulas([(symbol, False) for symbol in SYMBOLS], {}, tmp_path)
    spaces = {r"\quad", r"\qquad"}
    assert {f.tex: f.problem for f in formulas.values() if f.problem and f.tex not in spaces} == {}
    assert all(f.mathml and f.typst for f in formulas.values() if f.tex not in spaces)


def test_narrow_spaces_have_the_right_width_in_typst(tmp_path: Path) -> None:
    formulas = convert_formulas([(tex, False) for tex in (r"a\!b", r"a\;b", r"a \hspace{3cm} b")], {}, tmp_path)
    assert [f.typst for f in formulas.values()] == ["a#h(-0.1667em);b", "a#h(0.2778em);b", "a#h(8.535em);b"]


def test_formulas_of_real_books_are_converted(tmp_path: Path) -> None:
    formulas = convert_formulas([(tex, True) for tex in FORMULAS], {}, tmp_path)
    assert {f.tex: f.problem for f in formulas.values() if f.problem} == {}


@pytest.mark.parametrize("tex", [r"\frac{a", r"\nosuchcommand{x}", r"\href{x}{y}", r"\begin{foo}x\end{foo}", ""])
def test_formulas_that_cannot_be_converted_have_a_problem_and_keep_their_tex(tmp_path: Path, tex: str) -> None:
    formula = convert_formulas([(tex, True)], {}, tmp_path)[(tex, True)]
    assert formula.problem
    assert not formula.mathml
    assert formula.tex == tex


def test_macros_take_arguments(tmp_path: Path) -> None:
    assert expand_macros(r"\E{x} + \RR", {"\\E": r"\mathbb{E}[#1]"}) == r"\mathbb{E}[x] + \mathbb{R}"


@pytest.mark.parametrize("count", ["a", "99999999", ""])
def test_the_number_of_macro_arguments_must_be_a_digit(count: str) -> None:
    with pytest.raises(TexError, match="from 0 to 9"):
        expand_macros(rf"\newcommand{{\f}}[{count}]{{b}} \f x", {})


def test_a_recursive_macro_is_an_error() -> None:
    with pytest.raises(TexError):
        expand_macros(r"\a", {"\\a": r"\a\a"})


def test_rows_without_an_environment_are_wrapped_in_one() -> None:
    assert adapt_for_pandoc(r"a \\ b", True).startswith(r"\begin{aligned}")
    assert adapt_for_pandoc(r"a \\ b", False) == r"a \\ b"


def test_a_damaged_cache_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "formulas.sqlite").write_bytes(b"not a database")
    assert convert_formulas([("x", False)], {}, tmp_path)[("x", False)].mathml


def test_formulas_have_an_english_text_alternative(tmp_path: Path) -> None:
    formulas = convert_formulas([(r"\frac{a}{b}", False), (r"x^2 \le \sqrt{y}", False)], {}, tmp_path)
    assert [f.alt for f in formulas.values()] == ["a over b", "x squared is at most the square root of y"]


def test_nested_scripts_and_fractions_take_no_more_time_than_their_size(tmp_path: Path) -> None:
    """Work that doubles at every level would keep a build busy for years."""
    scripts = r"\prescript{" * 40 + "x" + "}{a}{y}" * 40
    tower, fractions = "x^{" * 40 + "y" + "}" * 40, r"\frac{1}{1+" * 40 + "x" + "}" * 40
    keys = [(tex, True) for tex in (scripts, tower, fractions)]
    assert [formula.problem for formula in convert_formulas(keys, {}, tmp_path).values()] == ["", "", ""]


@pytest.mark.parametrize("sign", ["\x0b", "\x01", "\ufffe", "\u2028"])
def test_an_impossible_character_affects_only_its_own_formula(tmp_path: Path, sign: str) -> None:
    odd, good = convert_formulas([(rf"\text{{a{sign}b}}", True), ("x+1", True)], {}, tmp_path).values()
    assert odd.problem or odd.mathml
    assert good.typst and not good.problem


@pytest.mark.parametrize(
    "opening, closing", [("x^{", "}"), (r"\sqrt{", "}"), (r"\frac{1}{", "}"), (r"\left(", r"\right)")]
)
def test_a_formula_that_is_nested_too_deeply_is_shown_as_tex(tmp_path: Path, opening: str, closing: str) -> None:
    deep, good = convert_formulas([(opening * 240 + "y" + closing * 240, True), ("x+1", True)], {}, tmp_path).values()
    assert "nested too deeply" in deep.problem
    assert good.typst and not good.problem


@pytest.mark.parametrize("width", ["99999999999em", "9" * 400 + "em", "-99999999999cm", "1e9pt"])
def test_a_space_of_huge_width_affects_only_its_own_formula(tmp_path: Path, width: str) -> None:
    keys = [(rf"a \hspace{{{width}}} b", False), (r"\kern" + width + " x", True), ("y", False)]
    formulas = convert_formulas(keys, {}, tmp_path)
    assert formulas[keys[2]].problem == "" and len(formulas) == 3
    assert all(len(formula.omml) < 5000 for formula in formulas.values())
