"""Findings as JSON: an object with two lists, `findings` and `before`."""

from __future__ import annotations

import json

from oerbook.model.findings import Finding, to_row


def render(findings: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return findings as JSON."""
    return json.dumps(
        {"findings": [to_row(f) for f in findings], "before": [to_row(f) for f in before or ()]}, indent=2
    )
