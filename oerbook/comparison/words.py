"""Split text into words that can be compared between formats."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE_CHARS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
# Ideographs and kana are compared one by one: lines of a PDF break between any two of them.
IDEOGRAPH_RANGES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
WORD_PATTERN = re.compile(rf"[{IDEOGRAPH_RANGES}]|[^\W_{IDEOGRAPH_RANGES}]+")


def split_comparable_words(text: str) -> list[str]:
    """Return the words of a text: case and ligatures folded, marks that do not show removed.

    >>> split_comparable_words("The \ufb01rst co\u00adver, [1] a_b"), split_comparable_words("土壌x")
    (['the', 'first', 'cover', '1', 'a', 'b'], ['土', '壌', 'x'])
    """
    return WORD_PATTERN.findall(INVISIBLE_CHARS.sub("", unicodedata.normalize("NFKC", text)).casefold())
