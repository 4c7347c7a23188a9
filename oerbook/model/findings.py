"""Findings: problems in a book, each with a code, a place and a hint."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NotRequired, TypedDict

Pairs = tuple[tuple[str, str], ...]  # a frozen str -> str mapping in the author's order


MAX_CACHED_FINDINGS = 5000


class Severity(StrEnum):
    """How serious a finding is; errors set exit code 1, with --strict warnings do too."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position: `path` relative to the book's root, 1-based `line` (0: whole file), `cell` of a notebook in words."""

    path: str
    line: int = 0
    cell: str = ""

    def __str__(self) -> str:
        return (f"{self.path}:{self.line}" if self.line else self.path) + (f" ({self.cell})" if self.cell else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in the book: a stable code, a message, its place, and a hint on what to do.

    `related_path` is the other page or text that the finding is about, or "".
    """

    code: str
    message: str
    place: Place
    severity: Severity = Severity.WARNING
    hint: str = ""
    related_path: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Sort key: by place, then code, then message."""
        return (self.place.path, self.place.line, self.code, self.message)


class FindingRow(TypedDict):
    """A finding as plain data, for JSON; `cell` and `related_path` are there when they are not empty."""

    code: str
    severity: str
    path: str
    line: int
    message: str
    hint: str
    cell: NotRequired[str]
    related_path: NotRequired[str]


def to_row(finding: Finding) -> FindingRow:
    """Return a finding as plain data."""
    row: FindingRow = {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.place.path,
        "line": finding.place.line,
        "message": finding.message,
        "hint": finding.hint,
    }
    if finding.place.cell:
        row["cell"] = finding.place.cell
    if finding.related_path:
        row["related_path"] = finding.related_path
    return row


def from_row(row: FindingRow) -> Finding:
    """Return the finding that a row holds. Raises ValueError for a malformed row."""
    try:
        return _finding(tuple(row.items()))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a finding: {row}") from error


@lru_cache(maxsize=MAX_CACHED_FINDINGS)
def _finding(items: tuple[tuple[str, str | int], ...]) -> Finding:
    """Return the finding of a row's items; equal rows give the same object, so that comparing many is fast."""
    row = dict(items)
    place = Place(str(row["path"]), int(row["line"]), str(row.get("cell", "")))
    texts = (str(row.get(name, "")) for name in ("hint", "related_path"))
    return Finding(str(row["code"]), str(row["message"]), place, Severity(str(row["severity"])), *texts)
