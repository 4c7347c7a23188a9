"""From pages to passages: a passage is one block's prose, a string with one letter for each word."""

from __future__ import annotations

import re

from oerbook.attribution.inline_markup import SENTENCE, pieces
from oerbook.attribution.myst_prose import START, State, blocks, project, shared
from oerbook.attribution.word_codes import Vocabulary

LONG = 2000  # characters
ROWS = re.compile(r"\n(?=[ \t]*<)")


Entry = tuple[str, State]  # a block's passage, and what is open after it


class Reader:
    """Reads pages into passages; every block is looked at once, however many revisions hold it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known: dict[State, dict[str, Entry]] = {}
        self._last: dict[str, tuple[str, list[Entry]]] = {}  # page -> its latest text, as it was read
        self._prose: dict[str, str] = {}  # passage -> its projected block, for its sentences
        self._sentences: dict[str, list[str]] = {}

    def passages(self, text: str, page: str = "", before: str = "") -> list[str]:
        """Return the passages of a page in order; blocks without prose have none.

        Only what differs from the last reading of the page `before` is looked at; this one is remembered for `page`.
        """
        last, read = self._last.get(before, ("", []))
        begin, end, first, behind = shared(text, last)
        found = read[:first]
        self._go_on(text[begin:end], found)
        if behind:
            if found[-1][1] == read[-behind - 1][1]:
                found += read[-behind:]
            else:
                self._go_on(text[end + 2 :], found)
        if page:
            self._last[page] = text, found
        return [passage for passage, _state in found if passage]

    def _go_on(self, text: str, found: list[Entry]) -> None:
        """Add the passages of a text, and what is open after each, to those that stand before it."""
        state = found[-1][1] if found else START
        known = self._known.setdefault(state, {})
        for block in blocks(text):
            entry = known.get(block)
            if entry is None:
                entry = known[block] = self._read(block, state)
            found.append(entry)
            if entry[1] is not state:
                state = entry[1]
                known = self._known.setdefault(state, {})

    def _read(self, block: str, state: State) -> Entry:
        rows = ROWS.split(block) if len(block) > LONG else ()
        if len(rows) > 1:
            return self._read_rows(rows, state)
        projected, after = project(block, state)
        passage = self.vocabulary.encode(pieces(projected))
        if passage:
            self._prose.setdefault(passage, projected)
        return passage, state if after == state else after

    def _read_rows(self, rows: list[str], state: State) -> Entry:
        """Read a long block, such as a table written in HTML, row by row: most rows are known already."""
        found = []
        for row in rows:
            known = self._known.setdefault(state, {})
            if row not in known:
                known[row] = self._read(row, state)
            passage, state = known[row]
            found.append(passage)
        return "".join(found), state

    def sentences(self, passage: str) -> list[str]:
        """Return the sentences of a passage, in order; together they are the passage."""
        found = self._sentences.get(passage)
        if found is None:
            found = self._cut(passage) if len(passage) <= LONG else [passage]
            self._sentences[passage] = found
        return found

    def _cut(self, passage: str) -> list[str]:
        found, start = [], 0
        for piece in SENTENCE.split(self._prose.get(passage, "")):
            end = start + len(self.vocabulary.encode(pieces(piece)))
            if end > start:
                found.append(passage[start:end])
            start = end
        return found if start == len(passage) else [passage]  # one of an earlier run, or one cut within a word
