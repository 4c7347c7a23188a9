r"""Compare what a formula's TeX contains with what its MathML shows, to detect what the converter dropped.

Letters, digits and signs are compared one by one; frames, strikes, rules, colors, roots, fractions and accents by
their number; every other command must have left a sign. Layout (spaces, sizes, names) is left out on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from oerbook.formulas.tex_contents import (
    FUNCTION_NAMES,
    GREEK_LETTER_BY_NAME,
    base_letter,
    count_contents,
    find_column_specifications,
)
from oerbook.model.untyped import MathmlNode

COMMANDS_BY_MATHML_ELEMENT: dict[str, tuple[str, ...]] = {
    "mfrac": ("\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\binom", "\\dbinom", "\\tbinom", "\\genfrac", "\\over",
    "\\choose", "\\atop"),
    "root": ("\\sqrt",),
    "frame": ("\\boxed", "\\fbox", "\\fcolorbox", "\\bbox"),
    "strike": ("\\cancel", "\\bcancel", "\\xcancel", "\\sout"),
    "accent": (
        "\\hat", "\\widehat", "\\bar", "\\overline", "\\tilde", "\\widetilde", "\\vec", "\\dot", "\\ddot", "\\dddot",
        "\\acute", "\\grave", "\\check",
        "\\breve", "\\mathring", "\\overbrace", "\\underbrace", "\\underline", "\\overrightarrow", "\\overleftarrow",
        "\\overleftrightarrow",
    ),
    "color": ("\\color", "\\textcolor", "\\colorbox", "\\fcolorbox"),
}  # fmt: skip
# Commands that leave no sign of their own: letters in another style, sizes, spaces, limits and what only groups.
COMMANDS_SHOWING_NO_CHARS = """
begin end left right middle mbox hbox operatorname operatornamewithlimits limits nolimits displaylimits quad
qquad enspace thinspace medspace thickspace nobreakspace space phantom hphantom vphantom smash strut mathstrut
displaystyle textstyle scriptstyle scriptscriptstyle boldsymbol bm pmb bold rm bf it sf tt cal frak scr Bbb
emph hline hdashline hspace vspace kern mkern hskip mskip mspace raisebox raise lower vcenter overset underset
stackrel substack atop nonumber notag label require cr newline tiny scriptsize footnotesize small normalsize
large Large LARGE huge Huge rule cline rlap llap clap allowbreak sideset prescript ce pu def relax hfill class
cssId style not nobreak
"""
# Commands that leave no sign of their own: letters in another style, sizes, spaces, limits and what only groups.
UNPRINTED_COMMAND_PATTERN = re.compile(
    rf"\\(?:[,;:!>\s{{}}|&%$#_\\]|[bB]igg?[lrm]?|neg\w+space|(?:math|text)[a-z]*|@\w+|(?:{'|'.join(COMMANDS_SHOWING_NO_CHARS.split())})\*?)"
)


def find_lost_content(tex: Sequence[str], root: MathmlNode) -> list[str]:
    """Name what the tokens of a formula contain and its MathML does not show, "" if nothing is lost."""
    if "\\begin{CD}" in "".join(tex):
        return []  # letters and signs of a diagram are drawn as arrows
    said, commands = count_contents(tex)
    shown = Counter(_shown_characters(root))
    lost = [f"“{char}”" for char in sorted(said) if said[char] > shown[char]]
    counts = Counter(commands)
    found = _structures(root)
    for kind, names in COMMANDS_BY_MATHML_ELEMENT.items():
        wanted = sum(counts[name] for name in names)
        if kind == "color":
            wanted = min(wanted, 1)
        if wanted > found[kind]:
            lost.append(next(name for name in names if counts[name]))
    if ("\\hline" in counts or "|" in "".join(find_column_specifications(tex))) and not found["rule"]:
        lost.append("the rules of a table")
    symbols = [name for name in commands if _is_symbol(name)]
    if symbols and len(symbols) > _symbols_shown(root, said):
        lost.append(_likeliest(symbols))
    return lost


def _is_symbol(name: str) -> bool:
    if UNPRINTED_COMMAND_PATTERN.fullmatch(name) or any(name in names for names in COMMANDS_BY_MATHML_ELEMENT.values()):
        return False
    return name[1:] not in FUNCTION_NAMES and name[1:] not in GREEK_LETTER_BY_NAME


def _likeliest(symbols: Sequence[str]) -> str:
    return "one of " + ", ".join(sorted(set(symbols))[:6]) if len(set(symbols)) > 1 else symbols[0]


def _symbols_shown(root: MathmlNode, said: Counter[str]) -> int:
    """Return how many characters a formula shows beside its letters, digits and signs; empty elements count as one."""
    text = list(_shown_characters(root, spaces=True))
    empty = sum(
        1
        for node in root.iter("mo", "mspace", "mpadded", "mover", "munder", "munderover", "mmultiscripts", "mroot")
        if not (node.text or "").strip()
    )
    return len(text) - sum(said.values()) + empty


def _shown_characters(root: MathmlNode, spaces: bool = False) -> Iterator[str]:
    for node in root.iter():
        for char in node.text or "":
            if char.isspace() and not spaces:
                continue
            folded = (
                unicodedata.normalize("NFKC", char)
                if ord(char) >= 0x1D400 or "\u0370" <= char <= "\u03ff" or char in "ℂℍℕℙℚℝℤℋℒℬℰℱℐℳℛℭℌℑℜℨℯℊℴℎ"
                else char
            )
            yield base_letter(folded if len(folded) == 1 else char)
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


def _structures(root: MathmlNode) -> Counter[str]:
    found: Counter[str] = Counter()
    for node in root.iter():
        classes = node.get("class", "")
        found["mfrac"] += node.tag == "mfrac"
        found["root"] += node.tag in ("msqrt", "mroot")
        found["frame"] += "math-box" in classes
        found["strike"] += "math-strike" in classes
        found["accent"] += node.tag in ("mover", "munder", "munderover") or node.get("notation") in ("top", "bottom")
        found["color"] += any(node.get(name) is not None for name in ("mathcolor", "mathbackground"))
        found["rule"] += "math-line" in classes
    return found
