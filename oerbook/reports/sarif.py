"""Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), which code hosts and editors read."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import Any
from urllib.parse import quote

from oerbook import __version__
from oerbook.model.findings import Finding, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
MOST = 5000  # of one run GitHub keeps so many


def render(found: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return a SARIF log; a finding that was there before a submission is marked as unchanged."""
    rows = [*((f, "new") for f in found), *((f, "unchanged") for f in before or ())][:MOST]
    codes = sorted({f.code for f, _state in rows})
    rules = [{"id": c, "name": c, "shortDescription": {"text": c.replace("-", " ")}} for c in codes]
    driver = {"name": "oerbook", "version": __version__, "rules": rules}
    met: Counter[str] = Counter()
    results = []
    for finding, state in rows:
        mark = _fingerprint(finding)
        met[mark] += 1
        results.append(_result(finding, codes.index(finding.code), state if before else "", f"{mark}:{met[mark]}"))
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(finding: Finding, rule: int, state: str, fingerprint: str) -> dict[str, Any]:
    spot: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.place.path, errors="surrogateescape")}}
    if finding.place.line:
        spot["region"] = {"startLine": finding.place.line}
    where = f" ({finding.place.cell})" if finding.place.cell else ""
    words = finding.message + where + (f". {finding.hint}" if finding.hint else "")
    row: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": _unlinked(words)},
        "locations": [{"physicalLocation": spot}],
        "partialFingerprints": {"oerbook/v1": fingerprint},
    }
    return {**row, "baselineState": state} if state else row


def _unlinked(text: str) -> str:
    """Return a message in which nothing is a link: SARIF (3.11.6) takes `[words](address)` for one.

    >>> _unlinked("[x](http://a)")
    '\\\\[x\\\\](http://a)'
    """
    return re.sub(r"([\\\[\]])", r"\\\1", text) if "](" in text else text


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same when lines move: rule, file and sentence without its numbers."""
    text = f"{finding.code}\0{finding.place.path}\0{re.sub(r'[0-9]+', '#', finding.message)}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
