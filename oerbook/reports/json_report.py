"""Findings as JSON: two lists, `findings` and `before`, of objects with code, severity, path, line, message, hint and, in a notebook, cell."""

from __future__ import annotations

import json
from typing import Any

from oerbook.model.findings import Finding


def render(found: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return findings as JSON."""
    return json.dumps({"findings": [row(f) for f in found], "before": [row(f) for f in before or ()]}, indent=2)


def row(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON has it."""
    told = {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.place.path,
        "line": finding.place.line,
        "message": finding.message,
        "hint": finding.hint,
    }
    return {**told, "cell": finding.place.cell} if finding.place.cell else told
