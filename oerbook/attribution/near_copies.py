"""What was copied from a page that still stands and changed on the way, as when a chapter is divided in two steps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from oerbook.attribution.deleted_text import ALIKE, COPIED, RESTORED
from oerbook.attribution.matching import GRAM, New, Old, match
from oerbook.attribution.page_revisions import Page, joined
from oerbook.attribution.word_codes import NOBODY

Sentences = Callable[[str], Sequence[str]]
TELLING = 8  # words of a sentence that shows, word for word, where a text was taken from
ASKED = 12  # such sentences of a page that are looked for
PROOF = 2  # of them must stand on one page
SOURCES = 2  # pages that a page may have been made of
NOWHERE = (-1, -1)


def adapt(new: Sequence[New], pages: Sequence[Page], common: set[str], sentences: Sentences) -> None:
    """Give the words of texts that nobody is known to have written to whoever wrote them on a page that stands.

    `common` are sentences that many type, which prove nothing.
    """
    drafts: dict[int, list[New]] = defaultdict(list)
    for run in new:
        if run.origins.count(NOBODY) >= GRAM:
            drafts[run.gap[0]].append(run)
    for runs in drafts.values():
        if sum(run.origins.count(NOBODY) for run in runs) >= COPIED:
            for page in _sources(runs, pages, common, sentences):
                _take(runs, page, sentences)


def _sources(runs: Sequence[New], pages: Sequence[Page], common: set[str], sentences: Sentences) -> list[Page]:
    """Return the pages on which several of the new sentences stand word for word."""
    known = [one for run in runs for one in sentences(run.text) if len(one) >= TELLING and one not in common]
    asked = known[:: -(-len(known) // ASKED)] if known else []
    if len(asked) < PROOF:
        return []
    hits = Counter({place: sum(one in joined(page.passages) for one in asked) for place, page in enumerate(pages)})
    return [pages[place] for place, times in hits.most_common(SOURCES) if times >= PROOF]


def _take(runs: Sequence[New], page: Page, sentences: Sentences) -> None:
    """Give runs what they have of a page: whole, or sentence by sentence, where they are much like it."""
    tried = [New(run.text, run.gap) for run in runs]
    for fresh, run in zip(tried, runs, strict=True):
        fresh.origins = list(run.origins)
    match(tried, [Old(text, origins, NOWHERE) for text, origins in zip(page.passages, page.origins, strict=True)])
    alike = [
        (run, fresh, stretch) for run, fresh in zip(runs, tried, strict=True) for stretch in _alike(fresh, sentences)
    ]
    gained = [
        run.origins[start:end].count(NOBODY) - fresh.origins[start:end].count(NOBODY)
        for run, fresh, (start, end) in alike
    ]
    if sum(gained) < COPIED:
        return
    for run, fresh, (start, end) in alike:
        run.origins[start:end] = fresh.origins[start:end]


def _alike(fresh: New, sentences: Sentences) -> list[tuple[int, int]]:
    """Return the stretches of a run that are mostly found: the whole of it, or long sentences."""
    if _found(fresh, 0, len(fresh.text)):
        return [(0, len(fresh.text))]
    stretches, start = [], 0
    for sentence in sentences(fresh.text):
        end = start + len(sentence)
        if len(sentence) >= RESTORED and _found(fresh, start, end):
            stretches.append((start, end))
        start = end
    return stretches


def _found(fresh: New, start: int, end: int) -> bool:
    return end - start - fresh.origins[start:end].count(NOBODY) >= ALIKE * (end - start)
