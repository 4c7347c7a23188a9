"""Describe MathML formulas in words, as text alternatives for screen readers.

Rules decide on English words, so every phrase is built in English and in the language of the book at once. Catalogs
translate the messages; a language without a catalog has no description.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from lxml import etree

from oerbook.formulas.writers.phrases import Phrase, PhraseTranslator, join_phrases, untranslated
from oerbook.model.untyped import MathmlNode
from oerbook.text.translations import base_language, translated_languages

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
LIMIT_NAMES = {"lim": "the limit", "lim sup": "the upper limit", "lim inf": "the lower limit"}
OPTIMUM_NAMES = {"max": "the maximum", "min": "the minimum", "sup": "the supremum", "inf": "the infimum",
          "arg max": "the argument of the maximum", "arg min": "the argument of the minimum"}  # fmt: skip
# Exponents by their English words, and the message for a base with each of them.
POWER_MESSAGES = {
    "2": "{base} squared", "3": "{base} cubed", "prime": "{base} prime", "double prime": "{base} double prime",
    "star": "{base} star", "transpose": "{base} transpose", "capital T": "{base} transpose",
    "minus 1": "{base} inverse",
}  # fmt: skip
ROOT_MESSAGES = {"2": "the square root of {content}", "3": "the cube root of {content}"}
GREEK_LETTERS = frozenset(
    ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
     "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"]
)  # fmt: skip


def has_words_for(language: str) -> bool:
    """Return whether there are words for formulas in a language."""
    return base_language(language) in ("en", "", *translated_languages())


def describe_tree(root: MathmlNode, language: str = "en") -> str:
    """Return a MathML tree in words of a language."""
    speaker = PhraseTranslator(language)
    text = " ".join(_describe(speaker, root).text.split())
    text = re.sub(r"([,;]) ?(?=[,;.])", "", re.sub(r" (?=[,;])", "", text)).rstrip(",")
    if len(text) > MAX_ALT_CHARS:
        text = text[: MAX_ALT_CHARS - 1].rsplit(" ", 1)[0] + " …"
    return text or speaker.translate_phrase("empty formula").text


def _describe(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    name = etree.QName(node).localname
    if name in ("annotation", "annotation-xml", "mspace", "mphantom"):
        return untranslated("")
    if name == "semantics":
        return _describe(speaker, node[0]) if len(node) else untranslated("")
    rule = RULE_BY_ELEMENT.get(name, _children)
    return rule(speaker, node)


def _children(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    return join_phrases(_describe(speaker, child) for child in node)


def _leaf(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    text = (node.text or "").strip()
    if text in SYMBOL_NAMES:
        return speaker.translate_phrase(SYMBOL_NAMES[text]) if SYMBOL_NAMES[text] else untranslated("")
    return _char_name(speaker, text) if len(text) == 1 else untranslated(text)


def _text(_speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    return untranslated(" ".join((node.text or "").split()))


def _char_name(speaker: PhraseTranslator, char: str) -> Phrase:
    """Return the spoken name of a character, based on its Unicode name; in other languages the character itself."""
    plain = unicodedata.normalize("NFKC", char)
    if plain.isascii():
        return (
            speaker.translate_phrase("capital {letter}", letter=untranslated(plain))
            if plain.isupper()
            else untranslated(plain)
        )
    if len(plain) != 1:
        return untranslated(plain)
    name = unicodedata.name(plain, char).lower()
    if name.startswith("greek "):
        letter = name.removeprefix("greek small letter ").removeprefix("greek ").removesuffix(" symbol")
        letter = letter.replace("lamda", "lambda")  # Unicode spells it lamda
        small = letter.removeprefix("capital letter ")
        if small not in GREEK_LETTERS:
            return untranslated(letter, plain)
        return (
            speaker.translate_phrase(small)
            if small == letter
            else speaker.translate_phrase("capital {letter}", letter=speaker.translate_phrase(small))
        )
    return untranslated(plain if plain.isalpha() else name, None if base_language(speaker.language) == "en" else plain)


def _fraction(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    top, bottom = _child(speaker, node, 0), _child(speaker, node, 1)
    if node.get("linethickness") in ("0", "0px"):
        return speaker.translate_phrase("{top} choose {bottom}", top=top, bottom=bottom)
    if len(top.english) < 12 and len(bottom.english) < 12:
        return speaker.translate_phrase("{top} over {bottom}", top=top, bottom=bottom)
    return speaker.translate_phrase("the fraction {top} over {bottom} end fraction,", top=top, bottom=bottom)


def _superscript(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    return _with_superscript(speaker, _child(speaker, node, 0), _child(speaker, node, 1))


def _with_superscript(speaker: PhraseTranslator, base: Phrase, top: Phrase) -> Phrase:
    if top.english in POWER_MESSAGES:
        return speaker.translate_phrase(POWER_MESSAGES[top.english], base=base)
    if " " in top.english:
        return speaker.translate_phrase("{base} to the power {exponent} end power,", base=base, exponent=top)
    return speaker.translate_phrase("{base} to the power {exponent}", base=base, exponent=top)


def _subscript(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    return _with_subscript(speaker, _child(speaker, node, 0), _child(speaker, node, 1))


def _with_subscript(speaker: PhraseTranslator, base: Phrase, low: Phrase) -> Phrase:
    """Describe a base with a subscript, and where a long subscript ends."""
    name = base.english.removesuffix("of").strip()
    if name in LIMIT_NAMES:
        return speaker.translate_phrase(
            "{name} as {index} of", name=speaker.translate_phrase(LIMIT_NAMES[name]), index=low
        )
    if name in OPTIMUM_NAMES:
        return speaker.translate_phrase(
            "{name} over {index} of", name=speaker.translate_phrase(OPTIMUM_NAMES[name]), index=low
        )
    english = low.english
    is_long = len(english.split()) > 1 and not re.fullmatch(r"(capital )?\w+|\w(, \w)+|\w \w", english)
    return speaker.translate_phrase(
        "{base} sub {index} end sub" if is_long else "{base} sub {index}", base=base, index=low
    )


def _subscript_and_superscript(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    base, low, top = (_child(speaker, node, index) for index in range(3))
    if base.english in SYMBOL_NAMES.values() and base.english.startswith("the "):
        return speaker.translate_phrase("{name} from {lower} to {upper} of", name=base, lower=low, upper=top)
    return _with_superscript(speaker, _with_subscript(speaker, base, low), top)


def _overscript(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    base, top = _child(speaker, node, 0), (node[1].text or "").strip() if len(node) > 1 else ""
    if top in ACCENT_NAMES:
        return join_phrases((base, speaker.translate_phrase(ACCENT_NAMES[top])))
    return speaker.translate_phrase("{base} with {accent} above", base=base, accent=_child(speaker, node, 1))


def _underscript(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    base, mark = _child(speaker, node, 0), (node[1].text or "").strip() if len(node) > 1 else ""
    if mark in ACCENT_NAMES:
        return join_phrases((base, speaker.translate_phrase(ACCENT_NAMES[mark])))
    low = _child(speaker, node, 1)
    if base.english.removesuffix("of").strip() in {*LIMIT_NAMES, *OPTIMUM_NAMES}:
        return _with_subscript(speaker, base, low)
    if base.english.startswith("the "):
        return speaker.translate_phrase("{name} over {index} of", name=base, index=low)
    return speaker.translate_phrase("{base} under {index}", base=base, index=low)


def _table(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    rows = [row for row in node if etree.QName(row).localname == "mtr"]
    if len(rows) > 1 and all(len(row) <= 3 for row in rows) and any("=" in "".join(row.itertext()) for row in rows):
        return join_phrases((_children(speaker, row) for row in rows), "; ")
    if len(rows) == 1:
        return _children(speaker, rows[0])
    previous = node.getprevious()
    is_cases = previous is not None and "".join(previous.itertext()).strip() == "{"
    title = (
        speaker.translate_phrase("{count} cases", count=untranslated(str(len(rows))))
        if is_cases
        else _matrix_size(speaker, rows)
    )
    message = "case {number}: {content}" if is_cases else "row {number}: {content}"
    lines = [
        speaker.translate_phrase(message, number=untranslated(str(number)), content=_cells(speaker, row))
        for number, row in enumerate(rows, start=1)
    ]
    return join_phrases((title, join_phrases((*lines, untranslated("")), "; ")), ": ")


def _cells(speaker: PhraseTranslator, row: MathmlNode) -> Phrase:
    return join_phrases((_child(speaker, row, index) for index in range(len(row))), ", ")


def _matrix_size(speaker: PhraseTranslator, rows: list[MathmlNode]) -> Phrase:
    """Describe the size of a matrix; one with a single column is a column."""
    row_count, columns = untranslated(str(len(rows))), max(len(row) for row in rows)
    if columns == 1:
        return speaker.translate_phrase("column of {count}", count=row_count)
    return speaker.translate_phrase("{rows} by {columns} matrix", rows=row_count, columns=untranslated(str(columns)))


def _child(speaker: PhraseTranslator, node: MathmlNode, index: int) -> Phrase:
    """Describe a child of a node, "" if it does not exist."""
    return _describe(speaker, node[index]) if len(node) > index else untranslated("")


def _square_root(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    return speaker.translate_phrase("the square root of {content}", content=_children(speaker, node))


def _root(speaker: PhraseTranslator, node: MathmlNode) -> Phrase:
    content, degree = _child(speaker, node, 0), _child(speaker, node, 1)
    if degree.english in ROOT_MESSAGES:
        return speaker.translate_phrase(ROOT_MESSAGES[degree.english], content=content)
    return speaker.translate_phrase("the {degree}th root of {content}", degree=degree, content=content)


RULE_BY_ELEMENT: dict[str, Callable[[PhraseTranslator, MathmlNode], Phrase]] = {
    "mi": _leaf,
    "mn": _text,
    "mo": _leaf,
    "mtext": _text,
    "ms": _text,
    "mfrac": _fraction,
    "msup": _superscript,
    "msub": _subscript,
    "msubsup": _subscript_and_superscript,
    "munderover": _subscript_and_superscript,
    "mover": _overscript,
    "munder": _underscript,
    "msqrt": _square_root,
    "mroot": _root,
    "mtable": _table,
}
