"""Annotate every word of every revision with the commit that wrote it.

A commit's pages are compared with all pages that it touches in all its parents: first passage by passage, then by
sentences, then with deleted text, then by blocks of words. Words without a match were written by the commit itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oerbook.attribution.bot_edits import keep_replaced_authors
from oerbook.attribution.deleted_text import MIN_RESTORED_WORDS_SAME_PAGE, DeletedText
from oerbook.attribution.matching import match_ends, match_runs
from oerbook.attribution.near_copies import match_near_copies
from oerbook.attribution.page_revisions import (
    AnnotatedPage,
    PageInProgress,
    PagesByPath,
    ParentPage,
    TextExistsTest,
    consecutive_runs,
    find_unchanged_page,
    make_text_exists_test,
    match_across_pages,
    match_within_page,
    parent_pages,
    unmatched_old_passages,
)
from oerbook.attribution.tokenizer import PageTokenizer
from oerbook.attribution.word_codes import NO_ORIGIN, Vocabulary, number_to_char
from oerbook.attribution.word_runs import NewWordRun, OldWordRun
from oerbook.model.history import PageEdit

ANNOTATION_VERSION = "4"  # part of every cache key: change it whenever an annotation could come out differently


@dataclass(frozen=True, slots=True)
class _Revision:
    """One commit being annotated, with its pages and those of its parents."""

    origin: str
    drafts: list[PageInProgress]
    former: list[ParentPage]
    edits: Sequence[PageEdit]
    automatic: bool
    others: Sequence[AnnotatedPage]


class Annotator:
    """Annotates commit after commit, parents before their children."""

    def __init__(self, vocabulary: Vocabulary, deleted_text: DeletedText | None = None) -> None:
        self.tokenizer = PageTokenizer(vocabulary)
        self.deleted_text = deleted_text or DeletedText()
        self._recorded: set[tuple[str, str, str, bytes]] = set()

    def annotate_commit(
        self,
        number: int,
        parents: Sequence[PagesByPath],
        edits: Sequence[PageEdit],
        texts: Mapping[str, str],
        automatic: bool,
    ) -> PagesByPath:
        """Return the pages after a commit.

        `texts` maps the blob of every edited page to its text. Words that an `automatic` commit (by a bot, or a
        reformatting that the book lists) replaces keep their authors.
        """
        pages = dict(parents[0]) if parents else {}
        for edit in edits:
            pages.pop(edit.old_path or edit.new_path, None)
        drafts = []
        touched = {edit.old_path or edit.new_path for edit in edits}
        unchanged_pages = []
        for edit in edits:
            same = find_unchanged_page(edit, parents, touched) if edit.new_path else None
            if same is not None:
                pages[edit.new_path] = same
                unchanged_pages.append(same)
            elif edit.new_path and edit.blob in texts:
                passages = self.tokenizer.tokenize(texts[edit.blob], edit.new_path, edit.old_path or edit.new_path)
                drafts.append(PageInProgress(edit.new_path, edit.blob, passages))
        if drafts or len(parents) == 1:
            former = parent_pages(parents, touched, unchanged_pages)
            others = [page for path, page in pages.items() if path not in touched]
            self._annotate(_Revision(number_to_char(number), drafts, former, edits, automatic, others))
        for draft in drafts:
            origins = tuple(origin or "" for origin in draft.origins)
            pages[draft.path] = AnnotatedPage(draft.blob, tuple(draft.passages), origins)
        return pages

    def _annotate(self, revision: _Revision) -> None:
        drafts, former = revision.drafts, revision.former
        exists = make_text_exists_test(revision.others, drafts)
        before = {edit.new_path: edit.old_path or edit.new_path for edit in revision.edits if edit.new_path}
        for index, draft in enumerate(drafts):
            for parent in former:
                if parent.path in (before[draft.path], draft.path):
                    parent.page_in_progress_index = index
                    match_within_page(draft, parent)
        match_across_pages(drafts, former)
        old = unmatched_old_passages(former)
        new_passages = [(draft, index) for draft in drafts for index in draft.unassigned()]
        if new_passages:
            self._match_restored(drafts, exists)
            self._match_copied(drafts)
            new = self._match_words(drafts, old, exists)
            existing = [*revision.others, *(parent.page for parent in former)]
            match_near_copies(new, existing, self.deleted_text.common_sentences, self.tokenizer.split_sentences)
            replaced = [run for _path, run in old] if revision.automatic else []
            _write_origins(drafts, new, replaced, revision.origin)
        for path, run in old:
            self._record_deleted(path, run)
        for draft, index in new_passages:  # older passages were recorded when they were written
            self.deleted_text.add_first_passage(
                draft.passages[index], draft.origins[index] or "", self.tokenizer.split_sentences
            )

    def _record_deleted(self, path: str, run: OldWordRun) -> None:
        """Remember a passage deleted from a page, as a whole and sentence by sentence."""
        if (
            len(run.text) < MIN_RESTORED_WORDS_SAME_PAGE or 0 not in run.matched
        ):  # a passage that moved as a whole is not deleted
            return
        key = (path, run.text, run.origins, bytes(run.matched))
        if key in self._recorded:  # a merge deletes again what one of its parents deleted before
            return
        self._recorded.add(key)
        sentences = self.tokenizer.split_sentences(run.text)
        start = 0
        for text in [run.text, *sentences] if len(sentences) > 1 else [run.text]:
            end = start + len(text)
            taken = run.matched.count(1, start, end)
            if taken < len(text):
                single = text is not run.text or len(sentences) == 1
                self.deleted_text.add_deleted(path, text, run.origins[start:end], 2 * taken >= len(text), single)
            start = end if text is not run.text else 0

    def _match_restored(self, drafts: list[PageInProgress], exists: TextExistsTest) -> None:
        """Assign passages that were deleted earlier to their first authors."""
        for draft in drafts if self.deleted_text.deleted else ():
            for index in draft.unassigned():
                origins = self.deleted_text.find_restored(draft.path, draft.passages[index], exists)
                draft.origins[index] = origins or None

    def _match_copied(self, drafts: list[PageInProgress]) -> None:
        """Assign runs of passages that exist elsewhere in the book to their authors there."""
        first = self.deleted_text.first_origins
        for draft in drafts:
            for run in consecutive_runs([index for index in draft.unassigned() if draft.passages[index] in first]):
                passages = [draft.passages[index] for index in run]
                sentences = sum(len(self.tokenizer.split_sentences(passage)) for passage in passages)
                for index, origins in zip(run, self.deleted_text.find_copied(passages, sentences), strict=False):
                    draft.origins[index] = origins

    def _match_words(
        self, drafts: list[PageInProgress], former: list[tuple[str, OldWordRun]], exists: TextExistsTest
    ) -> list[NewWordRun]:
        """Match the remaining passages by sentences and by blocks of words.

        Words without a match have no origin in the result.
        """
        old = [run for _path, run in former]
        new: list[NewWordRun] = []
        paths: list[str] = []
        for draft_index, draft in enumerate(drafts):
            for index in draft.unassigned():
                last_same = max([same for same in draft.previous_indexes[:index] if same >= 0], default=-1)
                new.append(NewWordRun(draft.passages[index], (draft_index, last_same)))
                paths.append(draft.path)
        match_ends(new, old)
        if self.deleted_text.deleted:
            for run, path in zip(new, paths, strict=True):
                self._match_restored_sentences(run, path, exists)
        match_runs(new, old)
        for run, path in zip(new, paths, strict=True) if self.deleted_text.deleted else ():
            self._match_reworded(run, path, exists)
        return new

    def _match_restored_sentences(self, run: NewWordRun, path: str, exists: TextExistsTest) -> None:
        """Assign sentences that were deleted earlier to their first authors."""
        if len(run.text) < MIN_RESTORED_WORDS_SAME_PAGE or NO_ORIGIN not in run.origins:
            return
        start = 0
        for sentence in self.tokenizer.split_sentences(run.text):
            end = start + len(sentence)
            if NO_ORIGIN in run.origins[start:end]:
                origins = self.deleted_text.find_restored(path, sentence, exists)
                if origins:
                    run.origins[start:end] = origins
            start = end

    def _match_reworded(self, run: NewWordRun, path: str, exists: TextExistsTest) -> None:
        """Assign sentences restored with edits to their first authors."""
        start = 0
        for sentence in self.tokenizer.split_sentences(run.text) if NO_ORIGIN in run.origins else ():
            end = start + len(sentence)
            if 2 * run.origins[start:end].count(NO_ORIGIN) > len(sentence):
                for first, last, origins in self.deleted_text.find_reworded(path, sentence, exists):
                    _fill_origins(run, start + first, start + last, origins)
            start = end


def _fill_origins(run: NewWordRun, start: int, end: int, origins: str) -> None:
    """Set the origins of the words in a stretch that have none."""
    for index, origin in zip(range(start, end), origins, strict=True):
        if run.origins[index] == NO_ORIGIN:
            run.origins[index] = origin


def _write_origins(
    drafts: list[PageInProgress], new: Sequence[NewWordRun], replaced: list[OldWordRun], origin: str
) -> None:
    """Set the origins of the new passages; the rest belongs to this commit.

    If `replaced` is not empty, the commit is automatic, and they belong to the authors of the words they replace.
    """
    runs = iter(new)
    for draft in drafts:
        for index in draft.unassigned():
            run = next(runs)
            if replaced:
                keep_replaced_authors(run, replaced)
            draft.origins[index] = "".join(run.origins).replace(NO_ORIGIN, origin)
