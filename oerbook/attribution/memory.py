"""What the book has said before: sentences that were taken out and may come back, passages that may be copied.

A sentence that somebody took out and somebody else puts back belongs to whoever wrote it first. A sentence that still
stands elsewhere is no proof of copying: two people may have typed the same opening line, so that only longer texts
count as copied.
"""

from __future__ import annotations

from collections.abc import Sequence

RESTORED = 6  # words of a sentence that is known again anywhere in the book
RESTORED_HERE = 3  # words of a sentence that is known again on its own page
COPIED = 30  # words in a row, in two sentences or more, that count as copied from where they still stand


class Memory:
    """The sentences taken out so far, and the first origins of every passage."""

    def __init__(self) -> None:
        self.gone: dict[str, list[tuple[str, str]]] = {}  # text -> (page, origins), the last one taken out at the end
        self.first: dict[str, str] = {}  # passage -> its origins when it first appeared

    def bury(self, path: str, text: str, origins: str) -> None:
        """Remember a text that was taken out of a page."""
        if len(text) >= RESTORED_HERE:
            kept = self.gone.setdefault(text, [])
            if (path, origins) not in kept:
                kept.append((path, origins))

    def restored(self, path: str, text: str) -> str:
        """Return the origins of a text that stood in the book once, or "".

        On its own page three words are enough; elsewhere the text must be longer and have been written once only.
        """
        if len(text) < RESTORED_HERE:
            return ""
        kept = self.gone.get(text)
        if not kept:
            return ""
        here = [origins for page, origins in kept if page == path]
        if here:
            return here[-1]
        everywhere = {origins for _page, origins in kept}
        return kept[-1][1] if len(text) >= RESTORED and len(everywhere) == 1 else ""

    def copied(self, passages: Sequence[str], sentences: int) -> list[str]:
        """Return the first origins of passages that stand side by side elsewhere, or nothing for what may be chance."""
        if sum(map(len, passages)) < COPIED or sentences < 2:
            return []
        return [self.first[passage] for passage in passages]
