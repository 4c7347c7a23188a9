"""Say in plain English what an import brought, what to look at, and what could not come over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from oerbook.model.findings import Finding, Severity

# Codes of findings about what is not in the chapters as it is in the source.
LOST_CODES = frozenset(["import-lost", "import-markup", "import-picture-missing", "import-citation"])
SINGULAR_BY_KIND = {
    "words": "word",
    "formulas": "formula",
    "notes": "note",
    "figures": "picture",
    "tables": "table",
    "references": "reference",
    "index entries": "index entry",
    "exercises": "exercise",
    "solutions": "solution",
    "code": "block of code",
}
PLURAL_BY_KIND = {"figures": "pictures", "code": "blocks of code"}


def summarize_import(chapters: int, counts: Mapping[str, int], words: int, findings: Sequence[Finding]) -> list[str]:
    """Return the summary, one sentence a line.

    >>> summarize_import(2, {"notes": 1, "tables": 3}, 640, ())
    ['Came over: 2 chapters with 640 words, 1 note and 3 tables.']
    """
    things = [(words, "words"), *((counts.get(kind, 0), kind) for kind in SINGULAR_BY_KIND if kind != "words")]
    named = [count_of(number, kind) for number, kind in things if number]
    listed = join_words(named) if named else "no text"
    lines = [f"Came over: {chapters} {'chapter' if chapters == 1 else 'chapters'} with {listed}."]
    lost = [finding for finding in findings if finding.code in LOST_CODES]
    others = [f for f in findings if f.code not in LOST_CODES and f.severity is not Severity.INFO]
    if others:
        lines.append(f"To look at: {_count_codes(others)}.")
    if lost:
        lines.append(f"Could not come over as it is: {_count_codes(lost)}.")
    return lines


def count_of(number: int, kind: str) -> str:
    """Return a number with the name of what is counted.

    >>> count_of(1, "formulas"), count_of(1200, "figures")
    ('1 formula', '1,200 pictures')
    """
    return f"{number:,} {SINGULAR_BY_KIND[kind] if number == 1 else PLURAL_BY_KIND.get(kind, kind)}"


def join_words(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _count_codes(findings: Iterable[Finding]) -> str:
    codes = Counter(finding.code for finding in findings)
    return join_words([f"{number} × {code}" for code, number in sorted(codes.items())])
