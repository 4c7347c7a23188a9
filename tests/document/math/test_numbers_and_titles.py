"""Equations are numbered as their TeX says, and a formula in a title is never shown as TeX."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write

CHAPTER = r"""# Waves and $\lambda_0$

See {eq}`eq:first`, {eq}`eq:third`, {eq}`eq-star`, {eq}`eq-next`, {eq}`eq:alone`, {eq}`eq:split`, $\eqref{eq:third}$ and {ref}`speed`,
[](#speed). By $\overset{\eqref{eq:first}}{=}$ and $x \overset{\ref{eq:lost}}{=} y$.

\begin{align}
f &= 1 / T \label{eq:first} \\
k &= 2 \pi / \lambda \notag \\
v &= \lambda f \label{eq:third}
\end{align}

$$
E = h f \tag{7a}
$$ (eq-star)

$$
p = h / \lambda
$$ (eq-next)

\begin{equation}
\label{eq:alone}
c = \lambda f
\end{equation}

\begin{equation}
\begin{split}
w &= 2 \pi f \\
  &= 2 \pi / T
\end{split}
\label{eq:split}
\end{equation}

(speed)=
## The speed $v^2$ of *waves*

Text.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"conf.py": 'extensions = ["oerbook"]\n', "chapters/index.md": INDEX, "chapters/01-waves.md": CHAPTER}
    book = write(tmp_path_factory.mktemp("waves"), files)
    oerbook("build", "html", "epub", cwd=book)
    return book


def _page(book: Path) -> str:
    return re.sub(r"<annotation.*?</annotation>", "", (book / "_build/html/waves.html").read_text(), flags=re.S)


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("eq-first", "(1.1)"),
        ("eq-third", "(1.2)"),
        ("eq-star", "(7a)"),
        ("eq-next", "(1.3)"),
        ("eq-alone", "(1.4)"),
        ("eq-split", "(1.5)"),
    ],
)
def test_a_reference_shows_the_number_of_the_line_or_its_tag(built: Path, label: str, number: str) -> None:
    found = re.findall(rf'href="#equation-{label}"[^>]*>(.*?)</a>', _page(built))
    assert set(found) - {"#"} == {number}


def test_lines_with_a_label_show_their_numbers(built: Path) -> None:
    page = _page(built)
    assert len(re.findall(r">\(1\.[12]\)</mtext>", page)) == 3  # two lines, and the reference in a formula
    assert "\ua66e" not in page


def test_a_missing_equation_in_a_formula_is_a_finding(built: Path) -> None:
    found = oerbook("check", "--format", "json", cwd=built).findings("reference-missing")
    assert [one["message"] for one in found] == ["no equation is labelled eq:lost"]


def test_titles_are_never_shown_as_tex(built: Path) -> None:
    page = _page(built)
    assert page.count('alttext="v squared"') == 4  # the heading, the contents and two links
    assert r"\lambda_0" not in page
    assert "v^2" not in page
    with zipfile.ZipFile(built / "_build/a-small-book.epub") as archive:
        texts = [
            archive.read(name).decode() for name in archive.namelist() if name.endswith((".xhtml", ".opf", ".ncx"))
        ]
    assert not [text for text in texts if r"\lambda_0" in re.sub(r"<annotation.*?</annotation>", "", text, flags=re.S)]


def test_punctuation_stays_on_the_line_of_its_formula(built: Path) -> None:
    page = (built / "_build/html/waves.html").read_text()
    assert re.search(r"</math>\u2060</span>\.", page)
