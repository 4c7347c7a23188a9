"""What the book has said before: sentences that were taken out and may come back, passages that may be copied.

A sentence that somebody took out and somebody else puts back belongs to whoever wrote it first. A sentence that still
stands elsewhere is no proof of copying: two people may have typed the same opening line, so that only longer texts
count as copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from rapidfuzz.distance import LCSseq

RESTORED = 6  # words of a sentence that is known again anywhere in the book
RESTORED_HERE = 3  # words of a sentence that is known again on its own page
REWORDED, LONGEST = 8, 100  # words of a sentence that is known again although some of them were changed
ALIKE = 0.6  # of the words that such a sentence and the one taken out have in common, in order
GRAM, STRIDE, TRIED = 3, 2, 3  # by which words in a row a sentence is looked for, and how many are looked at
COPIED = 30  # words in a row, in two sentences or more, that count as copied from where they still stand


class Memory:
    """The sentences taken out so far, and the first origins of every passage."""

    def __init__(self) -> None:
        self.gone: dict[
            str, list[tuple[str, str, bool]]
        ] = {}  # text -> (page, origins, rewritten), the last at the end
        self.first: dict[str, str] = {}  # passage -> its origins when it first appeared
        self.common: set[str] = set()  # what was typed anew more than once
        self.lost: list[str] = []  # the single sentences among what is gone, the last at the end
        self._begin()

    def _begin(self) -> None:
        self._grams: dict[str, str] = {}  # three words in a row -> the text that was taken out last with them
        self._indexed = 0

    def __getstate__(self) -> tuple[Any, ...]:
        return self.gone, self.first, self.common, self.lost

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.gone, self.first, self.common, self.lost = state
        self._begin()

    def bury(self, path: str, text: str, origins: str, rewritten: bool, single: bool) -> None:
        """Remember a text that was taken out of a page, or rewritten there; `single` says that it is one sentence."""
        if single and REWORDED <= len(text) <= LONGEST:
            self.lost.append(text)
        if len(text) >= RESTORED_HERE:
            kept = self.gone.setdefault(text, [])
            if (path, origins, rewritten) not in kept:
                kept.append((path, origins, rewritten))

    def restored(self, path: str, text: str, stands: Callable[[str], bool]) -> str:
        """Return the origins of a text that stood in the book once, or "".

        On its own page three words are enough; elsewhere the text must be longer, have been written by nobody else,
        and have been taken out rather than rewritten. What still stands elsewhere has not come back.
        """
        kept = self.gone.get(text)
        if not kept or text in self.common:
            return ""
        found = [origins for page, origins, _ in kept if page == path]
        if not found and len(text) >= RESTORED and len({origins for _, origins, _ in kept}) == 1:
            found = [origins for _, origins, rewritten in kept if not rewritten]
        return found[-1] if found and not stands(text) else ""

    def reworded(self, path: str, text: str, stands: Callable[[str], bool]) -> list[tuple[int, int, str]]:
        """Return what a sentence has of one that was taken out: where its words stand and whose they are.

        Each stretch is (begin, end, origins); none when no sentence taken out is like it.
        """
        if not REWORDED <= len(text) <= LONGEST:
            return []
        for known in islice(self.lost, self._indexed, None):
            for place in range(0, len(known) - GRAM + 1, STRIDE):
                self._grams[known[place : place + GRAM]] = known
        self._indexed = len(self.lost)
        grams = [text[place : place + GRAM] for place in range(len(text) - GRAM + 1)]
        hits = list(filter(None, map(self._grams.get, grams)))
        if len(hits) < 2:
            return []
        like = Counter(hits)
        for known, times in like.most_common(TRIED):
            if times < 2:
                break
            least = int(ALIKE * max(len(known), len(text))) + 1
            if LCSseq.similarity(known, text, score_cutoff=least) < least:
                continue
            origins = self.restored(path, known, stands)
            same = [op for op in LCSseq.opcodes(known, text) if op.tag == "equal"]
            longest = max(same, key=lambda op: op.dest_end - op.dest_start)
            # What still stands elsewhere has been typed by two people, and has not come back.
            if origins and not stands(text[longest.dest_start : longest.dest_end]):
                return [(op.dest_start, op.dest_end, origins[op.src_start : op.src_end]) for op in same]
        return []

    def written(self, passage: str, origins: str, sentences: Callable[[str], Sequence[str]]) -> None:
        """Remember a passage that a commit holds: one that was typed anew, word for word, is nobody's own."""
        known = self.first.setdefault(passage, origins)
        if known is not origins and known != origins and len(set(origins)) == 1:
            self.common.add(passage)
            self.common.update(sentences(passage))

    def copied(self, passages: Sequence[str], sentences: int) -> list[str]:
        """Return the first origins of passages that stand side by side elsewhere, or nothing for what may be chance."""
        if sum(map(len, passages)) < COPIED or sentences < 2:
            return []
        return [self.first[passage] for passage in passages]
