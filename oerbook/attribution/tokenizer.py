"""Split pages into passages: one block of prose, one character per word."""

from __future__ import annotations

import re

from oerbook.attribution.inline_markup import SENTENCE_END, split_blanked_words
from oerbook.attribution.myst_prose import START_STATE, MarkupState, blank_markup, common_blocks, split_blocks
from oerbook.attribution.word_codes import Vocabulary

LONG_BLOCK_CHARS = 2000  # characters of a block that is read row by row; passages with more words are one sentence
HTML_ROW_BREAK = re.compile(r"\n(?=[ \t]*<)")

TokenizedBlock = tuple[str, MarkupState]  # a block's passage, and the markup that is open after it


class PageTokenizer:
    """Splits pages into passages; each distinct block is parsed once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._results: dict[MarkupState, dict[str, TokenizedBlock]] = {}
        self._latest: dict[
            str, tuple[str, list[TokenizedBlock]]
        ] = {}  # page -> its latest text, and the results for its blocks
        self._prose: dict[str, str] = {}  # passage -> its blanked block, to find its sentences
        self._sentences: dict[str, list[str]] = {}

    def tokenize(self, text: str, page: str = "", before: str = "") -> list[str]:
        """Return the passages of a page in order; blocks without prose have none.

        Only what differs from the latest reading of the page `before` is parsed; this reading is stored for `page`.
        """
        latest_text, latest = self._latest.get(before, ("", []))
        begin, end, head, tail = common_blocks(text, latest_text)
        results = latest[:head]
        self._append_blocks(text[begin:end], results)
        if tail:
            if results[-1][1] == latest[-tail - 1][1]:
                results += latest[-tail:]
            else:
                self._append_blocks(text[end + 2 :], results)
        if page:
            self._latest[page] = text, results
        return [passage for passage, _state in results if passage]

    def _append_blocks(self, text: str, results: list[TokenizedBlock]) -> None:
        """Append the results for the blocks of a text, which follows the results so far."""
        state = results[-1][1] if results else START_STATE
        known = self._results.setdefault(state, {})
        for block in split_blocks(text):
            entry = known.get(block)
            if entry is None:
                entry = known[block] = self._read_block(block, state)
            results.append(entry)
            if entry[1] is not state:
                state = entry[1]
                known = self._results.setdefault(state, {})

    def _read_block(self, block: str, state: MarkupState) -> TokenizedBlock:
        rows = HTML_ROW_BREAK.split(block) if len(block) > LONG_BLOCK_CHARS else ()
        if len(rows) > 1:
            return self._read_rows(rows, state)
        blanked, after = blank_markup(block, state)
        passage = self.vocabulary.encode(split_blanked_words(blanked))
        if passage:
            self._prose.setdefault(passage, blanked)
        return passage, state if after == state else after

    def _read_rows(self, rows: list[str], state: MarkupState) -> TokenizedBlock:
        """Read a long block, such as an HTML table, row by row; most rows are cached."""
        passages = []
        for row in rows:
            known = self._results.setdefault(state, {})
            if row not in known:
                known[row] = self._read_block(row, state)
            passage, state = known[row]
            passages.append(passage)
        return "".join(passages), state

    def split_sentences(self, passage: str) -> list[str]:
        """Return the sentences of a passage in order; joined they are the passage."""
        sentences = self._sentences.get(passage)
        if sentences is None:
            sentences = self._split(passage) if len(passage) <= LONG_BLOCK_CHARS else [passage]
            self._sentences[passage] = sentences
        return sentences

    def _split(self, passage: str) -> list[str]:
        sentences, start = [], 0
        for sentence in SENTENCE_END.split(self._prose.get(passage, "")):
            end = start + len(self.vocabulary.encode(split_blanked_words(sentence)))
            if end > start:
                sentences.append(passage[start:end])
            start = end
        # The prose is unknown for passages of an earlier run; a split inside a word gives other words.
        return sentences if start == len(passage) else [passage]
