"""Who wrote which word: every revision annotated from all its parents, along the whole history.

The annotation of a page is, for each of its words, the commit that wrote it. A commit's pages are compared with those
of all its parents that it touches, at once: first passage by passage, then sentence by sentence, then with what the
book has said before, then by blocks of words. What comes from nowhere was written by the commit.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.attribution.letters import NOBODY, Vocabulary, letter
from oerbook.attribution.matching import New, Old, match
from oerbook.attribution.memory import Memory
from oerbook.attribution.passages import Reader
from oerbook.model import Edit

ENGINE = "1"  # part of every cache key: change it whenever an annotation could come out differently


@dataclass(frozen=True, slots=True)
class Page:
    """A page at one commit: its passages, and for each the origins of its words (one letter a word)."""

    blob: str
    passages: tuple[str, ...]
    origins: tuple[str, ...]


Pages = Mapping[str, Page]
Stands = Callable[[str], bool]  # says whether a text still stands somewhere in the book


@dataclass(slots=True)
class _Draft:
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
        return [place for place, found in enumerate(self.origins) if found is None]


@dataclass(slots=True)
class _Former:
    """A page of a parent that a commit touches; `left` are the places of passages that have gone nowhere yet."""

    path: str
    page: Page
    left: list[int]
    draft: int = -1  # the page that took its place
    first: bool = True  # of the first parent


class Annotator:
    """Annotates commit after commit; parents come before their children."""

    def __init__(self, vocabulary: Vocabulary, memory: Memory | None = None) -> None:
        self.reader = Reader(vocabulary)
        self.memory = memory or Memory()

    def commit(
        self, number: int, parents: Sequence[Pages], edits: Sequence[Edit], texts: Mapping[str, str], automatic: bool
    ) -> Pages:
        """Return the pages after a commit.

        `texts` holds the text of every edited page by its blob. What an `automatic` commit (a bot, a reformatting that
        the book ignores) puts in place of a person's words stays that person's.
        """
        pages = dict(parents[0]) if parents else {}
        for edit in edits:
            pages.pop(edit.old or edit.new, None)
        drafts = []
        touched = {edit.old or edit.new for edit in edits}
        kept = []
        for edit in edits:
            same = _unchanged(edit, parents, touched) if edit.new else None
            if same is not None:
                pages[edit.new] = same
                kept.append(same)
            elif edit.new and edit.blob in texts:
                drafts.append(_Draft(edit.new, edit.blob, self.reader.passages(texts[edit.blob])))
        if drafts or len(parents) == 1:
            former = _former(parents, touched, kept)
            others = [page for path, page in pages.items() if path not in touched]
            self._annotate(letter(number), drafts, former, edits, automatic, _stands(others, drafts))
        for draft in drafts:
            origins = tuple(found or "" for found in draft.origins)
            pages[draft.path] = Page(draft.blob, tuple(draft.passages), origins)
        return pages

    def _annotate(
        self,
        sign: str,
        drafts: list[_Draft],
        former: list[_Former],
        edits: Sequence[Edit],
        automatic: bool,
        stands: Stands,
    ) -> None:
        before = {edit.new: edit.old or edit.new for edit in edits if edit.new}
        for index, draft in enumerate(drafts):
            for one in former:
                if one.path in (before[draft.path], draft.path):
                    one.draft = index
                    _in_place(draft, one)
        _anywhere(drafts, former)
        old = _old_runs(former)
        if any(draft.open() for draft in drafts):
            self._restored(drafts, stands)
            self._copied(drafts)
            self._by_words(sign, drafts, old, automatic, stands)
        for path, run in old:
            self._bury(path, run)
        for draft in drafts:
            for passage, origins in zip(draft.passages, draft.origins, strict=True):
                self.memory.written(passage, origins or "", self.reader.sentences)

    def _bury(self, path: str, run: Old) -> None:
        """Remember what went out of a page, as a whole and sentence by sentence."""
        sentences = self.reader.sentences(run.text)
        start = 0
        for text in [run.text, *sentences] if len(sentences) > 1 else [run.text]:
            end = start + len(text)
            rewritten = 2 * sum(run.taken[start:end]) >= len(text)
            self.memory.bury(path, text, run.origins[start:end], rewritten)
            start = end if text is not run.text else 0

    def _restored(self, drafts: list[_Draft], stands: Stands) -> None:
        """Give passages back to whoever wrote them before they were taken out."""
        for draft in drafts if self.memory.gone else ():
            for place in draft.open():
                origins = self.memory.restored(draft.path, draft.passages[place], stands)
                draft.origins[place] = origins or None

    def _copied(self, drafts: list[_Draft]) -> None:
        """Give runs of passages that stand elsewhere in the book to whoever wrote them there."""
        first = self.memory.first
        for draft in drafts:
            for run in _in_a_row([place for place in draft.open() if draft.passages[place] in first]):
                passages = [draft.passages[place] for place in run]
                sentences = sum(len(self.reader.sentences(passage)) for passage in passages)
                for place, origins in zip(run, self.memory.copied(passages, sentences), strict=False):
                    draft.origins[place] = origins

    def _by_words(
        self, sign: str, drafts: list[_Draft], former: list[tuple[str, Old]], automatic: bool, stands: Stands
    ) -> None:
        """Compare what is left by sentences and by blocks of words; the rest was written by this commit."""
        old = [run for _path, run in former]
        new: list[New] = []
        for index, draft in enumerate(drafts):
            for place in draft.open():
                gap = (index, max([twin for twin in draft.cameos[:place] if twin >= 0], default=-1))
                new.append(self._known_sentences(New(draft.passages[place], gap), draft.path, stands))
        match(new, old)
        runs = iter(new)
        for draft in drafts:
            for place in draft.open():
                run = next(runs)
                if automatic:
                    _inherit(run, old)
                draft.origins[place] = "".join(sign if found == NOBODY else found for found in run.origins)

    def _known_sentences(self, run: New, path: str, stands: Stands) -> New:
        """Mark the sentences of a new run that stood in the book before and were taken out."""
        start = 0
        for sentence in self.reader.sentences(run.text):
            origins = self.memory.restored(path, sentence, stands)
            if origins:
                run.origins[start : start + len(sentence)] = origins
            start += len(sentence)
        return run


def _old_runs(former: list[_Former]) -> list[tuple[str, Old]]:
    """Return the passages that have gone nowhere yet, with the pages they stood on; only a first parent's are gone."""
    runs = []
    for one in former:
        left = set(one.left)
        last = -1
        for place, passage in enumerate(one.page.passages):
            if place in left:
                runs.append((one.path, Old(passage, one.page.origins[place], (one.draft, last))))
            else:
                last = place
    return runs


def _former(parents: Sequence[Pages], touched: set[str], kept: Sequence[Page]) -> list[_Former]:
    """Return the pages before a commit that may have given words to it."""
    found = []
    for index, pages in enumerate(parents):
        for path in sorted(touched & pages.keys()) if index == 0 else sorted(pages):
            page = pages[path]
            if any(page is one for one in kept) or (index and parents[0].get(path) is page):
                continue
            # what both parents share is counted once
            left = _not_in(page, parents[0].get(path)) if index else list(range(len(page.passages)))
            found.append(_Former(path, page, left, first=index == 0))
    return found


def _unchanged(edit: Edit, parents: Sequence[Pages], touched: set[str]) -> Page | None:
    """Return a page that a parent has letter by letter, at the same place or under a name that this commit takes away."""
    for pages in parents:
        page = pages.get(edit.new)
        if page is not None and page.blob == edit.blob:
            return page
    there = parents[0] if parents else {}
    return next((there[path] for path in sorted(touched) if path in there and there[path].blob == edit.blob), None)


def _stands(pages: Sequence[Page], drafts: Sequence[_Draft]) -> Stands:
    """Return a function that says whether a text stands on a page that stays, or in a passage already accounted for."""

    def stands(text: str) -> bool:
        if any(text in passage for page in pages for passage in page.passages):
            return True
        pairs = (pair for draft in drafts for pair in zip(draft.passages, draft.origins, strict=True))
        return any(text in passage for passage, origins in pairs if origins is not None)

    return stands


def _not_in(page: Page, other: Page | None) -> list[int]:
    """Return the places of passages that another revision of the page does not have with the same origins."""
    if other is None:
        return list(range(len(page.passages)))
    there = set(zip(other.passages, other.origins, strict=True))
    pairs = zip(page.passages, page.origins, strict=True)
    return [place for place, pair in enumerate(pairs) if pair not in there]


def _in_place(draft: _Draft, former: _Former) -> None:
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


def _anywhere(drafts: list[_Draft], former: list[_Former]) -> None:
    """Match passages that went from one page to another."""
    spots: dict[str, deque[tuple[_Former, int]]] = defaultdict(deque)
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


def _in_a_row(places: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of neighbouring places.

    >>> list(_in_a_row([1, 2, 5]))
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


def _inherit(new: New, old: Sequence[Old]) -> None:
    """Give the words that a machine put in place of others to the authors of those others."""
    start = 0
    while start < len(new.text):
        if new.origins[start] != NOBODY:
            start += 1
            continue
        end = start
        while end < len(new.text) and new.origins[end] == NOBODY:
            end += 1
        replaced = _replaced(new, start, end, old)
        for step in range(end - start if replaced else 0):
            new.origins[start + step] = replaced[step * len(replaced) // (end - start)]
        start = end


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
