"""Headings of a page, and their text without markup."""

from __future__ import annotations

import re

from oerbook.source.lint_blocks import FENCE_LINE, HEADING_LINE

HEADING_ID = re.compile(r"\{#[\w-]+\}\s*$")


def first_heading(text: str) -> str:
    """Return the first level-one heading without its markup, "" when there is none."""
    in_fence = False
    for line in text.split("\n"):
        if FENCE_LINE.match(line):
            in_fence = not in_fence
        match = HEADING_LINE.match(line) if not in_fence else None
        if match and len(match[1]) == 1:
            return strip_markup(match[2])
    return ""


def strip_markup(markup: str) -> str:
    """Return the text of a heading without its markup.

    >>> strip_markup("The *open* `web` {index}`web`[^1]")
    'The open web web'
    """
    text = re.sub(r"\[\^[^\]]*\]", "", HEADING_ID.sub("", markup))
    text = re.sub(r"\{[\w:-]{1,80}\}`([^`<]{0,400}?)(?:\s*<[^`]{0,400}>)?`", r"\1", text)
    text = re.sub(r"!?\[([^\]]{0,400})\]\([^)]{0,400}\)", r"\1", text)
    return re.sub(r"[*_`]+", "", text).strip()
