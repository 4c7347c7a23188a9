"""Findings and review jobs as plain data, for JSON files passed between processes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NotRequired, TypedDict

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Json

MAX_CACHED_FINDINGS = 5000  # findings


class ReviewJob(TypedDict):
    """The input of the review process, with absolute paths.

    `changes` hold the fields of `Change`. The keys from `before` on are those of a submission; a job without them
    reviews the base alone.
    """

    tree: str
    cache_folder: str
    answer: str
    page_timeout_s: float
    touched_files: list[str]
    before: NotRequired[str]
    changes: NotRequired[list[dict[str, Json]]]
    files: NotRequired[list[str]]
    authors: NotRequired[list[tuple[str, str]]]
    signatures: NotRequired[list[tuple[str, str, str, list[str]]]]
    known_names: NotRequired[list[tuple[str, str]]]
    unsigned_commits: NotRequired[list[str]]
    reserved_names: NotRequired[list[str]]


def to_row(finding: Finding) -> list[str | int]:
    """Return a finding as a list: code, message, path, line, severity, hint, cell."""
    place = finding.place
    return [finding.code, finding.message, place.path, place.line, finding.severity.value, finding.hint, place.cell]


def from_row(fields: Sequence[str | int]) -> Finding:
    """Return the finding that a row holds. Raises ValueError for a malformed row."""
    return _finding(tuple(fields))


@lru_cache(maxsize=MAX_CACHED_FINDINGS)
def _finding(fields: tuple[str | int, ...]) -> Finding:
    """Return the same object for equal rows, so that comparing many findings is fast."""
    code, message, path, line, severity, hint, cell = fields
    place = Place(str(path), int(line), str(cell))
    return Finding(str(code), str(message), place, Severity(str(severity)), str(hint))
