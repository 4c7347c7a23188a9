"""Match the words of new text to old text: common blocks, then what is between.

Blocks of at least three words are found anywhere, so that a moved sentence, two merged sentences or swapped clauses
keep their authors. The words between two matched blocks are compared in order.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from oerbook.attribution.word_codes import NO_ORIGIN, common_prefix_length, common_suffix_length
from oerbook.attribution.word_runs import GapIndexes, NewWordRun, OldWordRun

NGRAM_WORDS = 3  # consecutive words that must agree before two places count as the same
MIN_REWRITE_OVERLAP = (
    0.3  # share of a sentence's words that must be in the old one, in order, for it to count as rewritten
)
MAX_WORD_PAIRS = 25_000_000  # word pairs compared in order at most: about 5,000 against 5,000
MAX_BLOCK_CANDIDATES = 24  # places tried for a common phrase
UNMATCHED_STRETCH, NO_ORIGIN_STRETCH = re.compile(b"\0+"), re.compile(f"{NO_ORIGIN}+")


class CommonBlock(NamedTuple):
    """A common block in the priority queue.

    `sort_key` sorts longer blocks first, then blocks in the same gap or page.
    """

    sort_key: tuple[int, int, int]
    new_run_index: int  # index of the new run
    new_start: int
    old_run_index: int  # index of the old run
    old_start: int
    length: int


class _Stretch(NamedTuple):
    """A stretch of words in an old run: its index, start and end."""

    run: int
    start: int
    end: int


def match_runs(new: Sequence[NewWordRun], old: Sequence[OldWordRun]) -> None:
    """Fill in the origins of new runs; each old word is used at most once."""
    if not old:
        return
    _match_blocks(new, old)
    for run in new:
        _match_between_blocks(run, old)
    _match_rewritten(new, old)


def match_ends(new: Sequence[NewWordRun], old: Sequence[OldWordRun]) -> None:
    """Match the common start and end of runs in the same gap.

    The gap must hold as many runs as before.
    """
    old_by_gap: dict[GapIndexes, list[int]] = defaultdict(list)
    new_by_gap: dict[GapIndexes, list[int]] = defaultdict(list)
    for index, old_run in enumerate(old):
        old_by_gap[old_run.gap].append(index)
    for index, new_run in enumerate(new):
        new_by_gap[new_run.gap].append(index)
    for gap, new_indexes in new_by_gap.items():
        old_indexes = old_by_gap.get(gap, [])
        if len(old_indexes) != len(new_indexes):
            continue
        for new_index, old_index in zip(new_indexes, old_indexes, strict=True):
            _match_pair_ends(new[new_index], old[old_index], old_index)


def _match_pair_ends(new: NewWordRun, old: OldWordRun, run: int) -> None:
    limit = min(len(new.text), len(old.text))
    head = common_prefix_length(new.text, 0, old.text, 0, limit)
    tail = common_suffix_length(new.text, old.text, limit - head)
    if head + tail < limit and head + tail < 2 * NGRAM_WORDS and (head < NGRAM_WORDS and tail < NGRAM_WORDS):
        return
    if head:
        new.copy_origins(0, old, run, 0, head)
    if tail:
        new.copy_origins(len(new.text) - tail, old, run, len(old.text) - tail, tail)


def _match_blocks(new: Sequence[NewWordRun], old: Sequence[OldWordRun]) -> None:
    """Match common blocks, longest first; among equals, those that did not move."""
    index = _index_ngrams(new, old)
    if not index:
        return
    heap = [block for new_index in range(len(new)) for block in _candidates(new, new_index, old, index)]
    heapq.heapify(heap)
    while heap:
        block = heapq.heappop(heap)
        unused = list(_unused_stretches(new, old, block))
        if unused == [(0, block.length)]:
            _take_block(new[block.new_run_index], old[block.old_run_index], block)
            continue
        for start, end in unused:
            if end - start >= NGRAM_WORDS:
                heapq.heappush(heap, _part_of(block, start, end))


def _index_ngrams(new: Sequence[NewWordRun], old: Sequence[OldWordRun]) -> dict[str, list[tuple[int, int]]]:
    """Return where the n-grams of the new runs are in the old, as (run, offset)."""
    wanted = {
        run.text[offset : offset + NGRAM_WORDS]
        for run in new
        for start, end in unmatched_stretches(run.origins)
        for offset in range(start, end - NGRAM_WORDS + 1)
    }
    index: dict[str, list[tuple[int, int]]] = defaultdict(list)
    if not wanted:
        return index
    for run, old_run in enumerate(old):
        text = old_run.text
        for offset in (
            place
            for start, end in unmatched_stretches(old_run.matched)
            for place in range(start, end - NGRAM_WORDS + 1)
        ):
            gram = text[offset : offset + NGRAM_WORDS]
            # For a phrase that is everywhere, any place is as good as another.
            if gram in wanted and len(index[gram]) < 4 * MAX_BLOCK_CANDIDATES:
                index[gram].append((run, offset))
    return index


def _cost(length: int, new_gap: GapIndexes, old_gap: GapIndexes) -> tuple[int, int, int]:
    return (-length, new_gap != old_gap, new_gap[0] != old_gap[0])


def _part_of(block: CommonBlock, start: int, end: int) -> CommonBlock:
    """Return the part of a block between two offsets in it."""
    _, other_gap, other_page = block.sort_key
    cost = (start - end, other_gap, other_page)
    return CommonBlock(
        cost, block.new_run_index, block.new_start + start, block.old_run_index, block.old_start + start, end - start
    )


def _candidates(
    new: Sequence[NewWordRun], new_index: int, old: Sequence[OldWordRun], index: dict[str, list[tuple[int, int]]]
) -> Iterator[CommonBlock]:
    """Yield the common blocks of one new run with every old run."""
    text, gap = new[new_index].text, new[new_index].gap
    for first, end in unmatched_stretches(new[new_index].origins):
        start = first
        while start <= end - NGRAM_WORDS:
            positions = index.get(text[start : start + NGRAM_WORDS])
            if not positions:
                start += 1
                continue
            if len(positions) > MAX_BLOCK_CANDIDATES:
                positions = sorted(positions, key=lambda p: (old[p[0]].gap != gap, old[p[0]].gap[0] != gap[0]))
            longest = NGRAM_WORDS
            for run, offset in positions[:MAX_BLOCK_CANDIDATES]:
                old_text = old[run].text
                length = common_prefix_length(text, start, old_text, offset, min(end - start, len(old_text) - offset))
                longest = max(longest, length)
                yield CommonBlock(_cost(length, gap, old[run].gap), new_index, start, run, offset, length)
            start += longest - NGRAM_WORDS + 1


def unmatched_stretches(marks: bytearray | list[str]) -> list[tuple[int, int]]:
    """Return the stretches of words that are not matched yet, as (start, end).

    >>> unmatched_stretches(bytearray([0, 0, 1, 0])), unmatched_stretches(["a", NO_ORIGIN])
    ([(0, 2), (3, 4)], [(1, 2)])
    """
    if isinstance(marks, bytearray):
        return [stretch.span() for stretch in UNMATCHED_STRETCH.finditer(marks)]
    return [stretch.span() for stretch in NO_ORIGIN_STRETCH.finditer("".join(marks))]


def _unused_stretches(
    new: Sequence[NewWordRun], old: Sequence[OldWordRun], block: CommonBlock
) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a block in which neither side is matched yet."""
    origins, taken = new[block.new_run_index].origins, old[block.old_run_index].matched
    start = -1
    for step in range(block.length):
        unmatched = origins[block.new_start + step] == NO_ORIGIN and not taken[block.old_start + step]
        if unmatched and start < 0:
            start = step
        elif not unmatched and start >= 0:
            yield start, step
            start = -1
    if start >= 0:
        yield start, block.length


def _take_block(new: NewWordRun, old: OldWordRun, block: CommonBlock) -> None:
    """Match a block, extended by the equal unmatched words on either side."""
    start, old_start, length = block.new_start, block.old_start, block.length
    while start and old_start and new.text[start - 1] == old.text[old_start - 1]:
        if not _both_unmatched(new, start - 1, old, old_start - 1):
            break
        start, old_start, length = start - 1, old_start - 1, length + 1
    while start + length < len(new.text) and old_start + length < len(old.text):
        end, old_end = start + length, old_start + length
        if new.text[end] != old.text[old_end] or not _both_unmatched(new, end, old, old_end):
            break
        length += 1
    new.copy_origins(start, old, block.old_run_index, old_start, length)


def _both_unmatched(new: NewWordRun, index: int, old: OldWordRun, old_index: int) -> bool:
    return new.origins[index] == NO_ORIGIN and not old.matched[old_index]


def _match_between_blocks(new: NewWordRun, old: Sequence[OldWordRun]) -> None:
    """Compare words between two matched blocks with those between them before."""
    for start, end in unmatched_stretches(new.origins):
        for stretch in _old_stretches(new, start, end, old):
            _match_in_order(new, (start, end), old, stretch)


def _old_stretches(new: NewWordRun, start: int, end: int, old: Sequence[OldWordRun]) -> Iterable[_Stretch]:
    """Return the old words that correspond to a gap in a new run.

    They are between its neighbours, or next to one of them.
    """
    before = new.old_positions[start - 1] if start else None
    after = new.old_positions[end] if end < len(new.text) else None
    if before and after and before[0] == after[0] and before[1] < after[1]:
        return [_Stretch(before[0], before[1] + 1, after[1])]
    stretches = []
    if before:
        run, offset = before
        first = last = offset + 1
        while last < len(old[run].text) and not old[run].matched[last]:
            last += 1
        stretches.append(_Stretch(run, first, last))
    if after:
        run, offset = after
        first = last = offset
        while first and not old[run].matched[first - 1]:
            first -= 1
        stretches.append(_Stretch(run, first, last))
    return stretches


def _match_in_order(new: NewWordRun, span: tuple[int, int], old: Sequence[OldWordRun], stretch: _Stretch) -> None:
    """Match the words that two stretches share in order."""
    (start, end), (run, old_start, old_end) = span, stretch
    if old_start >= old_end or start >= end or (old_end - old_start) * (end - start) > MAX_WORD_PAIRS:
        return
    old_run = old[run]
    for op in LCSseq.opcodes(old_run.text[old_start:old_end], new.text[start:end]):
        if op.tag != "equal":
            continue
        for step in range(op.src_end - op.src_start):
            index, old_index = start + op.dest_start + step, old_start + op.src_start + step
            if _both_unmatched(new, index, old_run, old_index):
                new.copy_origins(index, old_run, run, old_index, 1)


def _match_rewritten(new: Sequence[NewWordRun], old: Sequence[OldWordRun]) -> None:
    """Match runs without any common block to the most similar one in their gap."""
    unmatched: dict[GapIndexes, list[int]] = defaultdict(list)
    for index, old_run in enumerate(old):
        if not any(old_run.matched):
            unmatched[old_run.gap].append(index)
    for new_run in new:
        if any(origin != NO_ORIGIN for origin in new_run.origins):
            continue
        best, best_share = -1, MIN_REWRITE_OVERLAP
        for index in unmatched.get(new_run.gap, ()):
            old_run = old[index]
            if any(old_run.matched):
                continue
            similarity = LCSseq.similarity(old_run.text, new_run.text)
            share = similarity / max(1, min(len(old_run.text), len(new_run.text)))
            if share > best_share:
                best, best_share = index, share
        if best >= 0:
            _match_in_order(new_run, (0, len(new_run.text)), old, _Stretch(best, 0, len(old[best].text)))
