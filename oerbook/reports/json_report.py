"""Findings as JSON: an object with two lists, `findings` and `before`."""

from __future__ import annotations

import json

from oerbook.model.findings import Finding


def render(findings: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return findings as JSON."""
    return json.dumps(
        {"findings": [to_row(f) for f in findings], "before": [to_row(f) for f in before or ()]}, indent=2
    )


def to_row(finding: Finding) -> dict[str, str | int]:
    """Return a finding as an object: code, severity, path, line, message, hint and, in a notebook, cell."""
    values: dict[str, str | int] = {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.place.path,
        "line": finding.place.line,
        "message": finding.message,
        "hint": finding.hint,
    }
    return {**values, "cell": finding.place.cell} if finding.place.cell else values
