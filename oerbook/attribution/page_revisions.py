"""Annotated pages before and after a commit, and passages that did not change."""

from __future__ import annotations

import functools
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.attribution.matching import Old
from oerbook.attribution.word_codes import NOBODY
from oerbook.model.history import Edit


@dataclass(frozen=True, slots=True)
class Page:
    """A page at one commit: passages, and the origins of their words.

    Origins have one character per word.
    """

    blob: str
    passages: tuple[str, ...]
    origins: tuple[str, ...]


Pages = Mapping[str, Page]
Stands = Callable[[str], bool]  # tests whether a text still exists somewhere in the book
Step = tuple[str, dict[str, Page], tuple[str, ...]]  # a commit, the pages that differ, and the paths that are gone


def steps(states: Mapping[str, Pages]) -> list[Step]:
    """Delta-encode the pages after each commit against the commit before it."""
    deltas: list[Step] = []
    before: Pages = {}
    for sha, pages in states.items():
        changed = {path: page for path, page in pages.items() if before.get(path) is not page}
        deltas.append((sha, changed, tuple(before.keys() - pages.keys())))
        before = pages
    return deltas


def states_of(deltas: Sequence[Step]) -> dict[str, Pages]:
    """Return the pages after each commit from their deltas."""
    states: dict[str, Pages] = {}
    pages: dict[str, Page] = {}
    for sha, changed, removed in deltas:
        pages = {**pages, **changed}
        for path in removed:
            del pages[path]
        states[sha] = pages
    return states


@dataclass(slots=True)
class Draft:
    """A page being annotated: its origins are filled in passage by passage."""

    path: str
    blob: str
    passages: list[str]
    origins: list[str | None] = field(init=False)
    cameos: list[int] = field(init=False)  # per passage, the index of the same passage in the page before, or -1

    def __post_init__(self) -> None:
        self.origins = [None] * len(self.passages)
        self.cameos = [-1] * len(self.passages)

    def open(self) -> list[int]:
        """Return the indexes of passages without origins."""
        if None not in self.origins:
            return []
        return [index for index, origins in enumerate(self.origins) if origins is None]


@dataclass(slots=True)
class Former:
    """A page of a parent commit; `left` are indexes of unmatched passages."""

    path: str
    page: Page
    left: list[int]
    draft: int = -1  # index of the page that replaces it


def old_runs(former: list[Former]) -> list[tuple[str, Old]]:
    """Return the passages that are not matched yet, with the paths of their pages."""
    runs = []
    for parent in former:
        gap_start = previous = -1
        for index in parent.left:
            gap_start = gap_start if index == previous + 1 else index - 1
            previous = index
            gap = (parent.draft, gap_start)
            runs.append((parent.path, Old(parent.page.passages[index], parent.page.origins[index], gap)))
    return runs


def pages_before(parents: Sequence[Pages], touched: set[str], unchanged_pages: Sequence[Page]) -> list[Former]:
    """Return the pages of the parents that a commit may have taken words from."""
    former = []
    for index, pages in enumerate(parents):
        for path in sorted(touched & pages.keys()) if index == 0 else sorted(pages):
            page = pages[path]
            if any(page is other for other in unchanged_pages) or (index and parents[0].get(path) is page):
                continue
            # what both parents share is counted once
            left = _not_in(page, parents[0].get(path)) if index else list(range(len(page.passages)))
            former.append(Former(path, page, left))
    return former


def unchanged(edit: Edit, parents: Sequence[Pages], touched: set[str]) -> Page | None:
    """Return the parent's page with the same blob, or None.

    It is at the same path, or under a name that the commit removes.
    """
    for pages in parents:
        page = pages.get(edit.new)
        if page is not None and page.blob == edit.blob:
            return page
    first = parents[0] if parents else {}
    return next((first[path] for path in sorted(touched) if path in first and first[path].blob == edit.blob), None)


def stands_in(pages: Sequence[Page], drafts: Sequence[Draft]) -> Stands:
    """Return a test for whether a text exists in the pages or in matched drafts."""

    page_text = ""
    draft_text, unmatched = "", [-1]  # the passages with origins, joined again when there are more of them

    def exists(text: str) -> bool:
        nonlocal page_text, draft_text, unmatched
        if not page_text:  # joined on first use: most commits never need it
            page_text = NOBODY.join([NOBODY, *(joined(page.passages) for page in pages)])
        if text in page_text:
            return True
        counts = [draft.origins.count(None) for draft in drafts]
        if counts != unmatched:
            unmatched = counts
            pairs = (pair for draft in drafts for pair in zip(draft.passages, draft.origins, strict=True))
            draft_text = NOBODY.join([passage for passage, origins in pairs if origins is not None])
        return text in draft_text

    return exists


@functools.lru_cache(maxsize=1000)
def joined(passages: tuple[str, ...]) -> str:
    """Return the passages of a page as one text to search in."""
    return NOBODY.join(passages)


def _not_in(page: Page, other: Page | None) -> list[int]:
    """Return indexes of passages that another revision lacks or credits otherwise."""
    if other is None:
        return list(range(len(page.passages)))
    other_pairs = set(zip(other.passages, other.origins, strict=True))
    pairs = zip(page.passages, page.origins, strict=True)
    return [index for index, pair in enumerate(pairs) if pair not in other_pairs]


def in_place(draft: Draft, former: Former) -> None:
    """Match the passages of a page with those it had before.

    From both ends first, then equal ones in any order.
    """
    if len(former.left) == len(former.page.passages) and not any(draft.origins):
        _match_both_ends(draft, former)
    old = former.page.passages
    positions: dict[str, deque[int]] = defaultdict(deque)
    for index in former.left:
        positions[old[index]].append(index)
    for index in draft.open():
        if positions.get(draft.passages[index]):
            old_index = positions[draft.passages[index]].popleft()
            draft.origins[index], draft.cameos[index] = former.page.origins[old_index], old_index
            former.left.remove(old_index)


def _match_both_ends(draft: Draft, former: Former) -> None:
    new, old = draft.passages, former.page.passages
    limit = min(len(new), len(old))
    head = tail = 0
    while head < limit and new[head] == old[head]:
        head += 1
    while tail < limit - head and new[-1 - tail] == old[-1 - tail]:
        tail += 1
    draft.origins[:head] = former.page.origins[:head]
    draft.cameos[:head] = range(head)
    if tail:
        draft.origins[-tail:] = former.page.origins[-tail:]
        draft.cameos[-tail:] = range(len(old) - tail, len(old))
    former.left = list(range(head, len(old) - tail))


def anywhere(drafts: list[Draft], former: list[Former]) -> None:
    """Match equal passages that moved from one page to another."""
    positions: dict[str, deque[tuple[Former, int]]] = defaultdict(deque)
    for parent in former:
        for index in parent.left:
            positions[parent.page.passages[index]].append((parent, index))
    if not positions:
        return
    for draft in drafts:
        for index in draft.open():
            if positions.get(draft.passages[index]):
                parent, old_index = positions[draft.passages[index]].popleft()
                draft.origins[index] = parent.page.origins[old_index]
                parent.left.remove(old_index)


def in_a_row(indexes: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of consecutive indexes.

    >>> list(in_a_row([1, 2, 5]))
    [[1, 2], [5]]
    """
    run: list[int] = []
    for index in indexes:
        if run and index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    if run:
        yield run
