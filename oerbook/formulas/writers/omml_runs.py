"""Runs of letters, spaces and borders in OMML."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from xml.sax.saxutils import escape

from oerbook.formulas.mathml import length_em
from oerbook.model.untyped import MathmlNode

SPACE_CHAR_BY_WIDTH_EM = (
    (0.9, "\u2003"),
    (0.45, "\u2002"),
    (0.26, "\u2004"),
    (0.2, "\u2005"),
    (0.1, "\u2009"),
)  # at least so many em
MAX_SPACE_EM = 40  # as wide as a page
FONT_PROPERTIES = '<w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/>'
STYLE_BY_UNICODE_NAME = (
    ("SANS-SERIF", "sans-serif"),
    ("MONOSPACE", "monospace"),
    ("DOUBLE-STRUCK", "double-struck"),
    ("FRAKTUR", "fraktur"),
    ("SCRIPT", "script"),
)


def text_run(text: str, run_properties: str, style: str = "", words: bool = False) -> str:
    """Return a run of text in the font for formulas, as a word or in a mathematical style."""
    if not text:
        return ""
    properties = "<m:nor/>" if words else style
    math = f"<m:rPr>{properties}</m:rPr>" if properties else ""
    properties = f"<w:rPr>{FONT_PROPERTIES}{run_properties}</w:rPr>"
    return f'<m:r>{math}{properties}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>'


def letter_run(node: MathmlNode, run_properties: str) -> str:
    """Return letters, digits or words; letters of other alphabets are written as plain letters in their style."""
    text = node.text or ""
    names = [unicodedata.name(char, "") for char in text]
    if text and all(ord(char) >= 0x1D400 or char in "ℂℍℕℙℚℝℤℋℒℬℰℱℐℳℛℭℌℨℯℊℴ" for char in text):
        return text_run(unicodedata.normalize("NFKC", text), run_properties, math_style_properties(names[0]))
    plain = len(text) > 1 or node.get("mathvariant") == "normal" or not text.isalpha()
    return text_run(text, run_properties, '<m:sty m:val="p"/>' if plain else "")


def math_style_properties(name: str) -> str:
    """Return the properties of a letter of another alphabet by the name that Unicode gives it."""
    alphabet = next((value for words, value in STYLE_BY_UNICODE_NAME if words in name), "")
    bold, italic = "BOLD" in name, "ITALIC" in name
    weight = {(True, True): "bi", (True, False): "b", (False, True): "i", (False, False): "p"}[bold, italic]
    return (f'<m:scr m:val="{alphabet}"/>' if alphabet else "") + f'<m:sty m:val="{weight}"/>'


def space_run(node: MathmlNode, run_properties: str) -> str:
    """Return a space of about the same width, or a rule."""
    if node.get("mathbackground"):  # a rule: a drawn bar, as bonds of chemistry have
        return text_run("–", run_properties)
    wide = length_em(node.get("width", "0"))
    count = round(min(wide, MAX_SPACE_EM)) if wide >= 1 else 1
    return text_run(next((char * count for least, char in SPACE_CHAR_BY_WIDTH_EM if wide >= least), ""), run_properties)


def with_borders(inside: str, sides: set[str], strikes: Sequence[str] = ()) -> str:
    """Return content with borders on some sides, and strikes through it."""
    hidden = [
        f"<m:{name}/>"
        for side, name in (("top", "hideTop"), ("bottom", "hideBot"), ("left", "hideLeft"), ("right", "hideRight"))
        if side not in sides
    ]
    struck = [f"<m:{name}/>" for name in ("strikeH", "strikeV", "strikeBLTR", "strikeTLBR") if name in strikes]
    return f"<m:borderBox><m:borderBoxPr>{''.join(hidden + struck)}</m:borderBoxPr><m:e>{inside}</m:e></m:borderBox>"


def column_justification(classes: str) -> str:
    """Return how a column is aligned."""
    return "left" if "math-left" in classes else "right" if "math-right" in classes else "center"
