"""Pages before and after a commit, and what passes from one to the other whole: passages, wherever they went."""

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
    """A page at one commit: its passages, and for each the origins of its words (one letter a word)."""

    blob: str
    passages: tuple[str, ...]
    origins: tuple[str, ...]


Pages = Mapping[str, Page]
Stands = Callable[[str], bool]  # says whether a text still stands somewhere in the book


Step = tuple[str, dict[str, Page], tuple[str, ...]]  # a commit, the pages it has otherwise, and those it lacks


def steps(states: Mapping[str, Pages]) -> list[Step]:
    """Return the pages after each commit as what differs from the commit listed before it: most are the same."""
    found: list[Step] = []
    before: Pages = {}
    for sha, pages in states.items():
        changed = {path: page for path, page in pages.items() if before.get(path) is not page}
        found.append((sha, changed, tuple(before.keys() - pages.keys())))
        before = pages
    return found


def states_of(found: Sequence[Step]) -> dict[str, Pages]:
    """Return the pages after each commit again."""
    states: dict[str, Pages] = {}
    pages: dict[str, Page] = {}
    for sha, changed, lacking in found:
        pages = {**pages, **changed}
        for path in lacking:
            del pages[path]
        states[sha] = pages
    return states


@dataclass(slots=True)
class Draft:
    """A page being annotated: origins are filled in passage by passage."""

    path: str
    blob: str
    passages: list[str]
    origins: list[str | None] = field(init=False)
    cameos: list[int] = field(init=False)  # for each passage, the place of its twin in the page before, or -1

    def __post_init__(self) -> None:
        self.origins = [None] * len(self.passages)
        self.cameos = [-1] * len(self.passages)

    def open(self) -> list[int]:
        """Return the places of passages without origins."""
        if None not in self.origins:
            return []
        return [place for place, found in enumerate(self.origins) if found is None]


@dataclass(slots=True)
class Former:
    """A page of a parent that a commit touches; `left` are the places of passages that have gone nowhere yet."""

    path: str
    page: Page
    left: list[int]
    draft: int = -1  # the page that took its place


def old_runs(former: list[Former]) -> list[tuple[str, Old]]:
    """Return the passages that have gone nowhere yet, with the pages they stood on."""
    runs = []
    for one in former:
        last = before = -1
        for place in one.left:
            last = last if place == before + 1 else place - 1
            before = place
            runs.append((one.path, Old(one.page.passages[place], one.page.origins[place], (one.draft, last))))
    return runs


def pages_before(parents: Sequence[Pages], touched: set[str], kept: Sequence[Page]) -> list[Former]:
    """Return the pages before a commit that may have given words to it."""
    found = []
    for index, pages in enumerate(parents):
        for path in sorted(touched & pages.keys()) if index == 0 else sorted(pages):
            page = pages[path]
            if any(page is one for one in kept) or (index and parents[0].get(path) is page):
                continue
            # what both parents share is counted once
            left = _not_in(page, parents[0].get(path)) if index else list(range(len(page.passages)))
            found.append(Former(path, page, left))
    return found


def unchanged(edit: Edit, parents: Sequence[Pages], touched: set[str]) -> Page | None:
    """Return a page that a parent has letter by letter, at the same place or under a name that this commit takes away."""
    for pages in parents:
        page = pages.get(edit.new)
        if page is not None and page.blob == edit.blob:
            return page
    there = parents[0] if parents else {}
    return next((there[path] for path in sorted(touched) if path in there and there[path].blob == edit.blob), None)


def stands_in(pages: Sequence[Page], drafts: Sequence[Draft]) -> Stands:
    """Return a function that says whether a text stands on a page that stays, or in a passage already accounted for."""

    there = ""
    here, unknown = "", [-1]  # the passages accounted for, joined anew when there are more of them

    def stands(text: str) -> bool:
        nonlocal there, here, unknown
        if not there:  # made when it is first asked for: most commits never do
            there = NOBODY.join([NOBODY, *(joined(page.passages) for page in pages)])
        if text in there:
            return True
        left = [draft.origins.count(None) for draft in drafts]
        if left != unknown:
            unknown = left
            pairs = (pair for draft in drafts for pair in zip(draft.passages, draft.origins, strict=True))
            here = NOBODY.join([passage for passage, origins in pairs if origins is not None])
        return text in here

    return stands


@functools.lru_cache(maxsize=1000)
def joined(passages: tuple[str, ...]) -> str:
    """Return the passages of a page as one text to look for others in."""
    return NOBODY.join(passages)


def _not_in(page: Page, other: Page | None) -> list[int]:
    """Return the places of passages that another revision of the page does not have with the same origins."""
    if other is None:
        return list(range(len(page.passages)))
    there = set(zip(other.passages, other.origins, strict=True))
    pairs = zip(page.passages, page.origins, strict=True)
    return [place for place, pair in enumerate(pairs) if pair not in there]


def in_place(draft: Draft, former: Former) -> None:
    """Match the passages of a page with those it had, from both ends and then by their words."""
    new, old = draft.passages, former.page.passages
    first = 0
    most = min(len(new), len(old))
    whole = len(former.left) == len(old) and not any(draft.origins)
    if whole:
        while first < most and new[first] == old[first]:
            first += 1
        last = 0
        while last < most - first and new[-1 - last] == old[-1 - last]:
            last += 1
        draft.origins[:first] = former.page.origins[:first]
        draft.cameos[:first] = range(first)
        if last:
            draft.origins[-last:] = former.page.origins[-last:]
            draft.cameos[-last:] = range(len(old) - last, len(old))
        former.left = list(range(first, len(old) - last))
    spots: dict[str, deque[int]] = defaultdict(deque)
    for place in former.left:
        spots[old[place]].append(place)
    for place in draft.open():
        if spots.get(new[place]):
            twin = spots[new[place]].popleft()
            draft.origins[place], draft.cameos[place] = former.page.origins[twin], twin
            former.left.remove(twin)


def anywhere(drafts: list[Draft], former: list[Former]) -> None:
    """Match passages that went from one page to another."""
    spots: dict[str, deque[tuple[Former, int]]] = defaultdict(deque)
    for one in former:
        for place in one.left:
            spots[one.page.passages[place]].append((one, place))
    if not spots:
        return
    for draft in drafts:
        for place in draft.open():
            if spots.get(draft.passages[place]):
                one, twin = spots[draft.passages[place]].popleft()
                draft.origins[place] = one.page.origins[twin]
                one.left.remove(twin)


def in_a_row(places: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of neighbouring places.

    >>> list(in_a_row([1, 2, 5]))
    [[1, 2], [5]]
    """
    run: list[int] = []
    for place in places:
        if run and place != run[-1] + 1:
            yield run
            run = []
        run.append(place)
    if run:
        yield run
