"""Report what a finished file lacks of what the book holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from oerbook.comparison.words import split_comparable_words
from oerbook.model.content import COUNTED_KINDS, ContentItem, FileContent, PageContent
from oerbook.model.findings import Finding, Place, Severity

PLURAL_BY_KIND = {
    "formula": "formulas",
    "image": "pictures",
    "table": "tables",
    "cell": "table cells",
    "note": "notes",
    "code": "blocks of code",
    "span": "cells that span rows or columns",
    "head": "heads of columns",
    "line-number": "numbers of lines of code",
    "line-mark": "marked lines of code",
    "frame": "frames in formulas",
    "language": "passages in another language",
    "right-to-left": "passages from right to left",
}
RTL_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
MAX_LISTED_WORDS = 8
MAX_FINDINGS = 20  # of one format and page: what is lost everywhere has one cause


def report_lost_words(format_name: str, pages: Sequence[PageContent], file_content: FileContent) -> list[Finding]:
    """Return a finding for each passage whose words are less often in the file than in the book."""
    wanted = Counter(word for page in pages for item in page.items for word in split_comparable_words(item.text))
    lacking = wanted - Counter(file_content.words)
    if file_content.text_without_spaces:  # a word may be divided between lines, or stand against a number
        lacking = Counter({word: n for word, n in lacking.items() if not _is_in_text(word, wanted, file_content)})
    findings = []
    for page in pages:
        for item in page.items:
            lost = _take(lacking, split_comparable_words(item.text))
            if lost:
                words = " ".join(lost[:MAX_LISTED_WORDS]) + (" …" if len(lost) > MAX_LISTED_WORDS else "")
                message = f"{format_name} does not show all words of this passage: {words}"
                findings.append(_finding("content-lost", message, item.place))
    return findings[:MAX_FINDINGS]


def report_lost_items(format_name: str, pages: Sequence[PageContent], file_content: FileContent) -> Iterator[Finding]:
    """Yield a finding for each kind of thing of which the file has fewer than the book."""
    items = [item for page in pages for item in page.items]
    for kind in COUNTED_KINDS:
        of_kind = [item for item in items if item.kind == kind]
        if kind in file_content.counts and len(of_kind) > file_content.counts[kind]:
            message = f"{format_name} shows {file_content.counts[kind]} of {len(of_kind)} {PLURAL_BY_KIND[kind]}"
            yield _finding("content-lost", message, _first_place(of_kind, pages))


def _is_in_text(word: str, wanted: Mapping[str, int], shown: FileContent) -> bool:
    """Return whether a text without spaces has a word as often as it is wanted.

    Joined letters of Arabic and others are read back in another order, so that they are counted one by one.
    """
    text = shown.text_without_spaces
    if not RTL_LETTER.search(word):
        return text.count(word) >= wanted[word]
    return all(text.count(char) >= sum(other.count(char) * n for other, n in wanted.items()) for char in set(word))


def _take(lacking: Counter[str], words: list[str]) -> list[str]:
    """Return the words that are lacking, and count them off."""
    taken = []
    for word in words:
        if lacking[word] > 0:
            lacking[word] -= 1
            taken.append(word)
    return taken


def _first_place(items: Sequence[ContentItem], pages: Sequence[PageContent]) -> Place:
    """Return the page's place when all things are on one page, else the first thing's."""
    return items[0].place if items else Place(pages[0].path)


def _finding(code: str, message: str, place: Place) -> Finding:
    hint = "Look at this place in the file. If it is right in other formats, please report it as a bug in oerbook."
    return Finding(code, message, place, Severity.WARNING, hint)
