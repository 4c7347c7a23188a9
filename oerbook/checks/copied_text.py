"""Copied text, found by winnowing: fingerprints of runs of eight words, thinned so that a run of fifteen always meets.

S. Schleimer, D. S. Wilkerson, A. Aiken, Winnowing: local algorithms for document fingerprinting, SIGMOD 2003.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.proof import PageProof, Proof
from oerbook.source.templates.new_file import LEFT

SHINGLE = 8  # words
WINDOW = 8  # shingles: every shared run of SHINGLE + WINDOW - 1 words is found
FEWEST = 25  # words: a shared run shorter than this is a phrase, not a passage
MOST_TEXTS = 20  # that one fingerprint is kept of; what stands in more is a phrase of the field
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as words, each with the place it stands at."""

    name: str
    words: tuple[str, ...]
    places: tuple[Place, ...] = ()


def check(book: Book, proof: Proof, added: Set[str] = frozenset()) -> Iterator[Finding]:
    """Report passages that stand in two chapters, or in a text that is not the chapter's own.

    Of two chapters the later in the book is named, and before it those of the paths in `added`.
    """
    pages = [_text(page) for page in proof.pages]
    others = [Text(name, _words(words)) for name, words in proof.others]
    declared = {p.path: " ".join(f"{w.title} {w.source}".casefold() for w in p.sources) for p in book.chapters}
    marks: dict[int, list[tuple[Text, int]]] = {}
    found = [(text, winnow(text.words)) for text in [*others, *pages]]
    for text, own in found:
        for mark, place in own:
            known = marks.setdefault(mark, [])
            if len(known) < MOST_TEXTS and not (known and known[-1][0] is text):
                known.append((text, place))
    for text, own in found[len(others) :]:
        for other, start, length in _shared(text, own, marks, added):
            yield _finding(text, other, start, length, declared.get(text.name, ""))


def marks(page: PageProof) -> list[int]:
    """Return the fingerprints of a page; pages that share none share no passage."""
    return [mark for mark, _place in winnow(_text(page).words)]


def _text(page: PageProof) -> Text:
    words: list[str] = []
    places: list[Place] = []
    for passage in page.passages:
        found = _words(passage.text) if passage.own and not LEFT.search(passage.text) else ()
        words += found
        places += [passage.place] * len(found)
    return Text(page.path, tuple(words), tuple(places))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in WORD.findall(text))


def winnow(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return the fingerprints of a text with their places: the least hash of each window of shingles.

    >>> [place for _mark, place in winnow(["a"] * 8)]
    [0]
    """
    numbers = [zlib.crc32(word.encode()) for word in words]
    hashes = list(map(hash, zip(*(numbers[n:] for n in range(SHINGLE)), strict=False)))
    windows = zip(*(hashes[n:] for n in range(WINDOW)), strict=False) if len(hashes) >= WINDOW else [tuple(hashes)]
    kept: list[tuple[int, int]] = []
    for start, window in enumerate(windows if hashes else ()):
        least = min(window)
        if kept and kept[-1][0] == least and kept[-1][1] >= start and window[-1] != least:
            continue
        place = start + max(n for n, value in enumerate(window) if value == least)
        if not kept or kept[-1][1] != place:
            kept.append((least, place))
    return kept


def _shared(
    text: Text, own: Sequence[tuple[int, int]], marks: dict[int, list[tuple[Text, int]]], added: Set[str]
) -> Iterator[tuple[Text, int, int]]:
    """Yield the longest runs that a page shares with a text before it, each once: the other, where, how many words."""
    done = 0
    for mark, place in own:
        if place < done:
            continue
        best: tuple[int, int, Text] | None = None
        for other, there in marks.get(mark, ()):
            later = (other.name in added, other.name) > (text.name in added, text.name)
            if other is text or (other.places and later):
                continue
            first, last = _run(text.words, other.words, place, there)
            if last - first >= FEWEST and (best is None or last - first > best[1] - best[0]):
                best = (first, last, other)
        if best:
            done = best[1]
            yield best[2], best[0], best[1] - best[0]


def _run(mine: Sequence[str], theirs: Sequence[str], here: int, there: int) -> tuple[int, int]:
    """Return the run of equal words around a shared place, as its ends in `mine`."""
    first, last = 0, 0
    while here - first > 0 and there - first > 0 and mine[here - first - 1] == theirs[there - first - 1]:
        first += 1
    while here + last < len(mine) and there + last < len(theirs) and mine[here + last] == theirs[there + last]:
        last += 1
    return here - first, here + last


def _finding(text: Text, other: Text, start: int, length: int, declared: str) -> Finding:
    sample = " ".join(text.words[start : start + 8])
    words = f"{length} words beginning “{sample} …” stand in {other.name} too"
    known = other.places or (other.name.rpartition("/")[2].rpartition(".")[0].casefold() in declared and declared)
    severity = Severity.WARNING if not known or other.places else Severity.INFO
    hint = "Refer to the other place, or quote it and say whose words they are (sources: in the front matter)."
    return Finding("text-copied", words, text.places[start], severity, hint)
