"""What the book has said before: sentences that were taken out and may come back, passages that may be copied.

A sentence that somebody took out and somebody else puts back belongs to whoever wrote it first. A sentence that still
stands elsewhere is no proof of copying: two people may have typed the same opening line, so that only longer texts
count as copied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

RESTORED = 6  # words of a sentence that is known again anywhere in the book
RESTORED_HERE = 3  # words of a sentence that is known again on its own page
COPIED = 30  # words in a row, in two sentences or more, that count as copied from where they still stand


class Memory:
    """The sentences taken out so far, and the first origins of every passage."""

    def __init__(self) -> None:
        self.gone: dict[
            str, list[tuple[str, str, bool]]
        ] = {}  # text -> (page, origins, rewritten), the last at the end
        self.first: dict[str, str] = {}  # passage -> its origins when it first appeared
        self.common: set[str] = set()  # what was typed anew more than once

    def bury(self, path: str, text: str, origins: str, rewritten: bool) -> None:
        """Remember a text that was taken out of a page, or rewritten there."""
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
