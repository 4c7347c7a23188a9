"""Tell the title of a box from its first sentence: mystmd reads a title behind `{note}`, MyST for Sphinx text."""

from __future__ import annotations

import re

from oerbook.text.myst_scan import blank_options, parse_options

TITLED_BOXES = frozenset(
    ["note", "tip", "important", "warning", "caution", "hint", "attention", "danger", "error", "seealso"]
)
MAX_TITLE_WORDS = 12
SENTENCE_ENDS = (".", ",", ";", ":", "…", "。", "，", "：", "-", "–")


def is_box_title(name: str, first_line: str, content: str) -> bool:
    """Return whether the words behind the name of a box are its title.

    They are none if the box has nothing else, if they end like a part of a sentence, or if the next line goes on in
    small letters.

    >>> is_box_title("note", "Before you dig", "Ask the owner."), is_box_title("note", "Ask the owner of", "the land.")
    (True, False)
    >>> is_box_title("note", "Ask the owner.", "Then dig."), is_box_title("note", "Ask the owner", "")
    (False, False)
    """
    words, body = first_line.strip(), blank_options(content)
    if name not in TITLED_BOXES or not words or not body.strip() or len(words.split()) > MAX_TITLE_WORDS:
        return False
    if parse_options(content):
        return True
    continues = re.match(r"[^\S\n]*[a-z]", body)
    return not words.endswith(SENTENCE_ENDS) and not continues
