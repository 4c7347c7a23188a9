"""Findings and review jobs as plain data, for JSON files passed between processes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NotRequired, TypedDict

from oerbook.model.findings import Finding, Place, Severity

MOST_REMEMBERED = 5000  # findings


class ReviewJob(TypedDict):
    """What the review process reads; paths are absolute, `changes` hold the fields of `Change`.

    The keys from `before` on are those of a submission; a job without them reviews the base alone.
    """

    tree: str
    work: str
    answer: str
    patience: float
    touched: list[str]
    before: NotRequired[str]
    changes: NotRequired[list[dict[str, Any]]]
    files: NotRequired[list[str]]
    authors: NotRequired[list[tuple[str, str]]]
    signed: NotRequired[list[tuple[str, str, str, list[str]]]]
    met: NotRequired[list[tuple[str, str]]]
    unsigned: NotRequired[list[str]]
    taken: NotRequired[list[str]]


def row(finding: Finding) -> list[str | int]:
    """Return a finding as a list: code, message, path, line, severity, hint, cell."""
    place = finding.place
    return [finding.code, finding.message, place.path, place.line, finding.severity.value, finding.hint, place.cell]


def finding(fields: Sequence[str | int]) -> Finding:
    """Return the finding that a row holds. Raises ValueError for a malformed row."""
    code, message, path, line, severity, hint, cell = fields
    return _finding(str(code), str(message), str(path), int(line), str(severity), str(hint), str(cell))


@lru_cache(maxsize=MOST_REMEMBERED)
def _finding(code: str, message: str, path: str, line: int, severity: str, hint: str, cell: str) -> Finding:
    return Finding(code, message, Place(path, line, cell), Severity(severity), hint)
