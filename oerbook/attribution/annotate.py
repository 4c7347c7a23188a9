"""Annotate every word of every revision with the commit that wrote it.

A commit's pages are compared with all pages that it touches in all its parents: first passage by passage, then by
sentences, then with deleted text, then by blocks of words. Words without a match were written by the commit itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class _Revision:
    """One commit being annotated, with its pages and those of its parents."""

    origin: str
    drafts: list[Draft]
    former: list[Former]
    edits: Sequence[Edit]
    automatic: bool
    others: Sequence[Page]


class Annotator:
    """Annotates commit after commit, parents before their children."""

    def __init__(self, vocabulary: Vocabulary, memory: Memory | None = None) -> None:
        self.reader = Reader(vocabulary)
        self.memory = memory or Memory()
        self._recorded: set[tuple[str, str, str, bytes]] = set()

    def commit(
        self, number: int, parents: Sequence[Pages], edits: Sequence[Edit], texts: Mapping[str, str], automatic: bool
    ) -> Pages:
        """Return the pages after a commit.

        `texts` maps the blob of every edited page to its text. Words that an `automatic` commit (by a bot, or a
        reformatting that the book lists) replaces keep their authors.
        """
        pages = dict(parents[0]) if parents else {}
        for edit in edits:
            pages.pop(edit.old or edit.new, None)
        drafts = []
        touched = {edit.old or edit.new for edit in edits}
        unchanged_pages = []
        for edit in edits:
            same = unchanged(edit, parents, touched) if edit.new else None
            if same is not None:
                pages[edit.new] = same
                unchanged_pages.append(same)
            elif edit.new and edit.blob in texts:
                passages = self.reader.passages(texts[edit.blob], edit.new, edit.old or edit.new)
                drafts.append(Draft(edit.new, edit.blob, passages))
        if drafts or len(parents) == 1:
            former = pages_before(parents, touched, unchanged_pages)
            others = [page for path, page in pages.items() if path not in touched]
            self._annotate(_Revision(letter(number), drafts, former, edits, automatic, others))
        for draft in drafts:
            origins = tuple(origin or "" for origin in draft.origins)
            pages[draft.path] = Page(draft.blob, tuple(draft.passages), origins)
        return pages

    def _annotate(self, revision: _Revision) -> None:
        drafts, former = revision.drafts, revision.former
        exists = stands_in(revision.others, drafts)
        before = {edit.new: edit.old or edit.new for edit in revision.edits if edit.new}
        for index, draft in enumerate(drafts):
            for parent in former:
                if parent.path in (before[draft.path], draft.path):
                    parent.draft = index
                    in_place(draft, parent)
        anywhere(drafts, former)
        old = old_runs(former)
        new_passages = [(draft, index) for draft in drafts for index in draft.open()]
        if new_passages:
            self._match_restored(drafts, exists)
            self._match_copied(drafts)
            new = self._match_words(drafts, old, exists)
            existing = [*revision.others, *(parent.page for parent in former)]
            adapt(new, existing, self.memory.common, self.reader.sentences)
            replaced = [run for _path, run in old] if revision.automatic else []
            _write_origins(drafts, new, replaced, revision.origin)
        for path, run in old:
            self._record_deleted(path, run)
        for draft, index in new_passages:  # older passages were recorded when they were written
            self.memory.written(draft.passages[index], draft.origins[index] or "", self.reader.sentences)

    def _record_deleted(self, path: str, run: Old) -> None:
        """Remember a passage deleted from a page, as a whole and sentence by sentence."""
        if len(run.text) < RESTORED_HERE or 0 not in run.taken:  # a passage that moved as a whole is not deleted
            return
        key = (path, run.text, run.origins, bytes(run.taken))
        if key in self._recorded:  # a merge deletes again what one of its parents deleted before
            return
        self._recorded.add(key)
        sentences = self.reader.sentences(run.text)
        start = 0
        for text in [run.text, *sentences] if len(sentences) > 1 else [run.text]:
            end = start + len(text)
            taken = run.taken.count(1, start, end)
            if taken < len(text):
                single = text is not run.text or len(sentences) == 1
                self.memory.bury(path, text, run.origins[start:end], 2 * taken >= len(text), single)
            start = end if text is not run.text else 0

    def _match_restored(self, drafts: list[Draft], exists: Stands) -> None:
        """Assign passages that were deleted earlier to their first authors."""
        for draft in drafts if self.memory.gone else ():
            for index in draft.open():
                origins = self.memory.restored(draft.path, draft.passages[index], exists)
                draft.origins[index] = origins or None

    def _match_copied(self, drafts: list[Draft]) -> None:
        """Assign runs of passages that exist elsewhere in the book to their authors there."""
        first = self.memory.first
        for draft in drafts:
            for run in in_a_row([index for index in draft.open() if draft.passages[index] in first]):
                passages = [draft.passages[index] for index in run]
                sentences = sum(len(self.reader.sentences(passage)) for passage in passages)
                for index, origins in zip(run, self.memory.copied(passages, sentences), strict=False):
                    draft.origins[index] = origins

    def _match_words(self, drafts: list[Draft], former: list[tuple[str, Old]], exists: Stands) -> list[New]:
        """Match the remaining passages by sentences and by blocks of words.

        Words without a match have no origin in the result.
        """
        old = [run for _path, run in former]
        new: list[New] = []
        paths: list[str] = []
        for draft_index, draft in enumerate(drafts):
            for index in draft.open():
                last_same = max([same for same in draft.cameos[:index] if same >= 0], default=-1)
                new.append(New(draft.passages[index], (draft_index, last_same)))
                paths.append(draft.path)
        trim(new, old)
        if self.memory.gone:
            for run, path in zip(new, paths, strict=True):
                self._match_restored_sentences(run, path, exists)
        match(new, old)
        for run, path in zip(new, paths, strict=True) if self.memory.gone else ():
            self._match_reworded(run, path, exists)
        return new

    def _match_restored_sentences(self, run: New, path: str, exists: Stands) -> None:
        """Assign sentences that were deleted earlier to their first authors."""
        if len(run.text) < RESTORED_HERE or NOBODY not in run.origins:
            return
        start = 0
        for sentence in self.reader.sentences(run.text):
            end = start + len(sentence)
            if NOBODY in run.origins[start:end]:
                origins = self.memory.restored(path, sentence, exists)
                if origins:
                    run.origins[start:end] = origins
            start = end

    def _match_reworded(self, run: New, path: str, exists: Stands) -> None:
        """Assign sentences restored with edits to their first authors."""
        start = 0
        for sentence in self.reader.sentences(run.text) if NOBODY in run.origins else ():
            end = start + len(sentence)
            if 2 * run.origins[start:end].count(NOBODY) > len(sentence):
                for first, last, origins in self.memory.reworded(path, sentence, exists):
                    _fill_origins(run, start + first, start + last, origins)
            start = end


def _fill_origins(run: New, start: int, end: int, origins: str) -> None:
    """Set the origins of the words in a stretch that have none."""
    for index, origin in zip(range(start, end), origins, strict=True):
        if run.origins[index] == NOBODY:
            run.origins[index] = origin


def _write_origins(drafts: list[Draft], new: Sequence[New], replaced: list[Old], origin: str) -> None:
    """Set the origins of the new passages; the rest belongs to this commit.

    If `replaced` is not empty, the commit is automatic, and they belong to the authors of the words they replace.
    """
    runs = iter(new)
    for draft in drafts:
        for index in draft.open():
            run = next(runs)
            if replaced:
                inherit(run, replaced)
            draft.origins[index] = "".join(run.origins).replace(NOBODY, origin)
