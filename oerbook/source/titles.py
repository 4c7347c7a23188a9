"""Decide whether the title of the front matter is the heading of a page.

mystmd, Jupyter Book 2 and Quarto write `title:` and begin the text with `##`, with words, or with several `#` sections.
Where the text has a title of its own (one `#` heading at its start), that one stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.source.lint_blocks import HEADING_LINE
from oerbook.text.myst_scan import lines_outside_fences

HEADING_ID = re.compile(r"\{#[\w-]+\}\s*$")
SETEXT_RULE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
# Lines that show no words: comments, targets, block breaks, attributes, HTML, options.
LINE_WITHOUT_WORDS = re.compile(r"^\s*(?:%|\([^)\n]+\)=|\+\+\+|\{[^`]*\}\s*$|<|:\w|!\[|\|)")
TITLE_KEY_LINE = re.compile(r"^title\s*:", re.M)
OutlineHeading = tuple[int, str]  # level, and text without markup


def line_of_title_to_add(front: str, body: Sequence[str], title: str) -> int:
    """Return the line of `title:` if the title must be added to the text, else 0.

    >>> line_of_title_to_add("---\\ntitle: Soil\\n---", ["## Sand", "", "Text."], "Soil")
    2
    """
    key = TITLE_KEY_LINE.search(front)
    if not title or not key:
        return 0
    headings, words_first = _outline(body)
    titles = [text for level, text in headings if level == 1]
    if any(_same(text, title) for text in titles):
        return 0
    own_title = len(titles) == 1 and headings[0][0] == 1 and not words_first
    return 0 if own_title else front[: key.start()].count("\n") + 1


def _same(heading: str, title: str) -> bool:
    return strip_heading_markup(heading).casefold() == strip_heading_markup(title).casefold()


def _outline(body: Sequence[str]) -> tuple[list[OutlineHeading], bool]:
    """Return the headings of a text, and whether words stand before the first."""
    headings: list[OutlineHeading] = []
    words_first = False
    following_lines = [*body[1:], ""]
    for number, line in lines_outside_fences("\n".join(body)):
        following = following_lines[number]
        match = HEADING_LINE.match(line)
        rule = SETEXT_RULE.match(following) if line.strip() and not match else None
        if match:
            headings.append((len(match[1]), match[2]))
        elif rule and not SETEXT_RULE.match(line):
            headings.append((1 if rule[1][0] == "=" else 2, line.strip()))
        elif not headings and line.strip() and not LINE_WITHOUT_WORDS.match(line):
            words_first = True
    return headings, words_first


def first_heading(text: str) -> str:
    """Return the first level-one heading without its markup, "" when there is none."""
    matches = (HEADING_LINE.match(line) for _number, line in lines_outside_fences(text))
    return next((strip_heading_markup(match[2]) for match in matches if match and len(match[1]) == 1), "")


def strip_heading_markup(markup: str) -> str:
    """Return the text of a heading without its markup.

    >>> strip_heading_markup("The *open* `web` {index}`web`[^1]")
    'The open web web'
    """
    text = re.sub(r"\[\^[^\]]*\]", "", HEADING_ID.sub("", markup))
    text = re.sub(r"\{[\w:-]{1,80}\}`([^`<]{0,400}?)(?:\s*<[^`]{0,400}>)?`", r"\1", text)
    text = re.sub(r"!?\[([^\]]{0,400})\]\([^)]{0,400}\)", r"\1", text)
    return re.sub(r"[*_`]+", "", text).strip()
