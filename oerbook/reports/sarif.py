"""Findings as SARIF 2.1.0, for code hosts and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from urllib.parse import quote

from oerbook import __version__
from oerbook.model.findings import Finding, Severity

JsonObject = dict[str, object]
SCHEMA_URL = "https://json.schemastore.org/sarif-2.1.0.json"
LEVEL_BY_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
MAX_RESULTS = 5000  # GitHub keeps this many results of a run


def render(findings: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
    """Return a SARIF log; findings in `before` have the baseline state "unchanged"."""
    states = [*((f, "new") for f in findings), *((f, "unchanged") for f in before or ())][:MAX_RESULTS]
    codes = sorted({f.code for f, _state in states})
    rules = [{"id": c, "name": c, "shortDescription": {"text": c.replace("-", " ")}} for c in codes]
    driver = {"name": "oerbook", "version": __version__, "rules": rules}
    counts: Counter[str] = Counter()
    results = []
    for finding, state in states:
        digest = _fingerprint(finding)
        counts[digest] += 1
        fingerprint = f"{digest}:{counts[digest]}"
        results.append(_result(finding, codes.index(finding.code), state if before is not None else "", fingerprint))
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA_URL, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(finding: Finding, rule: int, state: str, fingerprint: str) -> JsonObject:
    location: JsonObject = {"artifactLocation": {"uri": quote(finding.place.path, errors="surrogateescape")}}
    if finding.place.line:
        location["region"] = {"startLine": finding.place.line}
    cell = f" ({finding.place.cell})" if finding.place.cell else ""
    message = finding.message + cell + (f". {finding.hint}" if finding.hint else "")
    result: JsonObject = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVEL_BY_SEVERITY[finding.severity],
        "message": {"text": _escape_links(message)},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"oerbook/v1": fingerprint},
    }
    return {**result, "baselineState": state} if state else result


def _escape_links(text: str) -> str:
    """Escape a message that contains a link, `[text](url)` in SARIF (3.11.6).

    >>> _escape_links("[x](http://a)")
    '\\\\[x\\\\](http://a)'
    """
    return re.sub(r"([\\\[\]])", r"\\\1", text) if "](" in text else text


def _fingerprint(finding: Finding) -> str:
    """Return a digest that is stable when lines move: of the code, file and message without numbers."""
    text = f"{finding.code}\0{finding.place.path}\0{re.sub(r'[0-9]+', '#', finding.message)}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
