"""Every command of the handbook's list of TeX commands is converted for every format."""

from __future__ import annotations

import re
from pathlib import Path

from oerbook.formulas.convert import convert_formulas
from tests.conftest import ROOT

PAGE = (ROOT / "chapters" / "05-reference" / "05-tex-commands.md").read_text(encoding="utf-8")
LISTED, DISPLAYED = re.search(r"^## Environments\n(.*?)As a displayed formula(.*?)^## ", PAGE, re.M | re.S).groups()  # type: ignore[union-attr]
TABLE = "a&b\\\\c&d"
BODIES = {
    "array": "{c|c}a&b\\\\ \\hline c&d",
    "subarray": "{c}a\\\\b",
    "alignedat": "{2}a&b&c&d",
    "alignat": "{2}a&b&c&d",
    "gather": "a\\\\b",
    "gathered": "a\\\\b",
    "multline": "a\\\\b",
    "equation": "a",
    "CD": "A @>f>> B",
    "eqnarray": "a&=&b",
}


def test_each_command_is_shown_as_it_is_written() -> None:
    pairs = re.findall(r"`([^`\n]+)`\N{NO-BREAK SPACE}\$(.+?)\$(?=,|\n)", PAGE)
    assert len(pairs) > 350
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_each_command_and_environment_is_converted(tmp_path: Path) -> None:
    commands = [tex for tex, _shown in re.findall(r"`([^`\n]+)`\N{NO-BREAK SPACE}\$(.+?)\$(?=,|\n)", PAGE)]
    names = re.findall(r"`([A-Za-z]+)`", LISTED + DISPLAYED)
    environments = [f"\\begin{{{name}}}{BODIES.get(name, TABLE)}\\end{{{name}}}" for name in names]
    assert len(environments) > 20
    formulas = convert_formulas([(tex, True) for tex in (*commands, *environments)], {}, tmp_path).values()
    lacking = [f.tex for f in formulas if f.problem or not (f.mathml and f.typst and f.omml and f.alt)]
    assert lacking == []
