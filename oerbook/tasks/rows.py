"""Findings as plain rows, for files that one process writes and another reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oerbook.model import Finding, Place, Severity


def row(finding: Finding) -> list[Any]:
    """Return a finding as code, message, path, line, severity, hint and cell."""
    place = finding.place
    return [finding.code, finding.message, place.path, place.line, finding.severity.value, finding.hint, place.cell]


def finding(told: Sequence[Any]) -> Finding:
    """Return the finding that a row tells of. Raises ValueError when it tells of none."""
    code, message, path, line, severity, hint, cell = told
    place = Place(str(path), int(line), str(cell))
    return Finding(str(code), str(message), place, Severity(severity), str(hint))
