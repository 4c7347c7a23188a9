"""Find the passages that differ between two versions of a text, with both wordings."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LINES = 3000  # of a version; longer texts are not compared
MAX_WORDS = 400  # of a run of changed lines that is compared word by word
CONTEXT_WORDS = 4  # words before and after a changed one
MAX_WORDING_CHARS = 160


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """A passage in two wordings, and its line in the new version."""

    line: int
    old: str
    new: str


def find_changed_passages(old: str, new: str, limit: int) -> tuple[ChangedPassage, ...]:
    """Return the first passages of `old` that `new` words differently; added or removed paragraphs are left out.

    >>> find_changed_passages("Soil is alive.", "Soil is dead.", 5)
    (ChangedPassage(line=1, old='Soil is alive.', new='Soil is dead.'),)
    """
    old_lines, new_lines = old.splitlines(), new.splitlines()
    if max(len(old_lines), len(new_lines)) > MAX_LINES:
        return ()
    found: list[ChangedPassage] = []
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(None, old_lines, new_lines).get_opcodes():
        if tag != "replace" or len(found) >= limit:
            continue
        old_words = " ".join(old_lines[start:end]).split()
        new_words = [(word, n) for n in range(new_start, new_end) for word in new_lines[n].split()]
        if max(len(old_words), len(new_words)) <= MAX_WORDS:
            found += _changed_words(old_words, new_words)
    return tuple(found[:limit])


def _changed_words(old: list[str], new: list[tuple[str, int]]) -> Iterator[ChangedPassage]:
    """Yield runs of changed words with some words around them; runs close to each other are one passage."""
    words = [word for word, _line in new]
    matcher = difflib.SequenceMatcher(None, old, words, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT_WORDS):
        start, end = group[0][1], group[-1][2]
        new_start, new_end = group[0][3], group[-1][4]
        before, after = " ".join(old[start:end]), " ".join(words[new_start:new_end])
        if before and after:
            line = new[min(new_start + CONTEXT_WORDS, new_end - 1)][1] + 1
            yield ChangedPassage(line, before[:MAX_WORDING_CHARS], after[:MAX_WORDING_CHARS])
