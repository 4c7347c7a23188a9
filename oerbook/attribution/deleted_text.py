"""Remember deleted sentences and first passages, to detect restored text.

A sentence that one person deleted and another restores belongs to its first author. A sentence that still exists
elsewhere proves no copying, since two people may type the same opening line: only longer texts count as copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from rapidfuzz.distance import LCSseq

RESTORED = 6  # minimum words of a sentence that is recognised anywhere in the book
RESTORED_HERE = 3  # minimum words of a sentence that is recognised on its own page
REWORDED, LONGEST = 8, 100  # minimum and maximum words of a sentence that is recognised although it was edited
ALIKE = 0.6  # share of words that an edited sentence and the deleted one must have in common, in order
GRAM, STRIDE, TRIED = 3, 2, 3  # n-gram length and step of the search index, and deleted sentences compared at most
COPIED = 30  # minimum consecutive words, in two sentences or more, that count as copied from existing text

Deleted = dict[str, list[tuple[str, str, bool]]]  # text -> (page, origins, rewritten), the latest last


class Memory:
    """The sentences deleted so far, and the first origins of every passage."""

    def __init__(self) -> None:
        self.gone: Deleted = {}
        self.first: dict[str, str] = {}  # passage -> its origins when it first appeared
        self.common: set[str] = set()  # typed independently more than once
        self.lost: list[str] = []  # the single sentences among the deleted texts, the latest last
        self._reset_index()

    def _reset_index(self) -> None:
        self._ngrams: dict[str, str] = {}  # n-gram -> the latest deleted sentence that contains it
        self._indexed = 0

    def __getstate__(self) -> tuple[Deleted, dict[str, str], set[str], list[str]]:
        return self.gone, self.first, self.common, self.lost

    def __setstate__(self, state: tuple[Deleted, dict[str, str], set[str], list[str]]) -> None:
        self.gone, self.first, self.common, self.lost = state
        self._reset_index()

    def bury(self, path: str, text: str, origins: str, rewritten: bool, single: bool) -> None:
        """Remember a text deleted from a page or rewritten.

        `single` marks a single sentence.
        """
        if single and REWORDED <= len(text) <= LONGEST:
            self.lost.append(text)
        if len(text) >= RESTORED_HERE:
            records = self.gone.setdefault(text, [])
            if (path, origins, rewritten) not in records:
                records.append((path, origins, rewritten))

    def restored(self, path: str, text: str, exists: Callable[[str], bool]) -> str:
        """Return the origins of a text that was deleted earlier, or "".

        On its own page three words are enough. Elsewhere the text must be longer, have a single author, and have been
        deleted rather than rewritten. A text for which `exists` is true exists elsewhere: it was not restored.
        """
        records = self.gone.get(text)
        if not records or text in self.common:
            return ""
        candidates = [origins for page, origins, _ in records if page == path]
        if not candidates and len(text) >= RESTORED and len({origins for _, origins, _ in records}) == 1:
            candidates = [origins for _, origins, rewritten in records if not rewritten]
        return candidates[-1] if candidates and not exists(text) else ""

    def reworded(self, path: str, text: str, exists: Callable[[str], bool]) -> list[tuple[int, int, str]]:
        """Return the words that a sentence shares with a similar deleted one.

        Each item is (start, end, origins).

        The list is empty if no deleted sentence is similar.
        """
        if not REWORDED <= len(text) <= LONGEST:
            return []
        for deleted, hits in self._similar_deleted(text):
            if hits < 2:
                break
            cutoff = int(ALIKE * max(len(deleted), len(text))) + 1
            if LCSseq.similarity(deleted, text, score_cutoff=cutoff) < cutoff:
                continue
            origins = self.restored(path, deleted, exists)
            equal = [op for op in LCSseq.opcodes(deleted, text) if op.tag == "equal"]
            longest = max(equal, key=lambda op: op.dest_end - op.dest_start)
            # Words that still exist elsewhere were typed by two people, and not restored.
            if origins and not exists(text[longest.dest_start : longest.dest_end]):
                return [(op.dest_start, op.dest_end, origins[op.src_start : op.src_end]) for op in equal]
        return []

    def _similar_deleted(self, text: str) -> list[tuple[str, int]]:
        """Return the deleted sentences that share most n-grams with a text, and counts."""
        for deleted in islice(self.lost, self._indexed, None):
            for start in range(0, len(deleted) - GRAM + 1, STRIDE):
                self._ngrams[deleted[start : start + GRAM]] = deleted
        self._indexed = len(self.lost)
        ngrams = [text[start : start + GRAM] for start in range(len(text) - GRAM + 1)]
        return Counter(filter(None, map(self._ngrams.get, ngrams))).most_common(TRIED)

    def written(self, passage: str, origins: str, sentences: Callable[[str], Sequence[str]]) -> None:
        """Remember a passage of a commit.

        One that was typed independently before belongs to nobody.
        """
        first = self.first.setdefault(passage, origins)
        if first is not origins and first != origins and len(set(origins)) == 1:
            self.common.add(passage)
            self.common.update(sentences(passage))

    def copied(self, passages: Sequence[str], sentences: int) -> list[str]:
        """Return the first origins of consecutive passages that exist elsewhere.

        None are returned if the passages are too short to tell.
        """
        if sum(map(len, passages)) < COPIED or sentences < 2:
            return []
        return [self.first[passage] for passage in passages]
