"""A formula in words, from its MathML: what a screen reader says where it cannot read the formula itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from lxml import etree

MOST = 600  # characters: beyond that, hearing a formula in one go helps nobody
SIGNS = {
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
ACCENTS = {
    "^": "hat", "ˆ": "hat", "‾": "bar", "¯": "bar", "_": "underlined", "~": "tilde", "˜": "tilde", "→": "vector",
    "\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot", "\u0308": "double dot",
    "⃗": "vector", "˙": "dot", "¨": "double dot", "⏞": "under a brace", "⏟": "over a brace",
}  # fmt: skip


def speak(mathml: str) -> str:
    """Return a formula in English words.

    >>> speak("<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>")
    'a over b'
    """
    try:
        root = etree.fromstring(mathml.encode())
    except etree.XMLSyntaxError:
        return ""
    words = re.sub(r"([,;]) ?(?=[,;.])", "", re.sub(r" (?=[,;])", "", " ".join(_say(root).split()))).rstrip(",")
    if len(words) > MOST:
        words = words[: MOST - 1].rsplit(" ", 1)[0] + " …"
    return words or "empty formula"


def _say(node: Any) -> str:
    name = etree.QName(node).localname
    if name in ("annotation", "annotation-xml", "mspace", "mphantom"):
        return ""
    if name == "semantics":
        return _say(node[0]) if len(node) else ""
    rule = RULES.get(name)
    if rule is not None:
        return rule(node)
    return " ".join(_say(child) for child in node)


def _leaf(node: Any) -> str:
    text = (node.text or "").strip()
    if len(text) != 1:
        return SIGNS.get(text, text)
    return SIGNS.get(text, _letter(text))


def _letter(sign: str) -> str:
    """Return a letter's spoken name; one from another alphabet or style by the name that Unicode gives it."""
    plain = unicodedata.normalize("NFKC", sign)
    if plain.isascii():
        return f"capital {plain}" if plain.isupper() else plain
    if len(plain) != 1:
        return plain
    name = unicodedata.name(plain, sign).lower()
    for start in ("greek small letter ", "greek "):
        if name.startswith(start):
            found = name.removeprefix(start).replace("capital letter", "capital").replace(" symbol", "")
            return found.replace("lamda", "lambda")  # Unicode's own spelling
    return plain if plain.isalpha() else name


def _fraction(node: Any) -> str:
    if node.get("linethickness") in ("0", "0px"):
        return f"{_part(node, 0)} choose {_part(node, 1)}"
    top, bottom = _part(node, 0), _part(node, 1)
    if len(top) < 12 and len(bottom) < 12:
        return f"{top} over {bottom}"
    return f"the fraction {top} over {bottom} end fraction,"


def _power(node: Any) -> str:
    return _raised(_part(node, 0), _part(node, 1))


def _raised(base: str, top: str) -> str:
    special = {"2": "squared", "3": "cubed", "prime": "prime", "double prime": "double prime", "star": "star"}
    if top in special:
        return f"{base} {special[top]}"
    if top in ("transpose", "capital T"):
        return f"{base} transpose"
    if top == "minus 1":
        return f"{base} inverse"
    return f"{base} to the power {top}" + (" end power," if " " in top else "")


def _index(node: Any) -> str:
    return _lowered(_part(node, 0), _part(node, 1))


LIMITS = {"lim": "the limit", "lim sup": "the upper limit", "lim inf": "the lower limit"}
CHOSEN = {"max": "the maximum", "min": "the minimum", "sup": "the supremum", "inf": "the infimum",
          "arg max": "the argument of the maximum", "arg min": "the argument of the minimum"}  # fmt: skip


def _lowered(base: str, low: str) -> str:
    """Say where an index of several words ends: x sub t plus 1 could be two things."""
    name = base.removesuffix("of").strip()
    if name in LIMITS:
        return f"{LIMITS[name]} as {low} of"
    if name in CHOSEN:
        return f"{CHOSEN[name]} over {low} of"
    long = len(low.split()) > 1 and not re.fullmatch(r"(capital )?\w+|\w(, \w)+|\w \w", low)
    return f"{base} sub {low}" + (" end sub" if long else "")


def _both(node: Any) -> str:
    base = _part(node, 0)
    if base in SIGNS.values() and base.startswith("the "):
        return f"{base} from {_part(node, 1)} to {_part(node, 2)} of"
    return _raised(_lowered(base, _part(node, 1)), _part(node, 2))


def _over(node: Any) -> str:
    base, top = _part(node, 0), (node[1].text or "").strip() if len(node) > 1 else ""
    return f"{base} {ACCENTS[top]}" if top in ACCENTS else f"{base} with {_part(node, 1)} above"


def _under(node: Any) -> str:
    base, low = _part(node, 0), (node[1].text or "").strip() if len(node) > 1 else ""
    if low in ACCENTS:
        return f"{base} {ACCENTS[low]}"
    joint = "over" if base.startswith("the ") else "with respect to"
    if base.removesuffix("of").strip() in {*LIMITS, *CHOSEN}:
        return _lowered(base, _part(node, 1))
    return f"{base} {joint} {_part(node, 1)} of" if joint == "over" else f"{base} under {_part(node, 1)}"


def _table(node: Any) -> str:
    rows = [row for row in node if etree.QName(row).localname == "mtr"]
    if len(rows) > 1 and all(len(row) <= 3 for row in rows) and any("=" in "".join(row.itertext()) for row in rows):
        return "; ".join(" ".join(_say(cell) for cell in row) for row in rows)
    if len(rows) == 1:
        return " ".join(_say(cell) for cell in rows[0])
    before = node.getprevious()
    cases = before is not None and "".join(before.itertext()).strip() == "{"
    what, one = (f"{len(rows)} cases", "case") if cases else (_size(rows), "row")
    lines = [", ".join(_part(row, n) for n in range(len(row))) for row in rows]
    return f"{what}: " + "; ".join(f"{one} {n}: {line}" for n, line in enumerate(lines, start=1)) + ";"


def _size(rows: list[Any]) -> str:
    """Say how many rows and columns a matrix has; one column is a vector."""
    columns = max(len(row) for row in rows)
    return f"column of {len(rows)}" if columns == 1 else f"{len(rows)} by {columns} matrix"


def _part(node: Any, place: int) -> str:
    return " ".join(_say(node[place]).split()) if len(node) > place else ""


ROOTS = {"2": "square", "3": "cube"}
RULES: dict[str, Callable[[Any], str]] = {
    "mi": _leaf,
    "mn": lambda node: (node.text or "").strip(),
    "mo": _leaf,
    "mtext": lambda node: " ".join((node.text or "").split()),
    "ms": lambda node: (node.text or "").strip(),
    "mfrac": _fraction,
    "msup": _power,
    "msub": _index,
    "msubsup": _both,
    "munderover": _both,
    "mover": _over,
    "munder": _under,
    "msqrt": lambda node: "the square root of " + " ".join(_say(child) for child in node),
    "mroot": lambda node: f"the {ROOTS.get(_part(node, 1), _part(node, 1) + 'th')} root of {_part(node, 0)}",
    "mtable": _table,
}
