"""A formula as plain text, for titles, links and lists that hold letters only: ℓ₁, x², a/b."""

from __future__ import annotations

from collections.abc import Callable

from oerbook.model.untyped import MathmlNode

SUBSCRIPT_CHARS = dict(
    zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
SUPERSCRIPT_CHARS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzT*∗′″†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ**′″†",
        strict=True,
    )
)
COMBINING_ACCENTS = {
    "ˆ": "\u0302",
    "^": "\u0302",
    "~": "\u0303",
    "‾": "\u0304",
    "˙": "\u0307",
    "¨": "\u0308",
    "→": "\u20d7",
}
INVISIBLE_OPERATORS = "\u2061\u2062\u2063\u2064"


def write_plain_text(node: MathmlNode) -> str:
    """Return a MathML tree as plain text."""
    if node.tag == "mphantom":
        return ""
    rule = RULE_BY_ELEMENT.get(node.tag)
    if rule is not None:
        return rule(node)
    text = (node.text or "").strip(INVISIBLE_OPERATORS) if not len(node) else ""
    return text + "".join(map(write_plain_text, node))


def _script(text: str, alphabet: dict[str, str], sign: str) -> str:
    if text and all(char in alphabet for char in text):
        return "".join(alphabet[char] for char in text)
    return f"{sign}{text}" if len(text) < 2 else f"{sign}({text})"


def _scripts(node: MathmlNode) -> str:
    base, *scripts = (write_plain_text(child) for child in node)
    if node.tag in ("msub", "munder"):
        return base + _script(scripts[0], SUBSCRIPT_CHARS, "_")
    if node.tag == "msup":
        return base + _script(scripts[0], SUPERSCRIPT_CHARS, "^")
    return base + _script(scripts[0], SUBSCRIPT_CHARS, "_") + _script(scripts[1], SUPERSCRIPT_CHARS, "^")


def _over(node: MathmlNode) -> str:
    base, over = (write_plain_text(child) for child in node)
    return base + (
        COMBINING_ACCENTS[over]
        if over in COMBINING_ACCENTS and len(base) == 1
        else _script(over, SUPERSCRIPT_CHARS, "^")
    )


def _fraction(node: MathmlNode) -> str:
    top, bottom = (write_plain_text(child) for child in node)
    return "/".join(part if len(part) < 2 or part.isalnum() else f"({part})" for part in (top, bottom))


def _root(node: MathmlNode) -> str:
    inside = "".join(map(write_plain_text, node))
    return f"√{inside}" if len(inside) < 2 else f"√({inside})"


RULE_BY_ELEMENT: dict[str, Callable[[MathmlNode], str]] = {
    **dict.fromkeys(("msub", "msup", "msubsup", "munder", "munderover"), _scripts),
    "mover": _over,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": lambda node: f"√[{write_plain_text(node[1])}]({write_plain_text(node[0])})",
    "mspace": lambda node: " " if node.get("width", "0") not in ("0", "0em") else "",
    "mtr": lambda node: " ".join(map(write_plain_text, node)),
    "mtable": lambda node: "; ".join(map(write_plain_text, node)),
}
