"""Compare what the source holds with what was written: each difference is a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from oerbook.importers.conversion.values import COUNTED_THINGS, ConvertedBook
from oerbook.model.findings import Finding, Place, Severity

MAX_WORDS_LISTED = 12


def compare_content(book: ConvertedBook, counts: Mapping[str, int], words: Mapping[str, int]) -> Iterator[Finding]:
    """Yield a finding for each kind of thing of which fewer were written than the source has, and for lost words."""
    place = Place(next((chapter.source_file for chapter in book.chapters if chapter.source_file), book.title))
    for kind in COUNTED_THINGS:
        expected, written = book.counts.get(kind), counts.get(kind, 0)
        if expected is not None and written < expected:
            message = f"the source has {expected} {kind}, and {written} came over"
            hint = "Compare the chapters with the source, and add what is missing."
            yield Finding("import-lost", message, place, Severity.WARNING, hint)
    lost = Counter(book.words) - Counter(words)
    if lost:
        listed = ", ".join(f"“{word}”" for word, _count in lost.most_common(MAX_WORDS_LISTED))
        more = " …" if len(lost) > MAX_WORDS_LISTED else ""
        message = f"{lost.total()} of {sum(book.words.values())} words did not come over: {listed}{more}"
        yield Finding("import-lost", message, place, Severity.WARNING, "Look for them in the source.")
