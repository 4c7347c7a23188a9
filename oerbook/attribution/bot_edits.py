"""What machines put in place of people's words: it stays with those people."""

from __future__ import annotations

from collections.abc import Sequence

from oerbook.attribution.matching import New, Old, free


def inherit(new: New, old: Sequence[Old]) -> None:
    """Give the words that a machine put in place of others to the authors of those others."""
    for start, end in free(new.origins):
        replaced = _replaced(new, start, end, old)
        for step in range(end - start if replaced else 0):
            new.origins[start + step] = replaced[step * len(replaced) // (end - start)]


def _replaced(new: New, start: int, end: int, old: Sequence[Old]) -> str:
    """Return the origins of the words that stood where a run of new ones stands, or ""."""
    before = new.source[start - 1] if start else None
    after = new.source[end] if end < len(new.text) else None
    if before:
        run, first = before[0], before[1] + 1
        last = after[1] if after and after[0] == run and after[1] >= first else first
        while not (after and after[0] == run) and last < len(old[run].text) and not old[run].taken[last]:
            last += 1
        return old[run].origins[first:last]
    if after:
        run, last = after
        first = last
        while first and not old[run].taken[first - 1]:
            first -= 1
        return old[run].origins[first:last]
    here = [one for one in old if one.gap == new.gap and not any(one.taken)]
    return here[0].origins if here else ""
