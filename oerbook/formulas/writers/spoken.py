"""Describe MathML formulas in English, as text alternatives for screen readers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from lxml import etree

from oerbook.model.untyped import MathmlNode

MAX_ALT_CHARS = 600  # a longer description is of no use to a listener
SYMBOL_NAMES = {
    "+": "plus", "−": "minus", "-": "minus", "=": "equals", "<": "is less than", ">": "is greater than",
    "≤": "is at most", "≥": "is at least", "≠": "is not equal to", "≈": "is approximately", "≡": "is equivalent to",
    "∼": "is distributed as", "∝": "is proportional to", "×": "times", "⋅": "times", "·": "times", "/": "over",
    "±": "plus or minus", "∓": "minus or plus", "∈": "in", "∉": "not in", "⊂": "is a subset of",
    "⊆": "is a subset of or equal to", "∪": "union", "∩": "intersection", "∅": "the empty set", "∞": "infinity",
    "→": "to", "⟶": "to", "↦": "maps to", "⇒": "implies", "⟹": "implies", "⇔": "if and only if",
    "⟺": "if and only if", "←": "from", "∀": "for all", "∃": "there is", "¬": "not", "∧": "and", "∨": "or",
    "∂": "partial", "∇": "nabla", "∑": "the sum", "∏": "the product", "∫": "the integral", "∬": "the double integral",
    "√": "the root of", "′": "prime", "″": "double prime", "…": "dots", "⋯": "dots", "⋮": "dots", "⋱": "dots",
    "|": "bar", "‖": "double bar", "(": "open", ")": "close", "[": "open bracket", "]": "close bracket",
    "{": "open brace", "}": "close brace", "⟨": "open angle", "⟩": "close angle", ",": ",", ";": ";", ":": "such that",
    "!": "factorial", "%": "percent", "≔": "is defined as", "*": "star", "∗": "star", "∘": "composed with",
    "\u2061": "of", "\u2062": "", "\u2063": "", "\u2064": "", "⊤": "transpose", "∣": "given", "≪": "is much less than",
    "≫": "is much greater than", "⊥": "perpendicular", "∥": "is parallel to", "°": "degrees",
}  # fmt: skip
ACCENT_NAMES = {
    "^": "hat", "ˆ": "hat", "‾": "bar", "¯": "bar", "_": "underlined", "~": "tilde", "˜": "tilde", "→": "vector",
    "\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot", "\u0308": "double dot",
    "⃗": "vector", "˙": "dot", "¨": "double dot", "⏞": "under a brace", "⏟": "over a brace",
}  # fmt: skip


def describe_tree(root: MathmlNode) -> str:
    """Return a MathML tree in English words."""
    text = " ".join(_describe(root).split())
    text = re.sub(r"([,;]) ?(?=[,;.])", "", re.sub(r" (?=[,;])", "", text)).rstrip(",")
    if len(text) > MAX_ALT_CHARS:
        text = text[: MAX_ALT_CHARS - 1].rsplit(" ", 1)[0] + " …"
    return text or "empty formula"


def _describe(node: MathmlNode) -> str:
    name = etree.QName(node).localname
    if name in ("annotation", "annotation-xml", "mspace", "mphantom"):
        return ""
    if name == "semantics":
        return _describe(node[0]) if len(node) else ""
    rule = ELEMENT_RULES.get(name)
    if rule is not None:
        return rule(node)
    return " ".join(_describe(child) for child in node)


def _leaf(node: MathmlNode) -> str:
    text = (node.text or "").strip()
    if len(text) != 1:
        return SYMBOL_NAMES.get(text, text)
    return SYMBOL_NAMES.get(text, _char_name(text))


def _char_name(char: str) -> str:
    """Return the spoken name of a character, based on its Unicode name."""
    plain = unicodedata.normalize("NFKC", char)
    if plain.isascii():
        return f"capital {plain}" if plain.isupper() else plain
    if len(plain) != 1:
        return plain
    name = unicodedata.name(plain, char).lower()
    for prefix in ("greek small letter ", "greek "):
        if name.startswith(prefix):
            letter = name.removeprefix(prefix).replace("capital letter", "capital").replace(" symbol", "")
            return letter.replace("lamda", "lambda")  # Unicode spells it lamda
    return plain if plain.isalpha() else name


def _fraction(node: MathmlNode) -> str:
    if node.get("linethickness") in ("0", "0px"):
        return f"{_child(node, 0)} choose {_child(node, 1)}"
    top, bottom = _child(node, 0), _child(node, 1)
    if len(top) < 12 and len(bottom) < 12:
        return f"{top} over {bottom}"
    return f"the fraction {top} over {bottom} end fraction,"


def _superscript(node: MathmlNode) -> str:
    return _with_superscript(_child(node, 0), _child(node, 1))


def _with_superscript(base: str, top: str) -> str:
    special = {"2": "squared", "3": "cubed", "prime": "prime", "double prime": "double prime", "star": "star"}
    if top in special:
        return f"{base} {special[top]}"
    if top in ("transpose", "capital T"):
        return f"{base} transpose"
    if top == "minus 1":
        return f"{base} inverse"
    return f"{base} to the power {top}" + (" end power," if " " in top else "")


def _subscript(node: MathmlNode) -> str:
    return _with_subscript(_child(node, 0), _child(node, 1))


LIMIT_NAMES = {"lim": "the limit", "lim sup": "the upper limit", "lim inf": "the lower limit"}
OPTIMUM_NAMES = {"max": "the maximum", "min": "the minimum", "sup": "the supremum", "inf": "the infimum",
          "arg max": "the argument of the maximum", "arg min": "the argument of the minimum"}  # fmt: skip


def _with_subscript(base: str, low: str) -> str:
    """Describe a base with a subscript, and where a long subscript ends."""
    name = base.removesuffix("of").strip()
    if name in LIMIT_NAMES:
        return f"{LIMIT_NAMES[name]} as {low} of"
    if name in OPTIMUM_NAMES:
        return f"{OPTIMUM_NAMES[name]} over {low} of"
    is_long = len(low.split()) > 1 and not re.fullmatch(r"(capital )?\w+|\w(, \w)+|\w \w", low)
    return f"{base} sub {low}" + (" end sub" if is_long else "")


def _subscript_and_superscript(node: MathmlNode) -> str:
    base = _child(node, 0)
    if base in SYMBOL_NAMES.values() and base.startswith("the "):
        return f"{base} from {_child(node, 1)} to {_child(node, 2)} of"
    return _with_superscript(_with_subscript(base, _child(node, 1)), _child(node, 2))


def _overscript(node: MathmlNode) -> str:
    base, top = _child(node, 0), (node[1].text or "").strip() if len(node) > 1 else ""
    return f"{base} {ACCENT_NAMES[top]}" if top in ACCENT_NAMES else f"{base} with {_child(node, 1)} above"


def _underscript(node: MathmlNode) -> str:
    base, low = _child(node, 0), (node[1].text or "").strip() if len(node) > 1 else ""
    if low in ACCENT_NAMES:
        return f"{base} {ACCENT_NAMES[low]}"
    if base.removesuffix("of").strip() in {*LIMIT_NAMES, *OPTIMUM_NAMES}:
        return _with_subscript(base, _child(node, 1))
    if base.startswith("the "):
        return f"{base} over {_child(node, 1)} of"
    return f"{base} under {_child(node, 1)}"


def _table(node: MathmlNode) -> str:
    rows = [row for row in node if etree.QName(row).localname == "mtr"]
    if len(rows) > 1 and all(len(row) <= 3 for row in rows) and any("=" in "".join(row.itertext()) for row in rows):
        return "; ".join(" ".join(_describe(cell) for cell in row) for row in rows)
    if len(rows) == 1:
        return " ".join(_describe(cell) for cell in rows[0])
    previous = node.getprevious()
    is_cases = previous is not None and "".join(previous.itertext()).strip() == "{"
    title, row_label = (f"{len(rows)} cases", "case") if is_cases else (_matrix_size(rows), "row")
    lines = [", ".join(_child(row, n) for n in range(len(row))) for row in rows]
    return f"{title}: " + "; ".join(f"{row_label} {n}: {line}" for n, line in enumerate(lines, start=1)) + ";"


def _matrix_size(rows: list[MathmlNode]) -> str:
    """Describe the size of a matrix; one with a single column is a column."""
    columns = max(len(row) for row in rows)
    return f"column of {len(rows)}" if columns == 1 else f"{len(rows)} by {columns} matrix"


def _child(node: MathmlNode, index: int) -> str:
    """Describe a child of a node, "" if it does not exist."""
    return " ".join(_describe(node[index]).split()) if len(node) > index else ""


ROOT_NAMES = {"2": "square", "3": "cube"}


def _root(node: MathmlNode) -> str:
    degree = _child(node, 1)
    return f"the {ROOT_NAMES.get(degree, degree + 'th')} root of {_child(node, 0)}"


ELEMENT_RULES: dict[str, Callable[[MathmlNode], str]] = {
    "mi": _leaf,
    "mn": lambda node: (node.text or "").strip(),
    "mo": _leaf,
    "mtext": lambda node: " ".join((node.text or "").split()),
    "ms": lambda node: (node.text or "").strip(),
    "mfrac": _fraction,
    "msup": _superscript,
    "msub": _subscript,
    "msubsup": _subscript_and_superscript,
    "munderover": _subscript_and_superscript,
    "mover": _overscript,
    "munder": _underscript,
    "msqrt": lambda node: "the square root of " + " ".join(_describe(child) for child in node),
    "mroot": _root,
    "mtable": _table,
}
