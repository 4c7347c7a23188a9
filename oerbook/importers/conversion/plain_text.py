"""The words of pandoc elements."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from oerbook.model.untyped import Json

SPACES = ("Space", "SoftBreak", "LineBreak")
WORD = re.compile(r"\w+")


def plain_text(value: Json, *, notes: bool = False, formulas: bool = True) -> str:
    """Return the text of inlines or blocks on one line; without that of notes and with that of formulas by default.

    >>> plain_text([{"t": "Str", "c": "Soil"}, {"t": "Space"}, {"t": "Emph", "c": [{"t": "Str", "c": "life"}]}])
    'Soil life'
    """
    without = (*(() if notes else ("Note",)), *(() if formulas else ("Math",)), "RawInline", "RawBlock")
    return " ".join(_text(value, frozenset(without)).split())


def count_words(text: str) -> Counter[str]:
    """Return how often each word occurs in a text; capitals and the way accents are encoded do not matter.

    >>> count_words("Soil, soil and H2O.")
    Counter({'soil': 2, 'and': 1, 'h2o': 1})
    """
    return Counter(WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")))


def _text(value: Json, without: frozenset[str]) -> str:
    if isinstance(value, list | tuple):
        return "".join(_text(item, without) for item in value)
    if not isinstance(value, dict):
        return ""
    kind = value.get("t")
    content: Json = value.get("c")
    if kind == "Str":
        return str(content)
    if kind in SPACES:
        return " "
    if kind in without:
        return ""
    if kind in ("Code", "Math", "CodeBlock"):
        return f"{content[1]} " if kind == "CodeBlock" else str(content[1])
    text = _text(content, without)
    return f"{text} " if kind in ("Para", "Plain", "Header", "Table") else text
