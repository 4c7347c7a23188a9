r"""What a formula's TeX says, counted, against what its MathML shows: a converter that drops something is found out.

Letters, digits and signs are compared one by one; frames, strikes, rules, colours, roots, fractions and accents by their
number; every other command must have left a sign. Layout (spaces, sizes, names of environments) is left out on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from oerbook.document.math.latex_packages.arguments import Arguments

NAMES = {
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd", "hom", "inf", "ker", "lg", "lim",
    "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh", "sup", "tan", "tanh", "liminf", "limsup",
}  # fmt: skip
GREEK = dict(zip(
    ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"],
    "αβγδεζηθικλμνξπρστυφχψω", strict=True,
))  # fmt: skip
GREEK |= {f"var{name}": GREEK[name] for name in ("epsilon", "theta", "kappa", "rho", "phi", "pi")} | {"varsigma": "ς"}
GREEK |= {
    name.capitalize(): GREEK[name].upper()
    for name in ["gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega"]
}
LAYOUT_1 = {
    "\\begin", "\\end", "\\hspace", "\\vspace", "\\hspace*", "\\vspace*", "\\mspace", "\\color", "\\label", "\\require", "\\class", "\\cssId", "\\style",
    "\\textcolor", "\\colorbox", "\\raisebox", "\\kern", "\\mkern", "\\hskip", "\\mskip", "\\raise", "\\lower", "\\cline",
}  # fmt: skip
TABLES_WITH_COLUMNS = {"array", "darray", "alignedat", "alignat", "subarray"}
LAYOUT_2 = {"\\rule", "\\fcolorbox"}
COUNTED: dict[str, tuple[str, ...]] = {
    "mfrac": ("\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\binom", "\\dbinom", "\\tbinom", "\\genfrac", "\\over", "\\choose", "\\atop"),
    "root": ("\\sqrt",),
    "frame": ("\\boxed", "\\fbox", "\\fcolorbox", "\\bbox"),
    "strike": ("\\cancel", "\\bcancel", "\\xcancel", "\\sout"),
    "accent": (
        "\\hat", "\\widehat", "\\bar", "\\overline", "\\tilde", "\\widetilde", "\\vec", "\\dot", "\\ddot", "\\dddot", "\\acute", "\\grave", "\\check",
        "\\breve", "\\mathring", "\\overbrace", "\\underbrace", "\\underline", "\\overrightarrow", "\\overleftarrow", "\\overleftrightarrow",
    ),
    "colour": ("\\color", "\\textcolor", "\\colorbox", "\\fcolorbox"),
}  # fmt: skip
# Commands that leave no sign of their own: letters in another style, sizes, spaces, limits and what only groups.
SILENT = re.compile(
    r"\\(?:[,;:!>\s{}|&%$#_\\]|begin|end|left|right|middle|[bB]igg?[lrm]?|(?:math|text)[a-z]*|mbox|hbox|operatorname\*?|operatornamewithlimits|limits|nolimits|displaylimits"
    r"|q?quad|enspace|thinspace|medspace|thickspace|neg\w+space|nobreakspace|space|[hv]?phantom|smash|[hv]?strut|displaystyle|textstyle|scriptstyle|scriptscriptstyle"
    r"|boldsymbol|bm|pmb|bold|rm|bf|it|sf|tt|cal|frak|scr|Bbb|emph|mathop|mathbin|mathrel|mathord|mathopen|mathclose|mathpunct|mathinner|hline|hdashline|hspace\*?|vspace\*?"
    r"|kern|mkern|hskip|mskip|mspace|raisebox|raise|lower|vcenter|overset|underset|stackrel|substack|atop|nonumber|notag|label|require|cr|newline|tiny|scriptsize|footnotesize"
    r"|small|normalsize|large|Large|LARGE|huge|Huge|rule|cline|[rlc]lap|math[rlc]lap|allowbreak|displaylimits|sideset|prescript|ce|pu|def|relax|hfill|class|cssId|style|not|nobreak|@\w+)"
)
SIGNS = {"-": "−", "*": "∗", "'": "′"}
COMPARED_SIGNS = set("+=<>/!;,()[]−∗′")
SPACING_WIDTH = re.compile(r"\s*-?\d*\.?\d+\s*(?:mu|em|ex|pt|mm|cm|in|px)")


def find_lost(tex: Sequence[str], root: Any) -> list[str]:
    """Return what the tokens of a formula say and its MathML does not show, in words; empty when all is there."""
    if "\\begin{CD}" in "".join(tex):
        return []  # letters and signs of a diagram are drawn as arrows
    said, commands = _said(tex)
    shown = Counter(_shown_characters(root))
    lost = [f"“{char}”" for char in sorted(said) if said[char] > shown[char]]
    counts = Counter(commands)
    found = _structures(root)
    for kind, names in COUNTED.items():
        wanted = sum(counts[name] for name in names)
        if kind == "colour":
            wanted = min(wanted, 1)
        if wanted > found[kind]:
            lost.append(next(name for name in names if counts[name]))
    if ("\\hline" in counts or "|" in "".join(_column_specifications(tex))) and not found["rule"]:
        lost.append("the rules of a table")
    symbols = [name for name in commands if _is_symbol(name)]
    if symbols and len(symbols) > _symbols_shown(root, said):
        lost.append(_likeliest(symbols))
    return lost


def _is_symbol(name: str) -> bool:
    if SILENT.fullmatch(name) or any(name in names for names in COUNTED.values()):
        return False
    return name[1:] not in NAMES and name[1:] not in GREEK


def _likeliest(symbols: Sequence[str]) -> str:
    return "one of " + ", ".join(sorted(set(symbols))[:6]) if len(set(symbols)) > 1 else symbols[0]


def _symbols_shown(root: Any, said: Counter[str]) -> int:
    """Return how many characters a formula shows that no letter, digit or sign of its TeX stands for, and empty fences."""
    text = list(_shown_characters(root, spaces=True))
    empty = sum(
        1
        for node in root.iter("mo", "mspace", "mpadded", "mover", "munder", "munderover", "mmultiscripts", "mroot")
        if not (node.text or "").strip()
    )
    return len(text) - sum(said.values()) + empty


def _shown_characters(root: Any, spaces: bool = False) -> Iterator[str]:
    for node in root.iter():
        for char in node.text or "":
            if char.isspace() and not spaces:
                continue
            folded = (
                unicodedata.normalize("NFKC", char)
                if ord(char) >= 0x1D400 or "\u0370" <= char <= "\u03ff" or char in "ℂℍℕℙℚℝℤℋℒℬℰℱℐℳℛℭℌℑℜℨℯℊℴℎ"
                else char
            )
            yield _base(folded if len(folded) == 1 else char)
            if char == "″":
                yield from "′′"
            elif char == "‴":
                yield from "′′′"
            elif char in "≠≮≯≰≱":
                yield {"≠": "=", "≮": "<", "≯": ">"}.get(char, char)
            elif char in "≔≕⩴":
                yield "="
            elif char == "-":
                yield "−"
            elif char in "*⁎":
                yield "∗"


def _base(char: str) -> str:
    """Return a letter without its accents, which a converter may set as accents of a formula."""
    return unicodedata.normalize("NFD", char)[0]


def _structures(root: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for node in root.iter():
        classes = node.get("class", "")
        found["mfrac"] += node.tag == "mfrac"
        found["root"] += node.tag in ("msqrt", "mroot")
        found["frame"] += "math-box" in classes
        found["strike"] += "math-strike" in classes
        found["accent"] += node.tag in ("mover", "munder", "munderover") or node.get("notation") in ("top", "bottom")
        found["colour"] += any(node.get(name) is not None for name in ("mathcolor", "mathbackground"))
        found["rule"] += "math-line" in classes
    return found


def _column_specifications(tex: Sequence[str]) -> list[str]:
    found = []
    for place, token in enumerate(tex):
        if token == "\\begin":
            arguments = Arguments(tex, place + 1)
            if arguments.group() in ("array", "darray"):
                arguments.option()
                found.append(arguments.group() or "")
    return found


def _said(tex: Sequence[str]) -> tuple[Counter[str], list[str]]:
    """Return the characters that a formula says by themselves, and its commands."""
    said: Counter[str] = Counter()
    commands: list[str] = []
    place = 0
    while place < len(tex):
        token = tex[place]
        place += 1
        if token.startswith("\\") and token != "\\":
            commands.append(token)
            place = _behind(tex, place, token, said)
        elif token.isascii() and token.isalnum():
            said[token] += 1
        elif SIGNS.get(token, token) in COMPARED_SIGNS:
            said[SIGNS.get(token, token)] += 1
        elif not token.isascii() and token.isalpha():
            said[_base(token)] += 1
    return said, commands


def _behind(tex: Sequence[str], place: int, token: str, said: Counter[str]) -> int:
    """Count the letters of a command's name, and return the place behind its arguments that are layout."""
    arguments = Arguments(tex, place)
    if token[1:] in NAMES:
        said.update(token[1:])
    elif token[1:] in GREEK:
        said[GREEK[token[1:]]] += 1
    elif token in ("\\ce", "\\pu"):
        inside = arguments.group() or ""
        letters = re.sub(r"\\[a-zA-Z]+|(?<=\d)E(?=[\d-])", "", inside)
        said.update(char for char in letters if char.isascii() and (char.isupper() or char.isdigit()))
        return arguments.index
    elif token in ("\\begin", "\\end"):
        name = arguments.group() or ""
        if token == "\\begin" and (name in TABLES_WITH_COLUMNS or name.endswith("*")):
            arguments.option()
        if token == "\\begin" and name in TABLES_WITH_COLUMNS:
            arguments.group()
        return arguments.index
    elif token in LAYOUT_1:
        if arguments.group() is None:
            width = SPACING_WIDTH.match("".join(tex[place : place + 12]))
            return place + (len(width[0]) if width else 0)
        return arguments.index
    elif token in LAYOUT_2:
        arguments.option()
        arguments.argument()
        arguments.argument()
        return arguments.index
    elif token == "\\genfrac":
        said.update(char for _ in range(2) for char in arguments.argument() if char in COMPARED_SIGNS)
        arguments.argument()
        arguments.argument()
        return arguments.index
    elif token in ("\\left", "\\right", "\\middle") and "".join(tex[place : place + 2]).strip().startswith("."):
        return place + 1
    elif token in ("\\sqrt", "\\xrightarrow", "\\xleftarrow", "\\cfrac") or token.startswith("\\x"):
        option = arguments.option()
        if option:
            said.update(char for char in option if char.isascii() and char.isalnum())
            return arguments.index
    elif token == "\\\\":
        option = arguments.option()
        if option is not None and SPACING_WIDTH.fullmatch(option):
            return arguments.index
    return place
