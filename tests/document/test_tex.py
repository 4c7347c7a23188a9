from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.document.formulas import convert
from oerbook.document.tex import TexError, expand, normalise

SYMBOLS = (
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi \varpi \rho "
    r"\varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi "
    r"\Psi \Omega \pm \mp \times \div \ast \star \circ \bullet \cdot \cap \cup \uplus \sqcap \sqcup \vee \wedge \setminus \wr \oplus "
    r"\ominus \otimes \oslash \odot \dagger \ddagger \amalg \leq \geq \equiv \models \prec \succ \sim \perp \preceq \succeq \simeq "
    r"\mid \ll \gg \asymp \parallel \subset \supset \approx \subseteq \supseteq \cong \neq \doteq \ni \notin \propto \in \vdash \dashv "
    r"\leftarrow \Leftarrow \rightarrow \Rightarrow \leftrightarrow \Leftrightarrow \mapsto \hookleftarrow \hookrightarrow \uparrow "
    r"\downarrow \updownarrow \nearrow \searrow \swarrow \nwarrow \longrightarrow \Longrightarrow \longleftarrow \iff \implies "
    r"\aleph \hbar \ell \wp \Re \Im \prime \emptyset \nabla \surd \top \bot \angle \forall \exists \neg \flat \natural \sharp "
    r"\partial \infty \Box \Diamond \triangle \clubsuit \diamondsuit \heartsuit \spadesuit \sum \prod \coprod \int \oint \bigcap "
    r"\bigcup \bigsqcup \bigvee \bigwedge \bigodot \bigotimes \bigoplus \biguplus \iint \iiint \ldots \cdots \vdots \ddots \dots "
    r"\langle \rangle \lfloor \rfloor \lceil \rceil \varnothing \therefore \because \lesssim \gtrsim \subsetneq \supsetneq "
    r"\triangleq \square \blacksquare \checkmark \complement \mho \eth \beth \gimel \sin \cos \tan \log \ln \exp \min \max \sup "
    r"\inf \lim \limsup \liminf \det \dim \ker \gcd \deg \arg \Pr \quad \qquad"
).split()
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
    r"\color{red} x + \textcolor{blue}{y} + \boxed{z} + \mbox{if } w",
    r"\not= \, \neq \! \; \: \ \big( x \Big) \bigl[ y \bigr]",
    r"f'' + x^{2^{3}} + {}_a^b X",
    r"\phantom{x} y \hspace{1em} z \kern 2pt w",
]


def test_every_common_symbol_is_set_in_every_format(tmp_path: Path) -> None:
    made = convert([(symbol, False) for symbol in SYMBOLS], {}, tmp_path, tmp_path)
    spaces = {r"\quad", r"\qquad"}
    assert {f.tex: f.problem for f in made.values() if f.problem and f.tex not in spaces} == {}
    assert all(f.mathml and f.typst for f in made.values() if f.tex not in spaces)


def test_what_real_books_write_is_converted(tmp_path: Path) -> None:
    made = convert([(tex, True) for tex in FORMULAS], {}, tmp_path, tmp_path)
    assert {f.tex: f.problem for f in made.values() if f.problem} == {}


@pytest.mark.parametrize("tex", [r"\frac{a", r"\nosuchcommand{x}", r"\cancel{x}", r"\begin{foo}x\end{foo}", ""])
def test_what_cannot_be_converted_is_a_problem_and_shows_its_tex(tmp_path: Path, tex: str) -> None:
    formula = convert([(tex, True)], {}, tmp_path, tmp_path)[(tex, True)]
    assert formula.problem
    assert not formula.mathml
    assert formula.tex == tex


def test_macros_take_arguments(tmp_path: Path) -> None:
    assert expand(r"\E{x} + \RR", {"\\E": r"\mathbb{E}[#1]"}) == r"\mathbb{E}[x] + \mathbb{R}"


def test_a_macro_that_calls_itself_ends() -> None:
    with pytest.raises(TexError):
        expand(r"\a", {"\\a": r"\a\a"})


def test_rows_without_an_environment_get_one() -> None:
    assert normalise(r"a \\ b", True).startswith(r"\begin{aligned}")
    assert normalise(r"a \\ b", False) == r"a \\ b"


def test_a_half_written_store_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "formulas.sqlite").write_bytes(b"not a database")
    assert convert([("x", False)], {}, tmp_path, tmp_path)[("x", False)].mathml


def test_a_formula_is_spoken(tmp_path: Path) -> None:
    made = convert([(r"\frac{a}{b}", False), (r"x^2 \le \sqrt{y}", False)], {}, tmp_path, tmp_path)
    assert [f.alt for f in made.values()] == ["a over b", "x squared is at most the square root of y"]
