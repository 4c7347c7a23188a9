"""The LaTeX packages physics and braket: derivatives, bras and kets, brackets that grow, written out in plain TeX.

Source: the manual of the physics package, version 1.3, https://ctan.org/pkg/physics.
"""

from __future__ import annotations

import re
from functools import partial

from oerbook.formulas.latex_packages.arguments import CommandArguments, CommandHandler

FENCE_PAIRS = {"(": ("(", ")"), "[": ("[", "]"), "|": ("|", "|")}
WORD_COMMANDS = {
    "qif": "if", "qthen": "then", "qelse": "else", "qotherwise": "otherwise", "qunless": "unless",
    "qgiven": "given", "qusing": "using",
    "qassume": "assume", "qsince": "since", "qlet": "let", "qfor": "for", "qall": "all", "qeven": "even",
    "qodd": "odd", "qinteger": "integer",
    "qand": "and", "qor": "or", "qas": "as", "qin": "in", "qcc": "c.c.",
}  # fmt: skip
PLAIN_COMMANDS = {
    "vdot": "\\mathbin{\\boldsymbol{\\cdot}}", "cross": "\\mathbin{\\boldsymbol{\\times}}",
    "grad": "\\boldsymbol{\\nabla}",
    "gradient": "\\boldsymbol{\\nabla}", "divergence": "\\boldsymbol{\\nabla}\\mathbin{\\boldsymbol{\\cdot}}",
    "curl": "\\boldsymbol{\\nabla}\\mathbin{\\boldsymbol{\\times}}", "laplacian": "\\nabla^{2}",
    "tr": "\\operatorname{tr}",
    "Tr": "\\operatorname{Tr}", "rank": "\\operatorname{rank}", "erf": "\\operatorname{erf}",
    "Res": "\\operatorname{Res}",
    "pv": "\\mathcal{P}", "principalvalue": "\\mathcal{P}", "PV": "\\operatorname{P.V.}", "qc": ",\\quad ",
    "qcomma": ",\\quad ",
    "var": "\\delta", "variation": "\\delta",
}  # fmt: skip


def _derivative(sign: str, starred: bool, arguments: CommandArguments) -> str:
    r"""Write \dv[n]{f}{x}, \pdv{f}{x}{y}, \dv{x}(f) as fractions; starred ones with a stroke."""
    power = arguments.option()
    first = arguments.argument()
    second = arguments.group()
    third = arguments.group() if second is not None and "partial" in sign else None
    behind = "" if second is not None else arguments.delimited("(")
    raised = f"^{{{power}}}" if power else ""
    if third is not None:
        top, bottom = f"{sign}^{{2}} {first}", f"{sign} {second}\\,{sign} {third}"
    elif second is None:
        top, bottom = f"{sign}{raised}", f"{sign} {first}{raised}"
    else:
        top, bottom = f"{sign}{raised} {first}", f"{sign} {second}{raised}"
    whole = f"{{{top}}}/{{{bottom}}}" if starred else f"\\frac{{{top}}}{{{bottom}}}"
    return whole + (f"\\left({behind}\\right)" if behind else "")


def _differential(arguments: CommandArguments) -> str:
    power = arguments.option()
    raised = f"^{{{power}}}" if power else ""
    inside = arguments.delimited("(")
    if inside is not None:
        return f"\\mathrm{{d}}{raised}\\left({inside}\\right)"
    found = arguments.group()
    return f"\\mathop{{}}\\!\\mathrm{{d}}{raised}{{{found}}}" if found is not None else f"\\mathrm{{d}}{raised} "


def _quantity(arguments: CommandArguments) -> str:
    """Write a quantity in brackets that grow with it."""
    for opening, (left, right) in FENCE_PAIRS.items():
        inside = arguments.delimited(opening)
        if inside is not None:
            return f"\\left{left}{inside}\\right{right}"
    return f"\\left\\{{{arguments.argument()}\\right\\}}"


def _fenced(left: str, right: str, arguments: CommandArguments) -> str:
    return f"\\left{left}{arguments.argument()}\\right{right}"


def _pair(left: str, right: str, arguments: CommandArguments) -> str:
    return f"\\left{left}{arguments.argument()},{arguments.argument()}\\right{right}"


def _braket(arguments: CommandArguments) -> str:
    first, second = arguments.argument(), arguments.group()
    if second is None:
        middle = first.replace("|", "\\middle|") if "|" in first else f"{first}\\middle|{first}"
        return f"\\left\\langle {middle}\\right\\rangle"
    return f"\\left\\langle {first}\\middle|{second}\\right\\rangle"


def _packaged_braket(arguments: CommandArguments) -> str:
    r"""Write \Braket{a|b|c} of the package braket, in which bars grow."""
    return "\\left\\langle " + arguments.argument().replace("|", "\\,\\middle|\\,") + "\\right\\rangle"


def _outer(arguments: CommandArguments) -> str:
    first, second = arguments.argument(), arguments.group()
    return f"\\left|{first}\\right\\rangle\\left\\langle {first if second is None else second}\\right|"


def _expectation(arguments: CommandArguments) -> str:
    operator, state = arguments.argument(), arguments.group()
    if state is None:
        return f"\\left\\langle {operator}\\right\\rangle"
    return f"\\left\\langle {state}\\middle|{operator}\\middle|{state}\\right\\rangle"


def _element(arguments: CommandArguments) -> str:
    first, operator, last = (arguments.argument() for _ in range(3))
    return f"\\left\\langle {first}\\middle|{operator}\\middle|{last}\\right\\rangle"


def _evaluated(arguments: CommandArguments) -> str:
    return f"\\left.{arguments.argument()}\\right|"


def _matrix(kind: str, arguments: CommandArguments) -> str:
    for opening, name in (("(", "pmatrix"), ("[", "bmatrix"), ("|", "vmatrix")):
        inside = arguments.delimited(opening)
        if inside is not None:
            return f"\\begin{{{name}}}{inside}\\end{{{name}}}"
    return f"\\begin{{{kind}}}{arguments.argument()}\\end{{{kind}}}"


def _identity(arguments: CommandArguments) -> str:
    size = arguments.argument()
    if not re.fullmatch(r"[1-9]", size):
        return size
    return "\\\\".join(
        "&".join("1" if row == column else "0" for column in range(int(size))) for row in range(int(size))
    )


def _diagonal(arguments: CommandArguments) -> str:
    arguments.option()
    entries = arguments.argument().split(",")
    return "\\\\".join(
        "&".join(entry if row == column else "" for column in range(len(entries))) for row, entry in enumerate(entries)
    )


def _words(text: str, _arguments: CommandArguments) -> str:
    return f"\\quad\\text{{{text}}}\\quad "


def _any_words(arguments: CommandArguments) -> str:
    return f"\\quad\\text{{{arguments.argument()}}}\\quad "


def _replaced(tex: str, _arguments: CommandArguments) -> str:
    return tex


def _wrapped(before: str, after: str, arguments: CommandArguments) -> str:
    return f"{before}{{{arguments.argument()}}}{after}"


COMMANDS: tuple[tuple[tuple[str, ...], CommandHandler], ...] = (
    (("dd", "differential"), _differential),
    (("quantity", "pqty"), _quantity),
    (("bqty",), partial(_fenced, "[", "]")),
    (("Bqty",), partial(_fenced, "\\{", "\\}")),
    (("vqty", "abs", "absolutevalue"), partial(_fenced, "|", "|")),
    (("norm",), partial(_fenced, "\\|", "\\|")),
    (("order",), partial(_wrapped, "\\mathcal{O}\\left(", "\\right)")),
    (("comm", "commutator"), partial(_pair, "[", "]")),
    (("acomm", "anticommutator", "pb", "poissonbracket"), partial(_pair, "\\{", "\\}")),
    (("bra", "Bra"), partial(_fenced, "\\langle ", "|")),
    (("ket", "Ket"), partial(_fenced, "|", "\\rangle ")),
    (("braket", "ip", "innerproduct"), _braket),
    (("Braket",), _packaged_braket),
    (("ketbra", "dyad", "op", "outerproduct"), _outer),
    (("ev", "expval", "expectationvalue"), _expectation),
    (("mel", "matrixel", "matrixelement"), _element),
    (("eval", "evaluated"), _evaluated),
    (("vb", "vectorbold"), partial(_wrapped, "\\boldsymbol", "")),
    (("va", "vectorarrow"), partial(_wrapped, "\\vec{\\boldsymbol", "}")),
    (("vu", "vectorunit"), partial(_wrapped, "\\hat{\\boldsymbol", "}")),
    (("qq", "qqtext"), _any_words),
    (("mqty", "matrixquantity", "smqty"), partial(_matrix, "matrix")),
    (("pmqty",), partial(_matrix, "pmatrix")),
    (("bmqty",), partial(_matrix, "bmatrix")),
    (("vmqty", "mdet", "matrixdeterminant"), partial(_matrix, "vmatrix")),
    (("imat", "identitymatrix"), _identity),
    (("dmat", "diagonalmatrix"), _diagonal),
)


def _handlers() -> dict[str, CommandHandler]:
    table: dict[str, CommandHandler] = {f"\\{name}": partial(_replaced, tex) for name, tex in PLAIN_COMMANDS.items()}
    table |= {f"\\{name}": partial(_words, text) for name, text in WORD_COMMANDS.items()}
    signs = {"dv": "\\mathrm{d}", "pdv": "\\partial ", "fdv": "\\delta "}
    names = {
        "dv": ("dv", "derivative"),
        "pdv": ("pdv", "pderivative", "partialderivative"),
        "fdv": ("fdv", "fderivative", "functionalderivative"),
    }
    for key, spellings in names.items():
        for name in spellings:
            table[f"\\{name}"] = partial(_derivative, signs[key], False)
            table[f"\\{name}*"] = partial(_derivative, signs[key], True)
    for spellings, handler in COMMANDS:
        for name in spellings:
            table[f"\\{name}"] = table[f"\\{name}*"] = handler
    return table


def write_quantity(arguments: CommandArguments) -> str:
    r"""Write the \qty of the physics package, which stands before a bracket or one group."""
    return _quantity(arguments)


HANDLERS = _handlers()
