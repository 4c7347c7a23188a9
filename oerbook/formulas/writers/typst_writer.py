"""Typst's markup of a formula, written from its MathML, so that paper shows what the screen shows.

Every character is escaped and every piece is a call with its arguments in `$…$`, so that nothing that
an author writes is read as code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.formulas.mathml import UnknownMathMLError, length_em
from oerbook.formulas.writers.typst_tables import is_rows_of_equations, write_equations, write_table
from oerbook.formulas.writers.typst_tokens import (
    escape_char,
    write_identifier,
    write_number,
    write_operator,
    write_space,
    write_text,
)
from oerbook.model.untyped import MathmlNode

COMBINING_ACCENTS = {
    "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303", "‾": "\u0304", "¯": "\u0304", "ˉ": "\u0304",
    "˘": "\u0306", "˙": "\u0307", "¨": "\u0308",
    "˚": "\u030a", "ˇ": "\u030c", "´": "\u0301", "`": "\u0300", "→": "\u20d7", "⃗": "\u20d7", "←": "\u20d6",
    "↔": "\u20e1",
    "⃛": "\u20db", "⃜": "\u20dc", "ˋ": "\u0300", "ˊ": "\u0301", "⇀": "\u20d1", "↼": "\u20d0",
}  # fmt: skip
TYPST_FUNCTION_BY_CHAR_ABOVE = {
    "⏞": "overbrace",
    "⏜": "overparen",
    "⎴": "overbracket",
    "‾": "overline",
    "¯": "overline",
}
TYPST_FUNCTION_BY_CHAR_BELOW = {
    "⏟": "underbrace",
    "⏝": "underparen",
    "⎵": "underbracket",
    "_": "underline",
    "‾": "underline",
    "¯": "underline",
}
LIMIT_ELEMENTS = {"munder", "mover", "munderover"}
HEX_COLOR = re.compile(r"#[0-9a-f]{6}")


def write_typst(root: MathmlNode, display: bool) -> str:
    """Return the Typst markup of a formula, without the dollar signs around it.

    Raises UnknownMathMLError when the tree holds an element that has no form in Typst.
    """
    children = list(root)
    if len(children) == 1 and children[0].tag == "mrow" and not children[0].attrib:
        children = list(children[0])
    if display and len(children) == 1 and children[0].tag == "mtable" and is_rows_of_equations(children[0]):
        return write_equations(children[0], _row)
    return _row(children)


def _row(nodes: Sequence[MathmlNode]) -> str:
    """Return a row; fences that grow are drawn together with what they hold."""
    nodes = [node for node in nodes if isinstance(node.tag, str)]
    if len(nodes) > 1 and _is_fence(nodes[0], "prefix") and _is_fence(nodes[-1], "postfix"):
        opened, closed = (_fence(nodes[place]) for place in (0, -1))
        if opened or closed:
            return f"lr({opened}{_padded(_sequence(nodes[1:-1]))}{closed})"
        return _sequence(nodes[1:-1])
    return _sequence(nodes)


def _sequence(nodes: Sequence[MathmlNode]) -> str:
    out = ""
    for part in filter(None, map(_node, nodes)):
        # Typst shows a space that stands beside words, so that there is none.
        out += part if not out or out.endswith(";") or part.startswith("#") else f" {part}"
    return out or '""'


def _padded(markup: str) -> str:
    """Return markup with a space on each side that is no word."""
    return ("" if markup.startswith("#") else " ") + markup + ("" if markup.endswith(";") else " ")


def _is_fence(node: MathmlNode, form: str) -> bool:
    return (
        node.tag == "mo" and node.get("stretchy") == "true" and node.get("form") == form and len(node.text or "") <= 1
    )


def _fence(node: MathmlNode) -> str:
    sign = node.text or ""
    if not sign:
        return ""
    kind = {"prefix": "opening", "postfix": "closing"}[node.get("form")]
    return _colored(node, f'class("{kind}", {escape_char(sign)})')


def _node(node: MathmlNode) -> str:
    rule = RULE_BY_ELEMENT.get(node.tag)
    if rule is None:
        raise UnknownMathMLError(f"<{node.tag}>")
    return _colored(node, rule(node))


def _colored(node: MathmlNode, markup: str) -> str:
    """Return markup in the color and on the background of a node."""
    color, ground, size = (node.get(f"math{name}") for name in ("color", "background", "size"))
    if color:
        markup = f"#text(fill: {_color(color)})[${markup}$];"
    if ground and node.tag != "mspace":
        markup = f"#std.box(fill: {_color(ground)}, outset: (y: 0.2em), inset: (x: 0.1em))[${markup}$];"
    if size and length_em(size):
        markup = f"#text(size: {length_em(size)}em)[${markup}$];"
    return markup


def _color(name: str) -> str:
    if re.fullmatch(r"#[0-9a-f]{3}", name):
        name = "#" + "".join(sign * 2 for sign in name[1:])
    if HEX_COLOR.fullmatch(name):
        return f'rgb("{name}")'
    raise UnknownMathMLError(f"the color {name}")


def _parts(node: MathmlNode) -> list[str]:
    return [_argument(child) for child in node]


def _argument(node: MathmlNode) -> str:
    """Return a node as one argument of a call."""
    return _node(node) or '""'


def _fraction(node: MathmlNode) -> str:
    top, bottom = _parts(node)
    if length_em(node.get("linethickness", "1")) == 0:
        return f"mat(delim: #none, row-gap: #0.25em, {top}; {bottom})"
    return f"frac({top}, {bottom})"


def _padded_box(node: MathmlNode) -> str:
    """Return content at another height, as \\raisebox sets it; other paddings change nothing that is seen."""
    body, raised = _row(list(node)), length_em(node.get("voffset", "0"))
    return f"#std.box(move(dy: {-raised:.4g}em)[${body}$]);" if raised else body


def _scripts(node: MathmlNode) -> str:
    """Return a base with scripts beside it or limits over and under it."""
    keys = {"msub": "b", "msup": "t", "msubsup": "bt", "munder": "b", "mover": "t", "munderover": "bt"}[node.tag]
    if len(node) != len(keys) + 1:
        raise UnknownMathMLError(f"<{node.tag}> with {len(node)} parts")
    base, parts = node[0], _parts(node)
    named = ", ".join(f"{key}: {part}" for key, part in zip(keys, parts[1:], strict=True))
    if node.tag not in LIMIT_ELEMENTS:
        return f"attach(scripts({parts[0]}), {named})"
    if base.tag == "mo" and base.get("stretchy") == "true" and base.text in "→←↔⇒⇐⇔⇌↦⟶⟵=⇄⇋↪↩⟹⟸⟺⇀⇁↼↽":
        return f"attach(limits(stretch({escape_char(base.text)}, size: #(100% + 0.9em))), {named})"
    return f"attach(limits({parts[0]}), {named})"


def _over(node: MathmlNode) -> str:
    base, over = node
    sign = _only_sign(over)
    if sign in TYPST_FUNCTION_BY_CHAR_ABOVE and (sign not in COMBINING_ACCENTS or over.get("stretchy") == "true"):
        return f"{TYPST_FUNCTION_BY_CHAR_ABOVE[sign]}({_argument(base)})"
    if node.get("accent") == "true" and sign in COMBINING_ACCENTS:
        size = "" if over.get("stretchy") == "true" else ", size: #100%"
        return f"accent({_argument(base)}, {escape_char(COMBINING_ACCENTS[sign])}{size})"
    if (
        base.tag == "mover"
        and _only_sign(base[1]) in TYPST_FUNCTION_BY_CHAR_ABOVE
        and base[1].get("stretchy") == "true"
    ):
        return f"{TYPST_FUNCTION_BY_CHAR_ABOVE[_only_sign(base[1])]}({_argument(base[0])}, {_argument(over)})"
    if over.tag == "mspace":  # what makes an arrow long enough
        return (
            f"stretch({_argument(base)}, size: #{max(length_em(over.get('width', '1')), 1):.4g}em)"
            if base.tag == "mo"
            else _argument(base)
        )
    return _scripts(node)


def _under(node: MathmlNode) -> str:
    base, under = node
    sign = _only_sign(under)
    if sign in TYPST_FUNCTION_BY_CHAR_BELOW and under.get("stretchy") == "true":
        return f"{TYPST_FUNCTION_BY_CHAR_BELOW[sign]}({_argument(base)})"
    if (
        base.tag == "munder"
        and _only_sign(base[1]) in TYPST_FUNCTION_BY_CHAR_BELOW
        and base[1].get("stretchy") == "true"
    ):
        return f"{TYPST_FUNCTION_BY_CHAR_BELOW[_only_sign(base[1])]}({_argument(base[0])}, {_argument(under)})"
    if under.tag == "mspace":
        return _argument(base)
    return _scripts(node)


def _only_sign(node: MathmlNode) -> str:
    return (node.text or "").strip() if node.tag == "mo" and not len(node) else ""


def _prescripts(node: MathmlNode) -> str:
    """Return a letter with scripts before it and behind it."""
    base, *rest = node
    split = next((place for place, child in enumerate(rest) if child.tag == "mprescripts"), len(rest))
    named = [*zip(("br", "tr"), rest[:split], strict=False), *zip(("bl", "tl"), rest[split + 1 :], strict=False)]
    # Each script is written once: writing it again to look at it doubles the work at every level of nested scripts.
    written = [(key, _node(child)) for key, child in named if child.tag not in ("none", "mprescripts")]
    shown = [f"{key}: {markup}" for key, markup in written if markup not in ("", '""')]
    return f"attach({', '.join([_argument(base), *shown])})"


def _enclosed(node: MathmlNode) -> str:
    notation = node.get("notation", "").split()
    body = _row(list(node))
    if "box" in notation:
        return f"#std.box(stroke: 0.5pt, inset: (x: 0.3em), outset: (y: 0.3em))[$display({body})$];"
    up, down = ("updiagonalstrike" in notation, "downdiagonalstrike" in notation)
    if up or down:
        how = ", cross: #true" if up and down else ", inverted: #true" if down else ""
        return f"cancel({body}{how})"
    if "horizontalstrike" in notation:
        return f"cancel({body}, angle: #90deg)"
    sides = {"left", "right", "top", "bottom"} & set(notation)
    if sides and sides == set(notation):
        strokes = ", ".join(f"{side}: 0.5pt" for side in sorted(sides))
        return f"#std.box(stroke: ({strokes}), inset: (x: 0.2em), outset: (y: 0.2em))[${body}$];"
    raise UnknownMathMLError(f"<menclose notation={' '.join(notation)}>")


def _styled(node: MathmlNode) -> str:
    body = _row(list(node))
    level, display = node.get("scriptlevel"), node.get("displaystyle")
    if level in ("1", "2"):
        return f"{'sscript' if level == '2' else 'script'}({body})"
    return (
        f"display({body})" if display == "true" else f"inline({body})" if display == "false" and level == "0" else body
    )


RULE_BY_ELEMENT: dict[str, Callable[[MathmlNode], str]] = {
    "math": lambda node: _row(list(node)),
    "mrow": lambda node: _row(list(node)),
    "mpadded": _padded_box,
    "mtd": lambda node: _row(list(node)),
    "mi": write_identifier,
    "mn": write_number,
    "mo": write_operator,
    "mtext": write_text,
    "ms": write_text,
    "mspace": write_space,
    "mfrac": _fraction,
    "msqrt": lambda node: f"sqrt({_row(list(node))})",
    "mroot": lambda node: f"root({_argument(node[1])}, {_argument(node[0])})",
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munderover": _scripts,
    "mover": _over,
    "munder": _under,
    "mmultiscripts": _prescripts,
    "menclose": _enclosed,
    "mstyle": _styled,
    "mtable": lambda node: write_table(node, _row),
    "mphantom": lambda node: f"#hide[${_row(list(node))}$];",
    "none": lambda _node: "",
    "mprescripts": lambda _node: "",
}
