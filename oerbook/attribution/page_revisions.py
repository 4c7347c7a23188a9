"""Annotated pages before and after a commit, and passages that did not change."""

from __future__ import annotations

import functools
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.attribution.word_codes import NO_ORIGIN
from oerbook.attribution.word_runs import OldWordRun
from oerbook.model.history import PageEdit


@dataclass(frozen=True, slots=True)
class AnnotatedPage:
    """A page at one commit: passages, and the origins of their words.

    Origins have one character per word.
    """

    blob: str
    passages: tuple[str, ...]
    origins: tuple[str, ...]


PagesByPath = Mapping[str, AnnotatedPage]
TextExistsTest = Callable[[str], bool]  # tests whether a text still exists somewhere in the book
PageDelta = tuple[
    str, dict[str, AnnotatedPage], tuple[str, ...]
]  # a commit, the pages that differ, and the paths that are gone


def encode_page_deltas(states: Mapping[str, PagesByPath]) -> list[PageDelta]:
    """Delta-encode the pages after each commit against the commit before it."""
    deltas: list[PageDelta] = []
    before: PagesByPath = {}
    for sha, pages in states.items():
        changed = {path: page for path, page in pages.items() if before.get(path) is not page}
        deltas.append((sha, changed, tuple(before.keys() - pages.keys())))
        before = pages
    return deltas


def decode_page_deltas(deltas: Sequence[PageDelta]) -> dict[str, PagesByPath]:
    """Return the pages after each commit from their deltas."""
    states: dict[str, PagesByPath] = {}
    pages: dict[str, AnnotatedPage] = {}
    for sha, changed, removed in deltas:
        pages = {**pages, **changed}
        for path in removed:
            del pages[path]
        states[sha] = pages
    return states


@dataclass(slots=True)
class PageInProgress:
    """A page being annotated: its origins are filled in passage by passage."""

    path: str
    blob: str
    passages: list[str]
    origins: list[str | None] = field(init=False)
    previous_indexes: list[int] = field(
        init=False
    )  # per passage, the index of the same passage in the page before, or -1

    def __post_init__(self) -> None:
        self.origins = [None] * len(self.passages)
        self.previous_indexes = [-1] * len(self.passages)

    def unassigned(self) -> list[int]:
        """Return the indexes of passages without origins."""
        if None not in self.origins:
            return []
        return [index for index, origins in enumerate(self.origins) if origins is None]


@dataclass(slots=True)
class ParentPage:
    """A page of a parent commit; `unmatched` are indexes of words."""

    path: str
    page: AnnotatedPage
    unmatched: list[int]
    page_in_progress_index: int = -1  # index of the page that replaces it


def unmatched_old_passages(former: list[ParentPage]) -> list[tuple[str, OldWordRun]]:
    """Return the passages that are not matched yet, with the paths of their pages."""
    runs = []
    for parent in former:
        gap_start = previous = -1
        for index in parent.unmatched:
            gap_start = gap_start if index == previous + 1 else index - 1
            previous = index
            gap = (parent.page_in_progress_index, gap_start)
            runs.append((parent.path, OldWordRun(parent.page.passages[index], parent.page.origins[index], gap)))
    return runs


def parent_pages(
    parents: Sequence[PagesByPath], touched: set[str], unchanged_pages: Sequence[AnnotatedPage]
) -> list[ParentPage]:
    """Return the pages of the parents that a commit may have taken words from."""
    former = []
    for index, pages in enumerate(parents):
        for path in sorted(touched & pages.keys()) if index == 0 else sorted(pages):
            page = pages[path]
            if any(page is other for other in unchanged_pages) or (index and parents[0].get(path) is page):
                continue
            # what both parents share is counted once
            left = _not_in(page, parents[0].get(path)) if index else list(range(len(page.passages)))
            former.append(ParentPage(path, page, left))
    return former


def find_unchanged_page(edit: PageEdit, parents: Sequence[PagesByPath], touched: set[str]) -> AnnotatedPage | None:
    """Return the parent's page with the same blob, or None.

    It is at the same path, or under a name that the commit removes.
    """
    for pages in parents:
        page = pages.get(edit.new_path)
        if page is not None and page.blob == edit.blob:
            return page
    first = parents[0] if parents else {}
    return next((first[path] for path in sorted(touched) if path in first and first[path].blob == edit.blob), None)


def make_text_exists_test(pages: Sequence[AnnotatedPage], drafts: Sequence[PageInProgress]) -> TextExistsTest:
    """Return a test for whether a text exists in the pages or in matched drafts."""

    page_text = ""
    draft_text, unmatched = "", [-1]  # the passages with origins, joined again when there are more of them

    def exists(text: str) -> bool:
        nonlocal page_text, draft_text, unmatched
        if not page_text:  # joined on first use: most commits never need it
            page_text = NO_ORIGIN.join([NO_ORIGIN, *(join_passages(page.passages) for page in pages)])
        if text in page_text:
            return True
        counts = [draft.origins.count(None) for draft in drafts]
        if counts != unmatched:
            unmatched = counts
            pairs = (pair for draft in drafts for pair in zip(draft.passages, draft.origins, strict=True))
            draft_text = NO_ORIGIN.join([passage for passage, origins in pairs if origins is not None])
        return text in draft_text

    return exists


@functools.lru_cache(maxsize=1000)
def join_passages(passages: tuple[str, ...]) -> str:
    """Return the passages of a page as one text to search in."""
    return NO_ORIGIN.join(passages)


def _not_in(page: AnnotatedPage, other: AnnotatedPage | None) -> list[int]:
    """Return indexes of passages that another revision lacks or credits otherwise."""
    if other is None:
        return list(range(len(page.passages)))
    other_pairs = set(zip(other.passages, other.origins, strict=True))
    pairs = zip(page.passages, page.origins, strict=True)
    return [index for index, pair in enumerate(pairs) if pair not in other_pairs]


def match_within_page(draft: PageInProgress, former: ParentPage) -> None:
    """Match the passages of a page with those it had before.

    From both ends first, then equal ones in any order.
    """
    if len(former.unmatched) == len(former.page.passages) and not any(draft.origins):
        _match_both_ends(draft, former)
    old = former.page.passages
    positions: dict[str, deque[int]] = defaultdict(deque)
    for index in former.unmatched:
        positions[old[index]].append(index)
    for index in draft.unassigned():
        if positions.get(draft.passages[index]):
            old_index = positions[draft.passages[index]].popleft()
            draft.origins[index], draft.previous_indexes[index] = former.page.origins[old_index], old_index
            former.unmatched.remove(old_index)


def _match_both_ends(draft: PageInProgress, former: ParentPage) -> None:
    new, old = draft.passages, former.page.passages
    limit = min(len(new), len(old))
    head = tail = 0
    while head < limit and new[head] == old[head]:
        head += 1
    while tail < limit - head and new[-1 - tail] == old[-1 - tail]:
        tail += 1
    draft.origins[:head] = former.page.origins[:head]
    draft.previous_indexes[:head] = range(head)
    if tail:
        draft.origins[-tail:] = former.page.origins[-tail:]
        draft.previous_indexes[-tail:] = range(len(old) - tail, len(old))
    former.unmatched = list(range(head, len(old) - tail))


def match_across_pages(drafts: list[PageInProgress], former: list[ParentPage]) -> None:
    """Match equal passages that moved from one page to another."""
    positions: dict[str, deque[tuple[ParentPage, int]]] = defaultdict(deque)
    for parent in former:
        for index in parent.unmatched:
            positions[parent.page.passages[index]].append((parent, index))
    if not positions:
        return
    for draft in drafts:
        for index in draft.unassigned():
            if positions.get(draft.passages[index]):
                parent, old_index = positions[draft.passages[index]].popleft()
                draft.origins[index] = parent.page.origins[old_index]
                parent.unmatched.remove(old_index)


def consecutive_runs(indexes: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of consecutive indexes.

    >>> list(consecutive_runs([1, 2, 5]))
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
