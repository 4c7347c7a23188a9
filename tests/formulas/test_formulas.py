"""Formulas say the same in MathML, in Typst and in OMML, and what a converter drops is noticed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from oerbook.formulas.convert import Formula, convert_formulas
from oerbook.formulas.from_tex import read_formulas
from oerbook.formulas.lost_content import find_lost_content
from oerbook.formulas.mathml import parse_temml_mathml
from oerbook.tools.typst import find_markup_error

# TeX, and what each format must hold: a part of the MathML, of the Typst markup, of the OMML.
LOOKS = {
    r"\left(\begin{array}{r|cc} 1 & 2 & 3 \\ \hline 4 & 5 & 6 \end{array}\right)": ("math-line-right", "vline: (1,)", "<m:borderBox>"),
    r"\begin{array}{lr} 7 & 8 \\ \hline 9 & 0 \end{array}": ("math-line-bottom", "hline: (1,)", "<m:hideTop/>"),
    r"\boxed{p + q}": ("math-box", "box(stroke: 0.5pt", "<m:borderBox>"),
    r"\cancel{k}": ("math-strike", "cancel(k)", "<m:strikeBLTR/>"),
    r"\xcancel{k}": ("math-strike", "cross: #true", "<m:strikeTLBR/>"),
    r"\textcolor{blue}{u} + v": ('mathcolor="#0000ff"', 'fill: rgb("#0000ff")', '<w:color w:val="0000FF"/>'),
    r"\color{red}{u} + v": ("<mo>+</mo><mi>v</mi>", r"\u{2b} v", "<m:t"),
    r"{\color{teal} u + v}": ('<mi mathcolor="#007f7f">v</mi>', 'fill: rgb("#007f7f")', '<w:color w:val="007F7F"/>'),
    r"\colorbox{yellow}{$w$}": ('mathbackground="#ffff00"', 'fill: rgb("#ffff00")', 'w:fill="FFFF00"'),
    r"\mathbf{M}": ("𝐌", "𝐌", '<m:sty m:val="b"/>'),
    r"\boldsymbol{m}": ("𝒎", "𝒎", '<m:sty m:val="bi"/>'),
    r"\mathsf{M}": ("𝖬", "𝖬", '<m:scr m:val="sans-serif"/>'),
    r"\mathbb{H}": ("ℍ", "ℍ", '<m:scr m:val="double-struck"/>'),
    r"\mathrm{d}t": ('mathvariant="normal">d', "upright(d)", '<m:sty m:val="p"/>'),
    r"\sum_{i=0}^{n} i": ("<munderover>", "attach(limits(", "<m:nary>"),
    r"\overbrace{a + b}^{c}": ("⏞", "overbrace(", 'm:val="⏞"'),
    r"\ce{^{14}_{6}C}": ("<mmultiscripts>", "tl: 14", "<m:sPre>"),
    r"\ce{A ->[\Delta] B}": ("→", "stretch(", "<m:limUpp>"),
    r"\begin{cases} 1 & x > 0 \\ -1 & x < 0 \end{cases}": ("math-left", "mat(delim: #none", '<m:begChr m:val="{"/>'),
    r"\left. x \right|_{0}": ("|", "lr(", '<m:begChr m:val=""/>'),
    r"\sqrt[3]{y}": ("<mroot>", "root(3, y)", "<m:deg>"),
    r"\tfrac{1}{2}": ('displaystyle="false"', "inline(frac(1, 2))", "<m:f>"),
    r"\text{für alle } 中": ("für alle", ';#"中";', "<m:nor/>"),
}  # fmt: skip
# TeX of the packages siunitx and physics, and what is read.
READ = {
    r"\qty{9.81}{\metre\per\second\squared}": "9.81 m s−2",
    r"\SI{3e8}{m.s^{-1}}": "3×108 m s−1",
    r"\qty[per-mode=symbol]{20}{\kilo\metre\per\hour}": "20 km/h",
    r"\unit[per-mode=fraction]{\gram\per\cubic\centi\metre}": "gcm3",
    r"\num{1234567.891}": "1 234 567.891",
    r"\num[output-decimal-marker={,}]{2.5}": "2,5",
    r"\num{1.5 +- 0.2}": "1.5±0.2",
    r"\num[round-mode=places,round-precision=2]{3.14159}": "3.14",
    r"\ang{45;30}": "45∘30′",
    r"\qty{25}{\celsius}": "25 ∘C",
    r"\SI{40}{\percent}": "40 %",
    r"\qtyrange{1}{5}{\micro\litre}": "1 µL to 5 µL",
    r"\numlist{1;2;3}": "1, 2, and 3",
    r"\unit{\joule\per\mole\per\kelvin}": "J mol−1 K−1",
    r"\dv[2]{y}{t}": "d2ydt2",
    r"\pdv{f}{x}{y}": "∂2f∂x ∂y",
    r"\pdv*{f}{x}": "∂f/∂x",
    r"\ev{H}{\psi}": "⟨ψ|H|ψ⟩",
    r"\braket{a|b}": "⟨a|b⟩",
    r"\qty(\frac{a}{b})": "(ab)",
    r"\comm{A}{B}": "[A,B]",
    r"\mqty(\imat{2})": "(1001)",
    r"\ce{2 H2 + O2 -> 2 H2O}": "2 H2+O2 → 2 H2O",
    r"\ce{SO4^2-}": "SO42−",
    r"\pu{12 kJ mol-1}": "12 kJ mol−1",
    "f: ℝ \\to ℕ": "f:ℝ→ℕ",
}
REPAIRED = [
    r"\big| x \big|",
    r"a = b \\",
    r"\begin{aligned} a &= b \\ \end{aligned}",
    r"\text{if $x_1 > 0$ and \textbf{all} is well}",
    r"\begin{eqnarray} a &=& b \nonumber \\ c &\leq& d \end{eqnarray}",
    r"\pmatrix{1 & 2 \cr 3 & 4}",
    r"\begin{array}{@{}l*{2}{c}p{2cm}@{}} a & b & c & d \end{array}",
    r"\enclose{horizontalstrike}{x} \bbox[border:1px solid]{y} \unicode{x2603}",
    r"\require{cancel} \cancelto{0}{x}",
    r"\begin{CD} A @>a>> B \\ @VbVV @VVcV \\ C @= D \end{CD}",
    r"\underset{\substack{x > 0 \\ y > 0}}{\operatorname{minimize}} f",
    r"\root 3 \of x + \mleft( y \mright)",
    r"\fbox{if so} \ensuremath{x} \begingroup y \endgroup \hat\i",
    r"\ce{$\mu\hyphen$Cl}",
    r"\begin{alignat*}{2} a &= b & c &= d \end{alignat*}",
]  # fmt: skip


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Formula]:
    wanted = [(tex, True) for tex in (*LOOKS, *READ, *REPAIRED)]
    return {
        key[0]: formula for key, formula in convert_formulas(wanted, {}, tmp_path_factory.mktemp("formulas")).items()
    }


@pytest.mark.parametrize("tex", LOOKS)
def test_a_formula_has_the_same_appearance_in_every_format(formulas: dict[str, Formula], tex: str) -> None:
    formula = formulas[tex]
    assert formula.problem == ""
    shown = formula.mathml.partition("<annotation")[0]
    assert all(part in text for part, text in zip(LOOKS[tex], (shown, formula.typst, formula.omml), strict=True))


@pytest.mark.parametrize("tex", READ)
def test_commands_of_packages_are_written_out(formulas: dict[str, Formula], tex: str) -> None:
    assert formulas[tex].problem == ""
    assert _read(formulas[tex].mathml) == READ[tex].replace(" ", "")


@pytest.mark.parametrize("tex", REPAIRED)
def test_formulas_that_other_tools_accept_are_converted(formulas: dict[str, Formula], tex: str) -> None:
    assert formulas[tex].problem == ""
    assert formulas[tex].typst


def test_no_style_is_written_into_a_formula(formulas: dict[str, Formula]) -> None:
    assert not [formula.tex for formula in formulas.values() if "style=" in formula.mathml.replace("displaystyle=", "")]


ALLOWED_ON = {
    "displaystyle": {"math", "mstyle", "mtable"},
    "scriptlevel": {"mstyle"},
    "mathsize": {"mstyle", "mi", "mn", "mo", "mtext", "mspace"},
}


def test_attributes_stand_where_the_schema_of_epub_allows_them(tmp_path: Path) -> None:
    tex = [r"\boxed{\frac{a}{b}}", r"{\large x + y}", r"\begin{smallmatrix} a & b \end{smallmatrix}", r"\raisebox{1em}{z}",
           r"\mathop{foo}_x", r"\vec{v}", r"\tfrac{1}{2}", r"\hbox{a}"]  # fmt: skip
    for formula in convert_formulas([(one, True) for one in tex], {}, tmp_path).values():
        for node in etree.fromstring(formula.mathml).iter():
            name = etree.QName(node).localname
            assert [one for one in ALLOWED_ON if one in node.attrib and name not in ALLOWED_ON[one]] == []
            assert name not in ("mi", "mn", "mo", "mtext") or not len(node)


def test_an_operator_among_words_keeps_its_spaces(tmp_path: Path) -> None:
    formula = convert_formulas(
        [(r"\begin{aligned} p &= \text{price} \\ &= c \end{aligned}", True)], {}, tmp_path
    ).popitem()[1]
    assert '<mspace width="0.2778em"/><mo form="infix" lspace="0em" rspace="0em">=</mo>' in formula.mathml
    assert '<mo form="infix">=</mo><mi>c</mi>' in formula.mathml


def test_equations_for_word_processors_are_well_formed(formulas: dict[str, Formula]) -> None:
    for formula in formulas.values():
        etree.fromstring(f'<x xmlns:m="m" xmlns:w="w">{formula.omml}</x>')


@pytest.mark.parametrize("words", ["#panic()", '"); panic("', "$ #x $", "]; #x [", "/* x", "// x", "@x", "<y>"])
def test_words_in_a_formula_are_never_read_as_code_of_typst(tmp_path: Path, words: str) -> None:
    escaped = re.sub(r"([#$])", r"\\\1", words)
    formula = convert_formulas([(rf"x \text{{{escaped}}}", True)], {}, tmp_path).popitem()[1]
    assert formula.problem == ""
    assert find_markup_error([f"$ {formula.typst} $"], "") is None


@pytest.mark.parametrize("tag", ["mi", "mn", "mo", "mfrac", "msqrt", "mover"])
def test_a_part_that_a_converter_drops_is_noticed(tag: str) -> None:
    (read,) = read_formulas([(r"\frac{a}{2} + \sqrt{b} = \hat{c}", True)], {})
    assert find_lost_content(read.tokens, read.tree) == []
    node = next(read.tree.iter(tag))
    parent = node.getparent()
    parent.replace(node, etree.Element("mrow"))
    assert find_lost_content(read.tokens, read.tree) != []


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\boxed{x}", "<math><mi>x</mi></math>"),
        (r"\begin{array}{c|c} 1 & 2 \end{array}", "<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable></math>"),
        (r"\textcolor{red}{x}", "<math><mi>x</mi></math>"),
        (r"x \& y", "<math><mi>x</mi></math>"),
        (r"\alpha x", "<math><mi>x</mi></math>"),
        (r"x \ominus y", "<math><mi>x</mi><mi>y</mi></math>"),
    ],
)  # fmt: skip
def test_a_lost_frame_rule_color_or_character_of_a_formula_is_reported(tex: str, shown: str) -> None:
    (read,) = read_formulas([(tex, True)], {})
    assert find_lost_content(read.tokens, parse_temml_mathml(shown)) != []


@pytest.mark.parametrize(
    "tex",
    [
        r"\unit{\nosuchunit}",
        r"\enclose{phasorangle}{x}",
        r"\input{/etc/passwd}",
        "x" * 30_000,
        r"\sqrt{" * 400 + "x" + "}" * 400,
    ],
)
def test_a_formula_that_cannot_be_converted_has_a_problem(tmp_path: Path, tex: str) -> None:
    formula = convert_formulas([(tex, True)], {}, tmp_path).popitem()[1]
    assert formula.problem
    assert not formula.mathml


def test_a_macro_of_the_book_goes_before_a_package(tmp_path: Path) -> None:
    formula = convert_formulas([(r"\dv{x}", True)], {"\\dv": r"\delta_{#1}"}, tmp_path).popitem()[1]
    assert _read(formula.mathml) == "δx"


def _read(mathml: str) -> str:
    """Return the characters of a formula, without spaces."""
    root = etree.fromstring(mathml)
    for note in root.iter("{*}annotation"):
        note.text = ""
    return re.sub(r"[\s\u2061]", "", "".join(root.itertext()))
