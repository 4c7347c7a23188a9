"""Adapt TeX formulas to what pandoc reads, for those that Temml cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.formulas.tex_macros import tokenize
from oerbook.formulas.tex_tables import (
    ENVIRONMENT_NAMES,
    NEGATED_RELATIONS,
    UNSUPPORTED_COMMANDS,
)

SPACE_WITH_LENGTH = re.compile(
    r"\\(?:hspace|vspace|kern|mkern|mskip|hskip|mspace)\*?\s*"
    r"(?:\{\s*(-?)(\d*\.?\d+)\s*([a-z]+)\s*\}|(-?)(\d*\.?\d+)\s*(pt|em|ex|mu|mm|cm)|\{[^{}]*\})"
)
NESTED_TEXT = re.compile(r"\\text\{([^{}]*)\\(?:(?:text|math)(bf|it|rm|tt|sf)|emph)\s*\{([^{}]*)\}")
EM_PER_UNIT = {"mu": 1 / 18, "pt": 0.1, "ex": 0.45, "mm": 0.28, "cm": 2.8, "in": 7.2}  # approximate width in em


def adapt_for_pandoc(tex: str, display: bool) -> str:
    """Rewrite a formula in TeX that pandoc reads."""
    tex = re.sub(r"\\(begin|end)\{([A-Za-z]+\*?)\}", _environment, tex)
    tex = re.sub(r"\\begin\{alignat\}\s*\{\d+\}", r"\\begin{align}", tex).replace("\\end{alignat}", "\\end{align}")
    tex = re.sub(r"(\\begin\{array\})\s*\[[tcb]\]", r"\1", tex)
    tex = re.sub(r"(\\begin\{aligned\})\s*(\[[tcb]\]|\{\d+\})", r"\1", tex)
    tex = re.sub(r"\\color\s*\{[^{}]*\}", "", tex)
    tex = re.sub(r"\\\\\s*\[[^\]\n]*(?:pt|em|ex|mm|cm|in)\]", r"\\\\", tex)
    tex = SPACE_WITH_LENGTH.sub(_standard_space, tex)
    tex = re.sub(r"\\require\s*\{[^{}]*\}|\\bbox\s*(?:\[[^\[\]]*\])?(?=\s*\{)", "", tex)
    tex = re.sub(r"(\\begin\{[A-Za-z]*matrix\*?\})\s*\[[lcr]\]", r"\1", tex)
    tex = re.sub(r"\\not(?:\s|\\!)*(\\[A-Za-z]+)", lambda m: NEGATED_RELATIONS.get(m[1], f"\\not{m[1]}"), tex)
    for _ in range(3 if "\\text" in tex else 0):  # \text inside \text: split them
        tex = NESTED_TEXT.sub(lambda m: f"\\text{{{m[1]}}}\\text{m[2] or 'it'}{{{m[3]}}}\\text{{", tex)
    tex = re.sub(r"\n\s*\n", "\n", tex).strip()
    if display and _has_bare_rows(tex):
        tex = f"\\begin{{aligned}}{tex}\\end{{aligned}}"
    return tex


def _standard_space(match: re.Match[str]) -> str:
    """Return the standard space of TeX whose width is nearest to a measured one."""
    minus, number, unit = match[1] or match[4], match[2] or match[5], match[3] or match[6]
    if minus or not number:
        return "\\!" if minus else "\\,"
    width_em = float(number) * EM_PER_UNIT.get(unit, 1)
    spaces = ((1.5, "\\qquad "), (0.7, "\\quad "), (0.25, "\\;"))
    return next((space for min_width, space in spaces if width_em >= min_width), "\\,")


def _environment(match: re.Match[str]) -> str:
    return f"\\{match[1]}{{{ENVIRONMENT_NAMES.get(match[2], match[2])}}}"


def _has_bare_rows(tex: str) -> bool:
    """Return whether a formula has rows or columns outside of environments."""
    depth = 0
    stream = tokenize(tex)
    for token in stream:
        depth += {"{": 1, "}": -1, "\\begin": 1, "\\end": -1}.get(token, 0)
        if depth == 0 and token in ("\\\\", "&"):
            return True
    return False


def unsupported_commands(tex: str) -> Iterator[str]:
    """Yield the commands of a formula that pandoc would drop without an error."""
    yield from sorted(UNSUPPORTED_COMMANDS & set(tokenize(tex)))
