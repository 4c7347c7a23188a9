"""The words of a paragraph of MyST: what each shows, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# What is shown as it is typed: roles, code, formulas, notes, links, citations, HTML, hard breaks.
MARKUP = re.compile(
    r"""(?P<markup>\{[\w:+-]+\}`+[^`]*`+ | (?P<ticks>`+).+?(?P=ticks) | \$\$.+?\$\$ | \$(?:\\.|[^$\\])+\$
    | \[\^[^\]\s]+\]:?
    | !?\[[^\[\]]*\](?:\([^()\s]*(?:\([^()]*\)[^()]*)*\)|\{[^{}]*\}) | <[^<>\s][^<>]*> | \[[^\[\]]*@[^\[\]]*\] | \\$)
    | (?P<break>\s*\\?\n[ \t]*(?:>[ \t]?)*) | (?P<space>[ \t]+)
    | (?P<strong>\*\*) | (?P<emphasis>(?<![\w\\])_(?=\S)|(?<=\S)_(?!\w)|\*)
    | (?P<escaped>\\[^\w\s]) | (?P<word>[\w’'-]+) | (?P<sign>.)""",
    re.X | re.S,
)


WORD = re.compile(r"[\w’'-]+|\s+|.", re.S)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, space or sign: the text that the copy shows ("" for a mark of emphasis), its source, and its look."""

    shown: str
    source: str
    bold: bool = False
    italic: bool = False
    is_markup: bool = False

    @property
    def key(self) -> tuple[str, bool, bool]:
        """What two words are compared by."""
        return (self.shown, self.bold, self.italic)


def read_words(source: str) -> list[Word]:
    r"""Return the words of a paragraph's source.

    >>> [(word.shown, word.italic) for word in read_words("a *b*\nc")]
    [('a', False), (' ', False), ('', False), ('b', True), ('', False), (' ', False), ('c', False)]
    """
    return list(_scan(source))


def _scan(source: str) -> Iterator[Word]:
    bold = italic = False
    for match in MARKUP.finditer(source):
        text = match[0]
        kind = match.lastgroup if match.lastgroup != "ticks" else "markup"
        if match["markup"]:
            for part in WORD.findall(text):
                yield Word(" " if part.isspace() else part, part, is_markup=True)
        elif kind == "strong":
            bold = not bold
            yield Word("", text)
        elif kind == "emphasis" and (italic or _opens(source, match.end())):
            italic = not italic
            yield Word("", text)
        elif kind == "break" or kind == "space":
            yield Word(" ", text)
        elif kind == "escaped":
            yield Word(text[1:], text, bold, italic)
        else:
            yield Word(text, text, bold, italic)


def _opens(source: str, end: int) -> bool:
    """Say whether a star or underscore can open emphasis: a character follows, and a closing one later."""
    return end < len(source) and not source[end].isspace() and bool(re.search(r"[*_]", source[end:]))


def shown_text(words: Sequence[Word]) -> str:
    """Return what the copy shows."""
    return "".join(word.shown for word in words)
