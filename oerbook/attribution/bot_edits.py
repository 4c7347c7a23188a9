"""Keep the authors of words that an automatic commit replaced.

Automatic commits are those by bots and those that only reformat.
"""

from __future__ import annotations

from collections.abc import Sequence

from oerbook.attribution.matching import unmatched_stretches
from oerbook.attribution.word_runs import NewWordRun, OldWordRun


def keep_replaced_authors(new: NewWordRun, old: Sequence[OldWordRun]) -> None:
    """Assign new words to the authors of the words they replaced, spread evenly."""
    for start, end in unmatched_stretches(new.origins):
        replaced = _replaced_origins(new, start, end, old)
        for step in range(end - start if replaced else 0):
            new.origins[start + step] = replaced[step * len(replaced) // (end - start)]


def _replaced_origins(new: NewWordRun, start: int, end: int, old: Sequence[OldWordRun]) -> str:
    """Return the origins of the old words that a stretch of new words replaced, or ""."""
    before = new.old_positions[start - 1] if start else None
    after = new.old_positions[end] if end < len(new.text) else None
    if before:
        run, first = before[0], before[1] + 1
        same_run = after is not None and after[0] == run
        last = after[1] if after and same_run and after[1] >= first else first
        while not same_run and last < len(old[run].text) and not old[run].matched[last]:
            last += 1
        return old[run].origins[first:last]
    if after:
        run, last = after
        first = last
        while first and not old[run].matched[first - 1]:
            first -= 1
        return old[run].origins[first:last]
    return next((run.origins for run in old if run.gap == new.gap and not any(run.matched)), "")
