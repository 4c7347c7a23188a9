"""Which words of a new text come from the old one: the longest common blocks first, then what lies between them.

Blocks of at least three words are found wherever they stand, so that a moved sentence, a merged pair of sentences or
two swapped clauses keep their words. What is left between two blocks is compared in order.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import LCSseq

from oerbook.attribution.word_codes import NOBODY, common, common_end

GRAM = 3  # words that must agree in a row before two places count as the same
OVERLAP = 0.3  # of a sentence's words that must stand in the old one, in order, for a rewrite to count as one
MOST = 25_000_000  # pairs of words that are compared in order: some five thousand against as many
CANDIDATES = 24  # places of a common phrase that are tried
UNTAKEN, UNKNOWN = re.compile(b"\0+"), re.compile(f"{NOBODY}+")

Gap = tuple[int, int]  # a page, and the place of its last passage that stayed as it was


@dataclass(slots=True)
class Old:
    """A run of old words that may have gone somewhere: `origins` tells who wrote them, `taken` which are used."""

    text: str
    origins: str
    gap: Gap
    taken: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.taken = bytearray(len(self.text))


@dataclass(slots=True)
class New:
    """A run of new words whose origins are looked for; NOBODY where none is found yet.

    `source` says for each word which old run and place it came from, as (run, place).
    """

    text: str
    gap: Gap
    origins: list[str] = field(init=False)
    source: list[tuple[int, int] | None] = field(init=False)

    def __post_init__(self) -> None:
        self.origins = [NOBODY] * len(self.text)
        self.source = [None] * len(self.text)

    def take(self, at: int, old: Old, run: int, place: int, length: int) -> None:
        """Give `length` words from `at` the origins of the old words from `place`."""
        self.origins[at : at + length] = old.origins[place : place + length]
        self.source[at : at + length] = [(run, place + step) for step in range(length)]
        old.taken[place : place + length] = b"\1" * length


def match(new: Sequence[New], old: Sequence[Old]) -> None:
    """Fill in the origins of new runs from old ones; each old word goes to one new word at most."""
    if not old:
        return
    _blocks(new, old)
    for run in new:
        _between(run, old)
    _rewritten(new, old)


def trim(new: Sequence[New], old: Sequence[Old]) -> None:
    """Match what two runs in the same gap begin and end with, where the gap holds as many runs as before."""
    there: dict[Gap, list[int]] = defaultdict(list)
    here: dict[Gap, list[int]] = defaultdict(list)
    for index, run in enumerate(old):
        there[run.gap].append(index)
    for index, fresh_run in enumerate(new):
        here[fresh_run.gap].append(index)
    for gap, fresh in here.items():
        former = there.get(gap, [])
        if len(former) != len(fresh):
            continue
        for one, other in zip(fresh, former, strict=True):
            _trim_pair(new[one], old[other], other)


def _trim_pair(new: New, old: Old, run: int) -> None:
    most = min(len(new.text), len(old.text))
    head = common(new.text, 0, old.text, 0, most)
    tail = common_end(new.text, old.text, most - head)
    if head + tail < most and head + tail < 2 * GRAM and (head < GRAM and tail < GRAM):
        return
    if head:
        new.take(0, old, run, 0, head)
    if tail:
        new.take(len(new.text) - tail, old, run, len(old.text) - tail, tail)


def _blocks(new: Sequence[New], old: Sequence[Old]) -> None:
    """Match common blocks, longest first; among equals those that stayed in their place."""
    looked_for = {
        run.text[place : place + GRAM]
        for run in new
        for start, end in free(run.origins)
        for place in range(start, end - GRAM + 1)
    }
    if not looked_for:
        return
    index: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for run, piece in enumerate(old):
        for start, end in free(piece.taken):
            text = piece.text
            for place in range(start, end - GRAM + 1):
                gram = text[place : place + GRAM]
                if gram in looked_for:
                    spots = index[gram]
                    if len(spots) < 4 * CANDIDATES:  # of a phrase that is everywhere, any place is as good as another
                        spots.append((run, place))
    if not index:
        return
    heap = [found for fresh in range(len(new)) for found in _candidates(new, fresh, old, index)]
    heapq.heapify(heap)
    while heap:
        _cost, fresh, at, run, place, length = heapq.heappop(heap)
        pieces = list(_unused(new[fresh], at, old[run], place, length))
        if pieces == [(0, length)]:
            _settle(new[fresh], at, old[run], run, place, length)
            continue
        for start, end in pieces:
            if end - start >= GRAM:
                heapq.heappush(heap, _entry(new, fresh, at + start, old, run, place + start, end - start))


Entry = tuple[tuple[int, int, int], int, int, int, int, int]


def _entry(new: Sequence[New], fresh: int, at: int, old: Sequence[Old], run: int, place: int, length: int) -> Entry:
    here, there = new[fresh].gap, old[run].gap
    return ((-length, here != there, here[0] != there[0]), fresh, at, run, place, length)


def _candidates(
    new: Sequence[New], fresh: int, old: Sequence[Old], index: dict[str, list[tuple[int, int]]]
) -> Iterator[Entry]:
    """Yield the common blocks of one new run with every old run."""
    text, gap = new[fresh].text, new[fresh].gap
    for start, end in free(new[fresh].origins):
        at = start
        while at <= end - GRAM:
            spots = index.get(text[at : at + GRAM])
            if not spots:
                at += 1
                continue
            if len(spots) > CANDIDATES:
                spots = sorted(spots, key=lambda s: (old[s[0]].gap != gap, old[s[0]].gap[0] != gap[0]))[:CANDIDATES]
            longest = GRAM
            for run, place in spots:
                piece = old[run].text
                length = common(text, at, piece, place, min(end - at, len(piece) - place))
                longest = max(longest, length)
                yield _entry(new, fresh, at, old, run, place, length)
            at += longest - GRAM + 1


def free(marks: bytearray | list[str]) -> list[tuple[int, int]]:
    """Return the stretches of words that nobody has claimed yet.

    >>> free(bytearray([0, 0, 1, 0])), free(["a", NOBODY])
    ([(0, 2), (3, 4)], [(1, 2)])
    """
    if isinstance(marks, bytearray):
        return [match.span() for match in UNTAKEN.finditer(marks)]
    return [match.span() for match in UNKNOWN.finditer("".join(marks))]


def _unused(new: New, at: int, old: Old, place: int, length: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a block that neither side has given away."""
    start = -1
    for step in range(length):
        free = new.origins[at + step] == NOBODY and not old.taken[place + step]
        if free and start < 0:
            start = step
        elif not free and start >= 0:
            yield start, step
            start = -1
    if start >= 0:
        yield start, length


def _settle(new: New, at: int, old: Old, run: int, place: int, length: int) -> None:
    """Take a block, with the words on either side that agree and are free."""
    while at and place and new.text[at - 1] == old.text[place - 1] and _both_free(new, at - 1, old, place - 1):
        at, place, length = at - 1, place - 1, length + 1
    while at + length < len(new.text) and place + length < len(old.text):
        end, last = at + length, place + length
        if new.text[end] != old.text[last] or not _both_free(new, end, old, last):
            break
        length += 1
    new.take(at, old, run, place, length)


def _both_free(new: New, at: int, old: Old, place: int) -> bool:
    return new.origins[at] == NOBODY and not old.taken[place]


def _between(new: New, old: Sequence[Old]) -> None:
    """Compare what lies between two matched blocks with what lay between them before."""
    for start, end in free(new.origins):
        for run, first, last in _sides(new, start, end, old):
            _in_order(new, start, end, old, run, first, last)


def _sides(new: New, start: int, end: int, old: Sequence[Old]) -> Iterable[tuple[int, int, int]]:
    """Return the stretches of old runs that belong to a gap of a new run: between its neighbours, or beside one."""
    before = new.source[start - 1] if start else None
    after = new.source[end] if end < len(new.text) else None
    if before and after and before[0] == after[0] and before[1] < after[1]:
        return [(before[0], before[1] + 1, after[1])]
    found = []
    if before:
        run, place = before
        first = last = place + 1
        while last < len(old[run].text) and not old[run].taken[last]:
            last += 1
        found.append((run, first, last))
    if after:
        run, place = after
        first = last = place
        while first and not old[run].taken[first - 1]:
            first -= 1
        found.append((run, first, last))
    return found


def _in_order(new: New, start: int, end: int, old: Sequence[Old], run: int, first: int, last: int) -> None:
    """Match the words that two stretches share in order."""
    if first >= last or start >= end or (last - first) * (end - start) > MOST:
        return
    piece = old[run]
    for op in LCSseq.opcodes(piece.text[first:last], new.text[start:end]):
        if op.tag != "equal":
            continue
        for step in range(op.src_end - op.src_start):
            at, place = start + op.dest_start + step, first + op.src_start + step
            if _both_free(new, at, piece, place):
                new.take(at, piece, run, place, 1)


def _rewritten(new: Sequence[New], old: Sequence[Old]) -> None:
    """Match runs that were rewritten so thoroughly that no block is left, with the old run in their place."""
    there: dict[Gap, list[int]] = defaultdict(list)
    for index, run in enumerate(old):
        if not any(run.taken):
            there[run.gap].append(index)
    for fresh in new:
        if any(sign != NOBODY for sign in fresh.origins):
            continue
        best, score = -1, OVERLAP
        for place in there.get(fresh.gap, ()):
            former = old[place]
            if any(former.taken):
                continue
            share = LCSseq.similarity(former.text, fresh.text) / max(1, min(len(former.text), len(fresh.text)))
            if share > score:
                best, score = place, share
        if best >= 0:
            _in_order(fresh, 0, len(fresh.text), old, best, 0, len(old[best].text))
