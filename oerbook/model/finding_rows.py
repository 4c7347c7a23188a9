"""Findings as plain rows, for files that one process writes and another reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from oerbook.model.findings import Finding, Place, Severity

MOST_REMEMBERED = 5000  # findings


def row(finding: Finding) -> list[Any]:
    """Return a finding as code, message, path, line, severity, hint and cell."""
    place = finding.place
    return [finding.code, finding.message, place.path, place.line, finding.severity.value, finding.hint, place.cell]


def finding(told: Sequence[Any]) -> Finding:
    """Return the finding that a row tells of. Raises ValueError when it tells of none."""
    code, message, path, line, severity, hint, cell = told
    return _finding(str(code), str(message), str(path), int(line), str(severity), str(hint), str(cell))


@lru_cache(maxsize=MOST_REMEMBERED)
def _finding(code: str, message: str, path: str, line: int, severity: str, hint: str, cell: str) -> Finding:
    return Finding(code, message, Place(path, line, cell), Severity(severity), hint)
