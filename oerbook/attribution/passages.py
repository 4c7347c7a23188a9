"""From pages to passages: a passage is one block's prose, a string with one letter for each word."""

from __future__ import annotations

import re

from oerbook.attribution.inline import SENTENCE, words_in
from oerbook.attribution.letters import Vocabulary
from oerbook.attribution.prose import START, State, blocks, project

LONG = 2000  # characters
ROWS = re.compile(r"\n(?=[ \t]*<)")


class Reader:
    """Reads pages into passages; every block is looked at once, however many revisions hold it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known: dict[State, dict[str, tuple[str, State]]] = {}
        self._prose: dict[str, str] = {}  # passage -> its projected block, for its sentences
        self._sentences: dict[str, list[str]] = {}

    def passages(self, text: str) -> list[str]:
        """Return the passages of a page in order; blocks without prose have none."""
        state, found = START, []
        known = self._known.setdefault(state, {})
        for block in blocks(text):
            entry = known.get(block)
            if entry is None:
                entry = known[block] = self._read(block, state)
            passage, after = entry
            if passage:
                found.append(passage)
            if after is not state:
                state, known = after, self._known.setdefault(after, {})
        return found

    def _read(self, block: str, state: State) -> tuple[str, State]:
        rows = ROWS.split(block) if len(block) > LONG else ()
        if len(rows) > 1:
            return self._read_rows(rows, state)
        projected, after = project(block, state)
        passage = self.vocabulary.encode(words_in(projected))
        if passage:
            self._prose.setdefault(passage, projected)
        return passage, state if after == state else after

    def _read_rows(self, rows: list[str], state: State) -> tuple[str, State]:
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
            end = start + len(words_in(piece))
            if end > start:
                found.append(passage[start:end])
            start = end
        return found if start == len(passage) else [passage]  # one of an earlier run, or one cut within a word
