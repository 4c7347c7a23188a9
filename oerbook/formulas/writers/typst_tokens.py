"""Letters, numbers, operators, words and spaces of a formula in Typst, escaped so that none of them is read as code."""

from __future__ import annotations

import re

from oerbook.formulas.mathml import length_em
from oerbook.model.untyped import MathmlNode

NUMBER_PATTERN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
# Characters that math fonts have. Others are words, for which Typst looks into all fonts of the book.
CHAR_OF_MATH_FONTS = re.compile(
    r"[\u0021-\u017f\u0370-\u03ff\u2000-\u23ff\u2500-\u27ff\u2900-\u2bff\U0001d400-\U0001d7ff]"
)


def escape_char(sign: str) -> str:
    """Return one character so that Typst reads nothing into it."""
    return sign if sign.isalnum() and not sign.isascii() else f"\\u{{{ord(sign):x}}}"


def typst_string(text: str) -> str:
    """Return a string of Typst, in which only quotes and back-slashes mean something."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_identifier(node: MathmlNode) -> str:
    """Write a letter, a name, or letters of another alphabet."""
    text = node.text or ""
    if not text:
        return ""
    if len(text) == 1 and not CHAR_OF_MATH_FONTS.match(text):
        return f"#{typst_string(text)};"
    if len(text) > 1:
        return f"#{typst_string(text)};" if not _is_combined(text) else " ".join(text)
    return f"upright({_letter(text)})" if node.get("mathvariant") == "normal" else _letter(text)


def _letter(sign: str) -> str:
    return sign if sign.isalpha() else f'class("normal", {escape_char(sign)})'


def _is_combined(text: str) -> bool:
    """Say whether a text of several characters is letters of another alphabet of Unicode, such as 𝑑𝑖𝑓𝑓."""
    return all(0x1D400 <= ord(sign) <= 0x1D7FF for sign in text)


def write_number(node: MathmlNode) -> str:
    """Write a number."""
    text = node.text or ""
    return text if NUMBER_PATTERN.fullmatch(text) else f"#{typst_string(text)};"


def write_operator(node: MathmlNode) -> str:
    """Write an operator with the class or the spaces that it has in the tree."""
    text = node.text or ""
    if text in ("", "\u2061", "\u2062", "\u2063", "\u2064"):
        return ""
    if not CHAR_OF_MATH_FONTS.match(text):
        return f"#{typst_string(text)};"
    markup = escape_char(text) if len(text) == 1 else f"op({typst_string(text)})"
    if length_em(node.get("minsize", "0")):
        grown = f"lr(size: #{length_em(node.get('minsize'))}em, {markup})"
        return f'class("normal", {grown})' if text in "|‖/\\" else grown
    if node.get("form") == "infix" and node.get("stretchy") == "true":
        return f"mid({markup})"
    if node.get("form") == "infix" and text in "+−-±∓":
        return f'class("binary", {markup})'
    spaces = [node.get(side) for side in ("lspace", "rspace")]
    if all(spaces) and any(map(length_em, spaces)):
        left, right = (f"#h({length_em(str(space)):.4g}em);" for space in spaces)
        return f'{left}class("normal", {markup}){right}'
    if all(space is not None and not length_em(space) for space in spaces) or (
        text in "|‖" and node.get("form") != "infix"
    ):
        kind = (
            {"prefix": "opening", "postfix": "closing"}.get(node.get("form", ""), "normal")
            if text in "|‖"
            else "normal"
        )
        return f'class("{kind}", {markup})'
    return markup


def write_text(node: MathmlNode) -> str:
    """Write words."""
    words = "".join(node.itertext())
    return f"#{typst_string(words)};" if words else ""


def write_space(node: MathmlNode) -> str:
    """Write a space, or a rule, which MathML draws as one."""
    if node.get("mathbackground"):  # a rule: a drawn bar, as bonds of chemistry have
        width, height = (f"{length_em(node.get(side, '0')):.4g}em" for side in ("width", "height"))
        return f"#std.box(width: {width}, height: {height}, fill: black);"
    back = re.search(r"math-back-(\d+)", node.get("class", ""))
    wide = -int(back[1]) / 18 if back else length_em(node.get("width", "0"))
    return f"#h({wide:.4g}em);" if wide else ""
