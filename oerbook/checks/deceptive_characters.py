"""Signs that deceive the eye or a terminal: invisible ones, commands to a screen, words of mixed scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.proof import Passage, Proof
from oerbook.source.notebook import readable
from oerbook.text.confusables import mixed

TERMINAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
UNSEEN = re.compile("[\u2060-\u2064\u206a-\u206f\U000e0000-\U000e007f\u115f\u1160\u3164\uffa0\u00ad]")
JOINED = re.compile("[a-z][\u200b-\u200d\ufeff]+[a-z]", re.I)  # between Latin letters these only hide
WORD = re.compile(r"[^\W\d_]{4,}")


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report signs that make a text look, or a terminal behave, other than it reads."""
    for page in proof.pages:
        text = readable(page.text)[0] if page.path.endswith(".ipynb") else page.text
        for number, line in enumerate(text.split("\n"), start=1):
            yield from _hidden(page.path, number, line)
        for passage in page.passages:
            yield from _coded(passage, text)
            for word, sign in {m[0]: m.start() for m in reversed(list(WORD.finditer(passage.text)))}.items():
                if mixed(word):
                    words = f"the word “{word}” mixes letters of several scripts that look alike"
                    hint = "Type the word anew; search, links and screen readers take it for another word."
                    yield Finding("sign-lookalike", words, passage.at(sign), Severity.WARNING, hint)


def _hidden(path: str, number: int, line: str) -> Iterator[Finding]:
    place = Place(path, number)
    if found := TERMINAL.search(line):
        words = f"a sign that commands a terminal (U+{ord(found[0]):04X}) stands here"
        yield Finding("sign-control", words, place, Severity.ERROR, "Delete it; it has no place in a text.")
    if found := UNSEEN.search(line) or JOINED.search(line):
        sign = next(s for s in found[0] if not s.isalpha() or unicodedata.category(s)[0] != "L" or UNSEEN.match(s))
        words = f"an invisible sign (U+{ord(sign):04X}) stands here"
        yield Finding("sign-unseen", words, place, Severity.WARNING, "Delete it unless it is meant.")


def _coded(passage: Passage, source: str) -> Iterator[Finding]:
    """Report signs that readers get and that do not stand in the source: `&#x202e;` is as good as the sign itself."""
    for code, signs in (("hidden-sign", TURNING), ("sign-unseen", UNSEEN)):
        written = () if passage.text.isascii() else signs.finditer(passage.text)
        # &shy; is how one asks for a hyphen
        found = next((sign for sign in written if sign[0] not in source and sign[0] != "\u00ad"), None)
        if found:
            words = f"an invisible sign (U+{ord(found[0]):04X}) is written as a code here"
            yield Finding(code, words, passage.at(found.start()), Severity.WARNING, "Delete it unless it is meant.")
