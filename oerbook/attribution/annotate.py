"""Who wrote which word: every revision annotated from all its parents, along the whole history.

The annotation of a page is, for each of its words, the commit that wrote it. A commit's pages are compared with those
of all its parents that it touches, at once: first passage by passage, then sentence by sentence, then with what the
book has said before, then by blocks of words. What comes from nowhere was written by the commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oerbook.attribution.bot_edits import inherit
from oerbook.attribution.deleted_text import RESTORED_HERE, Memory
from oerbook.attribution.matching import New, Old, match, trim
from oerbook.attribution.near_copies import adapt
from oerbook.attribution.page_revisions import (
    Draft,
    Former,
    Page,
    Pages,
    Stands,
    anywhere,
    in_a_row,
    in_place,
    old_runs,
    pages_before,
    stands_in,
    unchanged,
)
from oerbook.attribution.tokenizer import Reader
from oerbook.attribution.word_codes import NOBODY, Vocabulary, letter
from oerbook.model.history import Edit

ENGINE = "4"  # part of every cache key: change it whenever an annotation could come out differently


class Annotator:
    """Annotates commit after commit; parents come before their children."""

    def __init__(self, vocabulary: Vocabulary, memory: Memory | None = None) -> None:
        self.reader = Reader(vocabulary)
        self.memory = memory or Memory()
        self._buried: set[tuple[str, str, str, bytes]] = set()

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
            same = unchanged(edit, parents, touched) if edit.new else None
            if same is not None:
                pages[edit.new] = same
                kept.append(same)
            elif edit.new and edit.blob in texts:
                passages = self.reader.passages(texts[edit.blob], edit.new, edit.old or edit.new)
                drafts.append(Draft(edit.new, edit.blob, passages))
        if drafts or len(parents) == 1:
            former = pages_before(parents, touched, kept)
            others = [page for path, page in pages.items() if path not in touched]
            self._annotate(letter(number), drafts, former, edits, automatic, others)
        for draft in drafts:
            origins = tuple(found or "" for found in draft.origins)
            pages[draft.path] = Page(draft.blob, tuple(draft.passages), origins)
        return pages

    def _annotate(
        self,
        sign: str,
        drafts: list[Draft],
        former: list[Former],
        edits: Sequence[Edit],
        automatic: bool,
        others: Sequence[Page],
    ) -> None:
        stands = stands_in(others, drafts)
        before = {edit.new: edit.old or edit.new for edit in edits if edit.new}
        for index, draft in enumerate(drafts):
            for one in former:
                if one.path in (before[draft.path], draft.path):
                    one.draft = index
                    in_place(draft, one)
        anywhere(drafts, former)
        old = old_runs(former)
        fresh = [(draft, place) for draft in drafts for place in draft.open()]
        if fresh:
            self._restored(drafts, stands)
            self._copied(drafts)
            new = self._by_words(drafts, old, stands)
            standing = [*others, *(one.page for one in former)]
            adapt(new, standing, self.memory.common, self.reader.sentences)
            _settle(drafts, new, [piece for _path, piece in old] if automatic else [], sign)
        for path, run in old:
            self._bury(path, run)
        for draft, place in fresh:  # what stood before was remembered when it was written
            self.memory.written(draft.passages[place], draft.origins[place] or "", self.reader.sentences)

    def _bury(self, path: str, run: Old) -> None:
        """Remember what went out of a page, as a whole and sentence by sentence."""
        if len(run.text) < RESTORED_HERE or 0 not in run.taken:  # what went elsewhere whole is not gone
            return
        known = (path, run.text, run.origins, bytes(run.taken))
        if known in self._buried:
            return
        self._buried.add(known)  # a merge takes out again what one of its sides took out before
        sentences = self.reader.sentences(run.text)
        start = 0
        for text in [run.text, *sentences] if len(sentences) > 1 else [run.text]:
            end = start + len(text)
            taken = run.taken.count(1, start, end)
            if taken < len(text):
                single = text is not run.text or len(sentences) == 1
                self.memory.bury(path, text, run.origins[start:end], 2 * taken >= len(text), single)
            start = end if text is not run.text else 0

    def _restored(self, drafts: list[Draft], stands: Stands) -> None:
        """Give passages back to whoever wrote them before they were taken out."""
        for draft in drafts if self.memory.gone else ():
            for place in draft.open():
                origins = self.memory.restored(draft.path, draft.passages[place], stands)
                draft.origins[place] = origins or None

    def _copied(self, drafts: list[Draft]) -> None:
        """Give runs of passages that stand elsewhere in the book to whoever wrote them there."""
        first = self.memory.first
        for draft in drafts:
            for run in in_a_row([place for place in draft.open() if draft.passages[place] in first]):
                passages = [draft.passages[place] for place in run]
                sentences = sum(len(self.reader.sentences(passage)) for passage in passages)
                for place, origins in zip(run, self.memory.copied(passages, sentences), strict=False):
                    draft.origins[place] = origins

    def _by_words(self, drafts: list[Draft], former: list[tuple[str, Old]], stands: Stands) -> list[New]:
        """Compare what is left by sentences and by blocks of words; what comes from nowhere has no origin yet."""
        old = [run for _path, run in former]
        new: list[New] = []
        pages: list[str] = []
        for index, draft in enumerate(drafts):
            for place in draft.open():
                gap = (index, max([twin for twin in draft.cameos[:place] if twin >= 0], default=-1))
                new.append(New(draft.passages[place], gap))
                pages.append(draft.path)
        trim(new, old)
        if self.memory.gone:
            for run, path in zip(new, pages, strict=True):
                self._known_sentences(run, path, stands)
        match(new, old)
        for run, path in zip(new, pages, strict=True) if self.memory.gone else ():
            self._reworded(run, path, stands)
        return new

    def _known_sentences(self, run: New, path: str, stands: Stands) -> None:
        """Mark the sentences of a new run that stood in the book before and were taken out."""
        if len(run.text) < RESTORED_HERE or NOBODY not in run.origins:
            return
        start = 0
        for sentence in self.reader.sentences(run.text):
            end = start + len(sentence)
            if NOBODY in run.origins[start:end]:
                origins = self.memory.restored(path, sentence, stands)
                if origins:
                    run.origins[start:end] = origins
            start = end

    def _reworded(self, run: New, path: str, stands: Stands) -> None:
        """Give words of sentences that came back with changes to whoever wrote them first."""
        start = 0
        for sentence in self.reader.sentences(run.text) if NOBODY in run.origins else ():
            end = start + len(sentence)
            if 2 * run.origins[start:end].count(NOBODY) > len(sentence):
                for first, last, origins in self.memory.reworded(path, sentence, stands):
                    for place, origin in zip(range(start + first, start + last), origins, strict=True):
                        if run.origins[place] == NOBODY:
                            run.origins[place] = origin
            start = end


def _settle(drafts: list[Draft], new: Sequence[New], replaced: list[Old], sign: str) -> None:
    """Write down whose the new words are: those of whom they replace, if an automatic commit did, or this commit's own."""
    runs = iter(new)
    for draft in drafts:
        for place in draft.open():
            run = next(runs)
            if replaced:
                inherit(run, replaced)
            draft.origins[place] = "".join(run.origins).replace(NOBODY, sign)
