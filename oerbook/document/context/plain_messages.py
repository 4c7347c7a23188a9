"""Rewrite messages of Sphinx, docutils, MyST and extensions in plain words."""

from __future__ import annotations

import re

from oerbook.document.context.message_rules import MESSAGE_RULES

MAX_MESSAGE_CHARS = 1000
COMPILED_RULES = tuple((re.compile(pattern), message, hint) for pattern, message, hint in MESSAGE_RULES)


def plain_message(text: str) -> tuple[str, str]:
    """Return a message in plain words and a hint, "" if there is no specific one.

    >>> plain_message("Non-consecutive header level increase; H1 to H3")
    ('a level 3 heading follows a level 1 heading', '')
    """
    text = text[:MAX_MESSAGE_CHARS]  # bounds the time of the patterns: most of it may be untrusted input
    for pattern, message, hint in COMPILED_RULES:
        match = pattern.search(text)
        if match:
            return pattern.sub(message, text), match.expand(hint)
    return (text[:1].lower() + text[1:] if text[:2].istitle() else text), ""
