"""Remember deleted sentences and first passages, to detect restored text.

A sentence that one person deleted and another restores belongs to its first author. A sentence that still exists
elsewhere proves no copying, since two people may type the same opening line: only longer texts count as copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Self

from rapidfuzz.distance import LCSseq

MIN_RESTORED_WORDS = 6  # minimum words of a sentence that is recognised anywhere in the book
MIN_RESTORED_WORDS_SAME_PAGE = 3  # minimum words of a sentence that is recognised on its own page
MIN_REWORDED_WORDS, MAX_REWORDED_WORDS = (
    8,
    100,
)  # minimum and maximum words of a sentence that is recognised although it was edited
MIN_SIMILARITY = 0.6  # share of words that an edited sentence and the deleted one must have in common, in order
SEARCH_NGRAM_WORDS, SEARCH_STRIDE_WORDS, MAX_SIMILAR_CANDIDATES = (
    3,
    2,
    3,
)  # n-gram length and step of the search index, and deleted sentences compared at most
MIN_COPIED_WORDS = 30  # minimum consecutive words, in two sentences or more, that count as copied from existing text

DeletedPassages = dict[str, list[tuple[str, str, bool]]]  # text -> (page, origins, rewritten), the latest last
DeletedTextFields = tuple[DeletedPassages, dict[str, str], set[str], list[str]]


class DeletedText:
    """The sentences deleted so far, and the first origins of every passage."""

    def __init__(self) -> None:
        self.deleted: DeletedPassages = {}
        self.first_origins: dict[str, str] = {}  # passage -> its origins when it first appeared
        self.common_sentences: set[str] = set()  # typed independently more than once
        self.deleted_sentences: list[str] = []  # the single sentences among the deleted texts, the latest last
        self._reset_index()

    def _reset_index(self) -> None:
        self._ngrams: dict[str, str] = {}  # n-gram -> the latest deleted sentence that contains it
        self._indexed = 0

    def to_fields(self) -> DeletedTextFields:
        """Return everything that is remembered, as plain data."""
        return self.deleted, self.first_origins, self.common_sentences, self.deleted_sentences

    @classmethod
    def from_fields(cls, fields: DeletedTextFields) -> Self:
        """Return the object that these fields were taken from."""
        memory = cls()
        memory.deleted, memory.first_origins, memory.common_sentences, memory.deleted_sentences = fields
        return memory

    def add_deleted(self, path: str, text: str, origins: str, rewritten: bool, single: bool) -> None:
        """Remember a text deleted from a page or rewritten.

        `single` marks a single sentence.
        """
        if single and MIN_REWORDED_WORDS <= len(text) <= MAX_REWORDED_WORDS:
            self.deleted_sentences.append(text)
        if len(text) >= MIN_RESTORED_WORDS_SAME_PAGE:
            records = self.deleted.setdefault(text, [])
            if (path, origins, rewritten) not in records:
                records.append((path, origins, rewritten))

    def find_restored(self, path: str, text: str, exists: Callable[[str], bool]) -> str:
        """Return the origins of a text that was deleted earlier, or "".

        On its own page three words are enough. Elsewhere the text must be longer, have a single author, and have been
        deleted rather than rewritten. A text for which `exists` is true exists elsewhere: it was not restored.
        """
        records = self.deleted.get(text)
        if not records or text in self.common_sentences:
            return ""
        candidates = [origins for page, origins, _ in records if page == path]
        if not candidates and len(text) >= MIN_RESTORED_WORDS and len({origins for _, origins, _ in records}) == 1:
            candidates = [origins for _, origins, rewritten in records if not rewritten]
        return candidates[-1] if candidates and not exists(text) else ""

    def find_reworded(self, path: str, text: str, exists: Callable[[str], bool]) -> list[tuple[int, int, str]]:
        """Return the words that a sentence shares with a similar deleted one.

        Each item is (start, end, origins).

        The list is empty if no deleted sentence is similar.
        """
        if not MIN_REWORDED_WORDS <= len(text) <= MAX_REWORDED_WORDS:
            return []
        for deleted, hits in self._similar_deleted(text):
            if hits < 2:
                break
            cutoff = int(MIN_SIMILARITY * max(len(deleted), len(text))) + 1
            if LCSseq.similarity(deleted, text, score_cutoff=cutoff) < cutoff:
                continue
            origins = self.find_restored(path, deleted, exists)
            equal = [op for op in LCSseq.opcodes(deleted, text) if op.tag == "equal"]
            longest = max(equal, key=lambda op: op.dest_end - op.dest_start)
            # Words that still exist elsewhere were typed by two people, and not restored.
            if origins and not exists(text[longest.dest_start : longest.dest_end]):
                return [(op.dest_start, op.dest_end, origins[op.src_start : op.src_end]) for op in equal]
        return []

    def _similar_deleted(self, text: str) -> list[tuple[str, int]]:
        """Return the deleted sentences that share most n-grams with a text, and counts."""
        for deleted in islice(self.deleted_sentences, self._indexed, None):
            for start in range(0, len(deleted) - SEARCH_NGRAM_WORDS + 1, SEARCH_STRIDE_WORDS):
                self._ngrams[deleted[start : start + SEARCH_NGRAM_WORDS]] = deleted
        self._indexed = len(self.deleted_sentences)
        ngrams = [text[start : start + SEARCH_NGRAM_WORDS] for start in range(len(text) - SEARCH_NGRAM_WORDS + 1)]
        return Counter(filter(None, map(self._ngrams.get, ngrams))).most_common(MAX_SIMILAR_CANDIDATES)

    def add_first_passage(self, passage: str, origins: str, sentences: Callable[[str], Sequence[str]]) -> None:
        """Remember a passage of a commit.

        One that was typed independently before belongs to nobody.
        """
        first = self.first_origins.setdefault(passage, origins)
        if first is not origins and first != origins and len(set(origins)) == 1:
            self.common_sentences.add(passage)
            self.common_sentences.update(sentences(passage))

    def find_copied(self, passages: Sequence[str], sentences: int) -> list[str]:
        """Return the first origins of consecutive passages that exist elsewhere.

        None are returned if the passages are too short to tell.
        """
        if sum(map(len, passages)) < MIN_COPIED_WORDS or sentences < 2:
            return []
        return [self.first_origins[passage] for passage in passages]
