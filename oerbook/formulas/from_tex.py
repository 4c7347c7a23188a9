"""Read TeX formulas into MathML trees: with Temml, and with pandoc what Temml cannot read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from oerbook.errors import OerbookError
from oerbook.formulas import tex_adapt
from oerbook.formulas.latex_packages import physics, siunitx
from oerbook.formulas.lost_content import find_lost_content
from oerbook.formulas.mathml import parse_temml_mathml
from oerbook.formulas.prepare import adapt_for_temml
from oerbook.formulas.tex_macros import Macro, MacroExpander, TexError, expand_macros, join_tokens, make_macro, tokenize
from oerbook.formulas.tex_names import ARGUMENT_COUNTS, DOUBLE_STRUCK_LETTERS, TEMML_REPLACEMENTS
from oerbook.model.untyped import MathmlNode
from oerbook.tools import pandoc, temml_engine

MATHML_ELEMENT = re.compile(r"<math[ >].*?</math>", re.S)
FORMULA_DIV = re.compile(r'<div id="f(\d+)">(.*?)</div>(?=\s*(?:<div id="f|\Z))', re.S)
CHEMISTRY_COMMANDS = frozenset({"\\ce", "\\pu"})
MAX_FORMULA_CHARS = 20_000
MAX_NESTING = 40  # groups and fences inside each other; readers take exponential time for deeper ones
PANDOC_TIMEOUT_S = 60  # for all formulas that Temml cannot read
PACKAGE_COMMAND_HANDLERS = {**physics.HANDLERS, **siunitx.HANDLERS}
BUILT_IN_MACROS = {name: make_macro(body, ARGUMENT_COUNTS.get(name)) for name, body in TEMML_REPLACEMENTS.items()}
FormulaKey = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class ParsedFormula:
    """A formula as a MathML tree, or why there is none; `tokens` are its TeX with all macros expanded."""

    tree: MathmlNode = None
    problem: str = ""
    tokens: tuple[str, ...] = ()


def read_formulas(keys: Sequence[FormulaKey], macros: Mapping[str, str]) -> list[ParsedFormula]:
    """Return each (TeX, is displayed) as a tree, in the same order."""
    table = dict(BUILT_IN_MACROS)
    table |= {(name if name.startswith("\\") else f"\\{name}"): make_macro(body) for name, body in macros.items()}
    expanded = [_expand(key, table) for key in keys]
    readable = [index for index, parsed in enumerate(expanded) if not parsed.problem]
    answers = temml_engine.convert_with_temml(
        [(join_tokens(list(expanded[index].tokens)), keys[index][1]) for index in readable]
    )
    results = list(expanded)
    for index, answer in zip(readable, answers, strict=True):
        results[index] = _parse_answer(expanded[index], answer)
    failed = [index for index, parsed in enumerate(results) if parsed.problem and expanded[index].tokens]
    for index, parsed in zip(failed, _read_with_pandoc([keys[index] for index in failed], macros), strict=True):
        if not parsed.problem and not find_lost_content(results[index].tokens, parsed.tree):
            results[index] = parsed
    return results


def _expand(key: FormulaKey, macros: Mapping[str, Macro]) -> ParsedFormula:
    if len(key[0]) > MAX_FORMULA_CHARS:
        return ParsedFormula(problem=f"this formula has more than {MAX_FORMULA_CHARS} characters")
    try:
        expanded = MacroExpander(macros, PACKAGE_COMMAND_HANDLERS).expand(tokenize(key[0]))
        letters = {} if "\\text" in expanded else DOUBLE_STRUCK_LETTERS
        tokens = adapt_for_temml([part for one in expanded for part in letters.get(one, (one,))])
    except (TexError, ValueError, RecursionError) as error:
        return ParsedFormula(problem=str(error) or "this formula cannot be read")
    if not "".join(tokens).strip():
        return ParsedFormula(problem="this formula is empty")
    if _nesting(tokens) > MAX_NESTING:
        return ParsedFormula(problem="this formula is nested too deeply")
    return ParsedFormula(tokens=tuple(tokens))


def _nesting(tokens: Sequence[str]) -> int:
    """Return how many groups, fences and environments stand inside each other at most.

    >>> _nesting(["{", "{", "}", "}", "{", "}"])
    2
    """
    steps = {"{": 1, "}": -1, "\\left": 1, "\\right": -1, "\\begin": 1, "\\end": -1}
    return max(accumulate(steps.get(token, 0) for token in tokens), default=0)


def _parse_answer(expanded: ParsedFormula, answer: str) -> ParsedFormula:
    """Return Temml's MathML as a tree, unless it lost something of the formula."""
    if answer.startswith(temml_engine.ERROR_PREFIX):
        return ParsedFormula(None, _plain_error(answer.removeprefix(temml_engine.ERROR_PREFIX)), expanded.tokens)
    try:
        tree = parse_temml_mathml(answer, chemical=not CHEMISTRY_COMMANDS.isdisjoint(expanded.tokens))
    except (ValueError, IndexError, RecursionError) as error:  # UnknownMathMLError is a ValueError
        return ParsedFormula(None, f"this formula cannot be converted ({error})", expanded.tokens)
    lost = find_lost_content(expanded.tokens, tree)
    if lost:
        return ParsedFormula(None, f"{', '.join(lost[:3])} would be lost from this formula", expanded.tokens)
    return ParsedFormula(tree, "", expanded.tokens)


def _plain_error(message: str) -> str:
    """Return Temml's message without the formula, in which it marks the place."""
    message = " ".join(message.split(" at position ")[0].split(":\n")[0].split()).rstrip(":.")
    unknown = re.fullmatch(r"Unsupported function name: (\\\S+)", message)
    if unknown:
        return f"{unknown[1]} is not known in formulas"
    if "call stack" in message:
        return "this formula is nested too deeply"
    return f"this formula cannot be read ({message[:120]})"


def _read_with_pandoc(keys: Sequence[FormulaKey], macros: Mapping[str, str]) -> list[ParsedFormula]:
    prepared = [_prepare_for_pandoc(key, macros) for key in keys]
    readable = [index for index, tex in enumerate(prepared) if tex]
    results = [ParsedFormula(problem="not read by pandoc")] * len(keys)
    for index, mathml in zip(
        readable, _run_pandoc([(prepared[index], keys[index][1]) for index in readable]), strict=True
    ):
        try:
            results[index] = ParsedFormula(parse_temml_mathml(mathml)) if mathml else results[index]
        except (ValueError, IndexError, RecursionError):
            continue
    return results


def _prepare_for_pandoc(key: FormulaKey, macros: Mapping[str, str]) -> str:
    """Return TeX that pandoc can read, "" if it would drop something."""
    try:
        tex = tex_adapt.adapt_for_pandoc(expand_macros(key[0], macros), key[1])
    except (TexError, ValueError, RecursionError):
        return ""
    return "" if any(tex_adapt.unsupported_commands(tex)) else tex


def _run_pandoc(pairs: Sequence[FormulaKey]) -> list[str]:
    """Return MathML for each formula, "" if pandoc cannot read it."""
    if not pairs:
        return []
    blocks: list[object] = [{"t": "Div", "c": [[f"f{n}", [], []], [_paragraph(*pair)]]} for n, pair in enumerate(pairs)]
    source = pandoc.encode_document(blocks)
    try:
        arguments = ["-f", "json", "-t", "html", "--mathml", "--wrap=none"]
        output = pandoc.run_pandoc(arguments, source, timeout_s=PANDOC_TIMEOUT_S).output.decode()
    except OerbookError:  # they stay as Temml left them: shown as TeX, each with a finding
        return [""] * len(pairs)
    results = dict.fromkeys(range(len(pairs)), "")
    for number, div in FORMULA_DIV.findall(output):
        match = MATHML_ELEMENT.search(div)
        results[int(number)] = match[0] if match else ""
    return list(results.values())


def _paragraph(tex: str, display: bool) -> dict[str, object]:
    kind = {"t": "DisplayMath" if display else "InlineMath"}
    return {"t": "Para", "c": [{"t": "Math", "c": [kind, tex]}]}
