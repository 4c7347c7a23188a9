"""Find copied text by winnowing: shared runs of fifteen words are always found.

S. Schleimer, D. S. Wilkerson, A. Aiken, Winnowing: local algorithms for document fingerprinting, SIGMOD 2003.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from oerbook.model.book import Book
from oerbook.model.check_input import CheckedPage, CheckInput
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.templates.new_file import placeholder_pattern

SHINGLE_WORDS = 8  # words
SHINGLES_PER_WINDOW = 8  # shingles: every shared run of SHINGLE + WINDOW - 1 words is found
MIN_SHARED_WORDS = 25  # a shorter shared run is a phrase, not a passage
MAX_TEXTS_PER_FINGERPRINT = 20  # stored per fingerprint; what more texts share is a common phrase of the subject
WORD_PATTERN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """A text as case-folded words, each with its place if it is a page of the book."""

    name: str
    words: tuple[str, ...]
    places: tuple[Place, ...] = ()


def check(book: Book, check_input: CheckInput, added: Set[str] = frozenset()) -> Iterator[Finding]:
    """Report passages that are in two chapters, or in a text from outside the book.

    Of two chapters, the one whose path is in `added` is reported, otherwise the later one.
    """
    pages = [_text(page) for page in check_input.pages]
    others = [TokenizedText(name, _words(text)) for name, text in check_input.texts_by_others]
    declared = {p.path: " ".join(f"{w.title} {w.source}".casefold() for w in p.reused_works) for p in book.chapters}
    occurrences: dict[int, list[tuple[TokenizedText, int]]] = {}
    winnowed = [(text, winnow(text.words)) for text in [*others, *pages]]
    for text, fingerprints in winnowed:
        for fingerprint, index in fingerprints:
            earlier = occurrences.setdefault(fingerprint, [])
            if len(earlier) < MAX_TEXTS_PER_FINGERPRINT and not (earlier and earlier[-1][0] is text):
                earlier.append((text, index))
    for text, fingerprints in winnowed[len(others) :]:
        for other, start, length in _shared_runs(text, fingerprints, occurrences, added):
            yield _finding(text, other, start, length, declared.get(text.name, ""))


def page_fingerprints(page: CheckedPage) -> list[int]:
    """Return the fingerprints of a page; pages without a common one share no passage."""
    return [fingerprint for fingerprint, _index in winnow(_text(page).words)]


def _text(page: CheckedPage) -> TokenizedText:
    words: list[str] = []
    places: list[Place] = []
    for passage in page.passages:
        own = passage.is_running_text and passage.place.path == page.path  # an included file is no copy
        own_words = _words(passage.text) if own and not placeholder_pattern().search(passage.text) else ()
        words += own_words
        places += [passage.place] * len(own_words)
    return TokenizedText(page.path, tuple(words), tuple(places))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in WORD_PATTERN.findall(text))


def winnow(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return the fingerprints of a text, each with the index of its first word.

    A fingerprint is the minimum hash of a window of shingles.

    >>> [index for _fingerprint, index in winnow(["a"] * 8)]
    [0]
    """
    checksums = [zlib.crc32(word.encode()) for word in words]
    hashes = list(map(hash, zip(*(checksums[n:] for n in range(SHINGLE_WORDS)), strict=False)))
    windows = (
        zip(*(hashes[n:] for n in range(SHINGLES_PER_WINDOW)), strict=False)
        if len(hashes) >= SHINGLES_PER_WINDOW
        else [tuple(hashes)]
    )
    fingerprints: list[tuple[int, int]] = []
    for start, window in enumerate(windows if hashes else ()):
        minimum = min(window)
        if fingerprints:
            value, index = fingerprints[-1]
            if value == minimum and index >= start and window[-1] != minimum:
                continue
        index = start + max(n for n, value in enumerate(window) if value == minimum)
        if not fingerprints or fingerprints[-1][1] != index:
            fingerprints.append((minimum, index))
    return fingerprints


def _shared_runs(
    text: TokenizedText,
    fingerprints: Sequence[tuple[int, int]],
    occurrences: dict[int, list[tuple[TokenizedText, int]]],
    added: Set[str],
) -> Iterator[tuple[TokenizedText, int, int]]:
    """Yield the longest runs shared with earlier texts: text, first word, word count."""
    reported_to = 0
    for fingerprint, index in fingerprints:
        if index < reported_to:
            continue
        best: tuple[int, int, TokenizedText] | None = None
        for other, other_index in occurrences.get(fingerprint, ()):
            is_later = (other.name in added, other.name) > (text.name in added, text.name)
            if other is text or (other.places and is_later):
                continue
            start, end = _extend(text.words, other.words, index, other_index)
            if end - start >= MIN_SHARED_WORDS and (best is None or end - start > best[1] - best[0]):
                best = (start, end, other)
        if best:
            reported_to = best[1]
            yield best[2], best[0], best[1] - best[0]


def _extend(left: Sequence[str], right: Sequence[str], left_index: int, right_index: int) -> tuple[int, int]:
    """Return start and end in `left` of the run of equal words around two indexes."""
    before, after = 0, 0
    while before < min(left_index, right_index) and left[left_index - before - 1] == right[right_index - before - 1]:
        before += 1
    rest = min(len(left) - left_index, len(right) - right_index)
    while after < rest and left[left_index + after] == right[right_index + after]:
        after += 1
    return left_index - before, left_index + after


def _finding(text: TokenizedText, other: TokenizedText, start: int, length: int, declared: str) -> Finding:
    sample = " ".join(text.words[start : start + 8])
    message = f"{length} words starting “{sample} …” stand in {other.name} too"
    stem = other.name.rpartition("/")[2].rpartition(".")[0].casefold()
    is_declared = not other.places and stem in declared and declared
    severity = Severity.INFO if is_declared else Severity.WARNING
    hint = "Link to the other text, or quote it and name its author (sources: in the front matter)."
    return Finding("text-copied", message, text.places[start], severity, hint, related_path=other.name)
