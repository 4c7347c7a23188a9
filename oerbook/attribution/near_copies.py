"""Find words copied and edited from a page that still exists.

One case is a chapter that is split into two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from oerbook.attribution.deleted_text import MIN_COPIED_WORDS, MIN_RESTORED_WORDS, MIN_SIMILARITY
from oerbook.attribution.matching import NGRAM_WORDS, match_runs
from oerbook.attribution.page_revisions import AnnotatedPage, join_passages
from oerbook.attribution.word_codes import NO_ORIGIN
from oerbook.attribution.word_runs import NewWordRun, OldWordRun

SentenceSplitter = Callable[[str], Sequence[str]]
MIN_SAMPLED_SENTENCE_WORDS = 8  # minimum length in words of a sentence used to look for a source page
MAX_SAMPLED_SENTENCES = 12  # sentences of a page that are looked up at most
MIN_SAMPLED_SENTENCES_FOUND = 2  # sampled sentences that must appear verbatim on one page
MAX_SOURCE_PAGES = 2  # source pages considered at most
NO_GAP_ID = (-1, -1)  # the gap of a run that is on none of the changed pages


def match_near_copies(
    new: Sequence[NewWordRun], pages: Sequence[AnnotatedPage], common: set[str], sentences: SentenceSplitter
) -> None:
    """Assign words without origin to the authors of similar text on an existing page.

    `common` holds sentences that several people typed; they are no evidence of copying.
    """
    runs_by_page: dict[int, list[NewWordRun]] = defaultdict(list)
    for run in new:
        if run.origins.count(NO_ORIGIN) >= NGRAM_WORDS:
            runs_by_page[run.gap[0]].append(run)
    for runs in runs_by_page.values():
        if sum(run.origins.count(NO_ORIGIN) for run in runs) >= MIN_COPIED_WORDS:
            for page in _source_pages(runs, pages, common, sentences):
                _copy_from_page(runs, page, sentences)


def _source_pages(
    runs: Sequence[NewWordRun], pages: Sequence[AnnotatedPage], common: set[str], sentences: SentenceSplitter
) -> list[AnnotatedPage]:
    """Return the pages that contain several sentences of the runs verbatim."""
    candidates = [
        sentence
        for run in runs
        for sentence in sentences(run.text)
        if len(sentence) >= MIN_SAMPLED_SENTENCE_WORDS and sentence not in common
    ]
    samples = candidates[:: -(-len(candidates) // MAX_SAMPLED_SENTENCES)] if candidates else []
    if len(samples) < MIN_SAMPLED_SENTENCES_FOUND:
        return []
    hits = Counter(
        {index: sum(sample in join_passages(page.passages) for sample in samples) for index, page in enumerate(pages)}
    )
    return [pages[index] for index, count in hits.most_common(MAX_SOURCE_PAGES) if count >= MIN_SAMPLED_SENTENCES_FOUND]


def _copy_from_page(runs: Sequence[NewWordRun], page: AnnotatedPage, sentences: SentenceSplitter) -> None:
    """Copy the origins of a page to similar runs, whole or sentence by sentence."""
    trials = [NewWordRun(run.text, run.gap) for run in runs]
    for trial, run in zip(trials, runs, strict=True):
        trial.origins = list(run.origins)
    match_runs(
        trials,
        [OldWordRun(text, origins, NO_GAP_ID) for text, origins in zip(page.passages, page.origins, strict=True)],
    )
    similar = [
        (run, trial, stretch)
        for run, trial in zip(runs, trials, strict=True)
        for stretch in _similar_stretches(trial, sentences)
    ]
    gained = [
        run.origins[start:end].count(NO_ORIGIN) - trial.origins[start:end].count(NO_ORIGIN)
        for run, trial, (start, end) in similar
    ]
    if sum(gained) < MIN_COPIED_WORDS:
        return
    for run, trial, (start, end) in similar:
        run.origins[start:end] = trial.origins[start:end]


def _similar_stretches(trial: NewWordRun, sentences: SentenceSplitter) -> list[tuple[int, int]]:
    """Return the stretches of a run that mostly have origins.

    These are the whole run, or long sentences.
    """
    if _is_similar(trial, 0, len(trial.text)):
        return [(0, len(trial.text))]
    stretches, start = [], 0
    for sentence in sentences(trial.text):
        end = start + len(sentence)
        if len(sentence) >= MIN_RESTORED_WORDS and _is_similar(trial, start, end):
            stretches.append((start, end))
        start = end
    return stretches


def _is_similar(trial: NewWordRun, start: int, end: int) -> bool:
    return end - start - trial.origins[start:end].count(NO_ORIGIN) >= MIN_SIMILARITY * (end - start)
