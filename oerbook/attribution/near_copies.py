"""Find words copied and edited from a page that still exists.

One case is a chapter that is split into two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from oerbook.attribution.deleted_text import ALIKE, COPIED, RESTORED
from oerbook.attribution.matching import GRAM, New, Old, match
from oerbook.attribution.page_revisions import Page, joined
from oerbook.attribution.word_codes import NOBODY

Sentences = Callable[[str], Sequence[str]]
TELLING = 8  # minimum length in words of a sentence used to look for a source page
ASKED = 12  # sentences of a page that are looked up at most
PROOF = 2  # sampled sentences that must appear verbatim on one page
SOURCES = 2  # source pages considered at most
NOWHERE = (-1, -1)  # the gap of a run that is on none of the changed pages


def adapt(new: Sequence[New], pages: Sequence[Page], common: set[str], sentences: Sentences) -> None:
    """Assign words without origin to the authors of similar text on an existing page.

    `common` holds sentences that several people typed; they are no evidence of copying.
    """
    runs_by_page: dict[int, list[New]] = defaultdict(list)
    for run in new:
        if run.origins.count(NOBODY) >= GRAM:
            runs_by_page[run.gap[0]].append(run)
    for runs in runs_by_page.values():
        if sum(run.origins.count(NOBODY) for run in runs) >= COPIED:
            for page in _source_pages(runs, pages, common, sentences):
                _copy_from_page(runs, page, sentences)


def _source_pages(runs: Sequence[New], pages: Sequence[Page], common: set[str], sentences: Sentences) -> list[Page]:
    """Return the pages that contain several sentences of the runs verbatim."""
    candidates = [
        sentence
        for run in runs
        for sentence in sentences(run.text)
        if len(sentence) >= TELLING and sentence not in common
    ]
    samples = candidates[:: -(-len(candidates) // ASKED)] if candidates else []
    if len(samples) < PROOF:
        return []
    hits = Counter(
        {index: sum(sample in joined(page.passages) for sample in samples) for index, page in enumerate(pages)}
    )
    return [pages[index] for index, count in hits.most_common(SOURCES) if count >= PROOF]


def _copy_from_page(runs: Sequence[New], page: Page, sentences: Sentences) -> None:
    """Copy the origins of a page to similar runs, whole or sentence by sentence."""
    trials = [New(run.text, run.gap) for run in runs]
    for trial, run in zip(trials, runs, strict=True):
        trial.origins = list(run.origins)
    match(trials, [Old(text, origins, NOWHERE) for text, origins in zip(page.passages, page.origins, strict=True)])
    similar = [
        (run, trial, stretch)
        for run, trial in zip(runs, trials, strict=True)
        for stretch in _similar_stretches(trial, sentences)
    ]
    gained = [
        run.origins[start:end].count(NOBODY) - trial.origins[start:end].count(NOBODY)
        for run, trial, (start, end) in similar
    ]
    if sum(gained) < COPIED:
        return
    for run, trial, (start, end) in similar:
        run.origins[start:end] = trial.origins[start:end]


def _similar_stretches(trial: New, sentences: Sentences) -> list[tuple[int, int]]:
    """Return the stretches of a run that mostly have origins.

    These are the whole run, or long sentences.
    """
    if _is_similar(trial, 0, len(trial.text)):
        return [(0, len(trial.text))]
    stretches, start = [], 0
    for sentence in sentences(trial.text):
        end = start + len(sentence)
        if len(sentence) >= RESTORED and _is_similar(trial, start, end):
            stretches.append((start, end))
        start = end
    return stretches


def _is_similar(trial: New, start: int, end: int) -> bool:
    return end - start - trial.origins[start:end].count(NOBODY) >= ALIKE * (end - start)
