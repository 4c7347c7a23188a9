"""Set dashes and ellipses, and nothing else: the words of a text stay as typed.

The rule `replacements` of markdown-it also turns (c), (r) and (tm) into signs, +- into ±, and shortens `,,` and `????`.
In textbooks, (c) is a part of a question.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

DOTS_OR_DASHES = re.compile(r"\.{3}|--")
ELLIPSIS = re.compile(r"(?<!\.)\.{3}(?!\.)")
EM_DASH = re.compile(r"(?<!-)---(?!-)")
EN_DASH = re.compile(r"(?<=\s)--(?=\s|$)|^--(?=\s|$)|(?<=[^\s-])--(?=[^\s-]|$)", re.M)


def typography_rule(state: StateCore) -> None:
    """Replace `...`, `--` and `---` in text, except in addresses shown as they are."""
    for token in state.tokens:
        if token.type != "inline" or not DOTS_OR_DASHES.search(token.content):
            continue
        in_autolink = False
        for child in token.children or ():
            if child.type in ("link_open", "link_close") and child.info == "auto":
                in_autolink = child.type == "link_open"
            elif child.type == "text" and not in_autolink:
                child.content = typeset_dashes(child.content)


def typeset_dashes(text: str) -> str:
    """Return a text with dashes and ellipses.

    >>> typeset_dashes("Soil -- part (c), 1--2 and so on... Use --force.")
    'Soil – part (c), 1–2 and so on… Use --force.'
    """
    return EN_DASH.sub("\u2013", EM_DASH.sub("\u2014", ELLIPSIS.sub("\u2026", text)))


def add_typography(parser: MarkdownIt) -> None:
    """Use our rule in place of `replacements`."""
    parser.core.ruler.at("replacements", typography_rule)
